import { assertEquals, assertRejects } from "@std/assert";
import { arraysFromParams } from "../../src/core/mod.ts";
import { writeSafetensors } from "../../src/io/mod.ts";
import {
  coldStart,
  type Generator,
  runGenerators,
} from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { tinyFaces, tinyGenerator } from "../support/tiny_prior.ts";

const weights = async ({ params }: Generator) => {
  const arrays = await arraysFromParams({
    ...params.autoencoder,
    ...params.dit,
  });
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { data }]) => [name, [...data]]),
  );
};

testOnBackends(
  "runGenerators() gives what the cold start gave, and what was reinforced from it",
  async () => {
    await using folder = await tempFolder();
    const { path } = folder;
    const prior = tinyGenerator(["x", "y", "z"]);
    const target = tinyFaces(2, 3, { names: ["ada", "bob"] });
    for (
      const [checkpoints, tuned] of [
        [
          `${path}/run/checkpoints`,
          `${path}/run/checkpoints/reinforce.safetensors`,
        ],
        [
          `${path}/study/seed-3/cold-start`,
          `${path}/study/seed-3/direct-gradient.safetensors`,
        ],
      ]
    ) {
      await Deno.mkdir(checkpoints, { recursive: true });
      const adapted = await coldStart(prior, target, {
        steps: 3,
        rate: 1e-2,
        trainable: "all",
        decoderSteps: 2,
        batchSize: 4,
        checkpoints,
      });
      const table = "y_embedder.embedding_table.weight";
      const shape = adapted.params.dit[table].shape;
      const ones = new Float32Array(shape[0] * shape[1]!).fill(1);
      await writeSafetensors(tuned, {
        [`weights/${table}`]: { shape, data: ones },
        [`optimizer/m/${table}`]: { shape, data: ones },
      });
      const wanted = await weights(adapted);
      adapted.dispose();
      const found: [string, number | undefined][] = [];
      const run = checkpoints.includes("seed")
        ? `${path}/study`
        : `${path}/run`;
      const options = { prior, identities: target.identities };
      for await (
        const { name, seed, generator } of runGenerators(run, options)
      ) {
        found.push([name, seed]);
        assertEquals(generator.config.identities, ["ada", "bob"]);
        const own = name === "cold start"
          ? wanted
          : { ...wanted, [table]: [...ones] };
        assertEquals(await weights(generator), own);
        generator.dispose();
      }
      assertEquals(
        found,
        run.endsWith("study")
          ? [["cold start", 3], ["direct gradient", 3]]
          : [["cold start", undefined], ["reinforced", undefined]],
      );
    }
    const refuses = (run: string, identities: string[], part: string) =>
      assertRejects(
        () => runGenerators(run, { prior, identities }).next(),
        RangeError,
        part,
      );
    await refuses(
      `${path}/none`,
      ["ada", "bob"],
      "must hold the checkpoints of a cold start",
    );
    await refuses(`${path}/run`, ["ada"], "must be of shape [2,");
    prior.dispose();
  },
);

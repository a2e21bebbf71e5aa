import { assert, assertEquals } from "@std/assert";
import { digestParams } from "../../src/core/mod.ts";
import {
  digestImages,
  readImageFolder,
  splitIdentities,
  splitImages,
} from "../../src/data/mod.ts";
import { useBackend } from "../../src/engine/mod.ts";
import { coldStart, saveGenerator } from "../../src/stages/mod.ts";
import { runCommand } from "../support/command_line.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { TINY_SIZE, tinyGenerator } from "../support/tiny_prior.ts";
import { writePeople } from "./target_folder.ts";

Deno.test("outis membership refuses what is no run of reproduce or study-reinforce in one sentence", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  const manifest = (content: unknown) =>
    Deno.writeTextFile(`${path}/run/manifest.json`, JSON.stringify(content));
  const refuses = async (args: string[], part: string) => {
    const { code, errors } = await runCommand(["membership", ...args], path);
    assertEquals([code, errors.length], [2, 1], errors.join("\n"));
    assert(errors[0].includes(part), errors[0]);
  };
  await refuses([], "'--run' must be given");
  await refuses(["--run", "run"], "a run directory with a manifest.json");
  await Deno.mkdir(`${path}/run`);
  await refuses(["--run", "run"], "a run directory with a manifest.json");
  await Deno.writeTextFile(`${path}/run/manifest.json`, "{");
  await refuses(["--run", "run"], "manifest.json can be parsed");
  await manifest({ format: "outis-run", schema: 2 });
  await refuses(
    ["--run", "run"],
    "of format outis-run 1: current value is outis-run 2",
  );
  const head = { format: "outis-run", schema: 1 };
  await manifest({ ...head, configuration: { seed: 1 } });
  await refuses(["--run", "run"], "a run of reproduce or study-reinforce");
  const settings = { data: { trainCount: 1 } };
  const fingerprints = { images: "0", prior: "0" };
  await manifest({ ...head, configuration: { settings, fingerprints } });
  await refuses(["--run", "run"], "'--data' must be given");
});

Deno.test("outis membership attacks a run's generators and a control, and refuses other images than the run's", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  await useBackend("wasm");
  const prior = tinyGenerator();
  await saveGenerator(`${path}/prior`, prior);
  // Three people with four photographs each: one person is for tests, two photographs of each other are trained on.
  await writePeople(`${path}/faces`, 3, 4);
  const images = await readImageFolder(`${path}/faces`, { size: TINY_SIZE });
  const data = { testFraction: 1 / 3, trainCount: 2 };
  const { train } = splitImages(splitIdentities(images, data).train, data);
  const checkpoints = `${path}/run/checkpoints`;
  await Deno.mkdir(checkpoints, { recursive: true });
  (await coldStart(prior, train, { steps: 1, batchSize: 4, checkpoints }))
    .dispose();
  const fingerprints = {
    images: digestImages(images),
    prior: await digestParams({
      ...prior.params.autoencoder,
      ...prior.params.dit,
    }),
  };
  prior.dispose();
  const settings = {
    seed: 0,
    data,
    sampling: { samplingSteps: 2, guidance: 1 },
  };
  const manifest = (seen: typeof fingerprints) =>
    Deno.writeTextFile(
      `${path}/run/manifest.json`,
      JSON.stringify({
        format: "outis-run",
        schema: 1,
        configuration: { settings, fingerprints: seen },
      }),
    );
  await manifest(fingerprints);
  const args = [
    "membership",
    "--run",
    "run",
    "--data",
    "faces",
    "--prior",
    "prior",
  ]
    .concat("--backend", "wasm", "--times", "2", "--noises", "1");
  const { code, output, errors } = await runCommand(args, path);
  assertEquals([code, output], [0, ["run/membership.md"]], errors.join("\n"));
  const page = await Deno.readTextFile(`${path}/run/membership.md`);
  assert(
    page.includes(
      "Made by `deno task outis membership --run DIR --data DIR --prior DIR",
    ),
  );
  assert(page.includes("| control: prior, not yet adapted |"));
  assert(page.includes("4 members, 4 others."));
  const { generators } = JSON.parse(
    await Deno.readTextFile(`${path}/run/membership.json`),
  );
  assertEquals(generators.map(({ name }: { name: string }) => name), [
    "control: prior, not yet adapted",
    "cold start",
  ]);
  await manifest({ ...fingerprints, images: "0".repeat(64) });
  const other = await runCommand(args, path);
  assertEquals(other.code, 2);
  assert(
    other.errors.at(-1)!.includes(
      "'--data' must be what the run was started with",
    ),
    other.errors.join("\n"),
  );
});

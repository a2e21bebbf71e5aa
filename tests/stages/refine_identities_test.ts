import { assert, assertEquals, assertRejects } from "@std/assert";
import { openRunDirectory } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import {
  conditionLatents,
  loadGenerator,
  openRunImages,
  refineIdentities,
  type RefineIdentitiesInput,
  sampleIdentities,
  type SavedIdentity,
} from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";
import { tinyEmbedder, tinyGenerator } from "../support/tiny_prior.ts";

testOnBackends(
  "refineIdentities() leaves a generator and pictures, none near to real people, and the same after an interruption",
  async () => {
    await using folder = await tempFolder();
    const prior = tinyGenerator();
    const embedder = await tinyEmbedder();
    const identities: SavedIdentity[] = [];
    {
      using model = conditionLatents(prior, {
        samplingSteps: 2,
        noise: "latent",
      });
      const sampled = sampleIdentities(model, embedder, {
        count: 2,
        steps: 1,
        variations: { count: 2, steps: 1 },
      });
      for await (const one of sampled) identities.push(one);
    }
    const refine = async (
      name: string,
      options: Partial<RefineIdentitiesInput> = {},
    ) => {
      const path = `${folder.path}/${name}`;
      using run = await openRunDirectory(path, {
        manifest: { configuration: {} },
        resume: await Deno.stat(path).then(() => true, () => false),
        now: () => 0,
      });
      return await refineIdentities({
        prior,
        identities,
        embedder,
        run,
        generator: "a tiny one",
        steps: 2,
        samples: 3,
        imagesPerIdentity: 4,
        samplingSteps: 2,
        ...options,
      });
    };
    const told: string[] = [];
    const free = await refine("free", {
      onStep: (part, done, total, { semantic }) => {
        told.push(`${part} ${done}/${total}`);
        if (part === "refinement") assert(semantic > 0 && semantic <= 1);
      },
    });
    assertEquals(free, { pictures: 8, leftOut: 0 });
    assertEquals(told.slice(0, 2), ["refinement 1/2", "refinement 2/2"]);
    const images = await openRunImages(`${folder.path}/free/refined`);
    assertEquals(images.identities, ["identity-00000", "identity-00001"]);
    const tuned = await loadGenerator(`${folder.path}/free/refined/generator`);
    assertEquals(tuned.config.identities, images.identities);
    tuned.dispose();

    const controller = new AbortController();
    await assertRejects(
      () =>
        refine("parted", {
          signal: controller.signal,
          onStep: () => controller.abort(new Error("enough")),
        }),
      Error,
      "enough",
    );
    assertEquals(await refine("parted"), free);
    const pictures = (name: string) =>
      filesBelow(`${folder.path}/${name}/refined/synthetic`)
        .filter((path) => path.endsWith(".png"))
        .map((path) =>
          Deno.readFileSync(`${folder.path}/${name}/refined/synthetic/${path}`)
        );
    assertEquals(pictures("parted"), pictures("free"));

    // All pictures of an untrained network lie within half a turn of one of them.
    using real = owned(
      tf.tensor2d(identities[0].embeddings.slice(0, embedder.width), [
        1,
        embedder.width,
      ]),
    );
    const { pictures: kept, leftOut } = await refine("away", {
      avoid: { embeddings: real.value, distance: 3.1 },
    });
    assertEquals([kept, leftOut], [0, 8]);
    embedder[Symbol.dispose]();
    prior.dispose();
  },
);

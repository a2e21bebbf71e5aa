import { assert, assertEquals, assertRejects } from "@std/assert";
import { openRunDirectory } from "../../src/core/mod.ts";
import {
  coldStart,
  generate,
  identityGenerator,
  loadGenerator,
} from "../../src/stages/mod.ts";
import { savePrivateSet } from "../../src/stages/save_private_set.ts";
import { testOnBackends } from "../support/backends.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";
import { tinyFaces, tinyGenerator } from "../support/tiny_prior.ts";

testOnBackends(
  "a private set is saved with its promise, any other is refused",
  async () => {
    await using folder = await tempFolder();
    using run = await openRunDirectory(`${folder.path}/run`, {
      manifest: { configuration: {} },
      now: () => 0,
    });
    const prior = tinyGenerator();
    const adapted = await coldStart(prior, tinyFaces(2, 3), {
      steps: 1,
      batchSize: 2,
      privacy: { noiseMultiplier: 1, delta: 1e-3 },
    });
    const images = await generate(adapted, {
      imagesPerIdentity: 1,
      samplingSteps: 1,
    });
    const set = { images, seed: 0 };
    await assertRejects(
      () => savePrivateSet(run, prior, set),
      RangeError,
      "'generator' must have been trained privately",
    );
    assertEquals(filesBelow(run.path).filter((f) => f.includes("private")), []);
    await savePrivateSet(run, adapted, set);
    const loaded = await loadGenerator(run.file("private", "generator"));
    assertEquals(loaded.config.privacy, adapted.config.privacy);
    const files = filesBelow(run.file("private", "images"));
    assertEquals(files.filter((file) => file.endsWith(".png")).length, 2);

    // New people are steered by real ones' features: the promise is not theirs.
    const nobody = identityGenerator(adapted, {
      latents: new Float32Array(2 * 32),
      names: ["nobody-0", "nobody-1"],
    });
    assert(!("privacy" in nobody.config));
    for (const one of [nobody, loaded, adapted, prior]) one.dispose();
  },
  { backends: ["tensorflow"] },
);

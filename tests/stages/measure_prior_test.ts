import { assert, assertEquals } from "@std/assert";
import { subsetImages } from "../../src/data/mod.ts";
import { identification } from "../../src/metrics/mod.ts";
import { embedTestImages } from "../../src/stages/embed_test_images.ts";
import { measurePrior, renderPeople } from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import {
  TINY_SIZE,
  tinyEmbedder,
  tinyGenerator,
} from "../support/tiny_prior.ts";

testOnBackends(
  "measurePrior() compares pictures of each class with pictures of its person that nothing was trained on",
  async () => {
    const prior = tinyGenerator();
    using embedder = await tinyEmbedder();
    const options = {
      embedder,
      identities: 3,
      trainedImages: 2,
      samplingSteps: 2,
    };
    const found = await measurePrior(prior, "faces", options);
    assert(found.reconstruction > 0 && found.reconstruction < 2);
    for (
      const { verification, identification } of [
        found.rendered,
        found.generated,
      ]
    ) {
      assert(verification >= 0 && verification <= 1);
      assert(identification >= 0 && identification <= 1);
    }
    // The rendered ones again, by hand: pictures 2 and 3 of each person against 4 and 5.
    const all = await renderPeople({
      identities: 3,
      imagesPerIdentity: 6,
      size: TINY_SIZE,
      seed: 0,
    });
    const part = async (of: number[]) => {
      const set = subsetImages(
        all,
        [...all.labels.keys()].filter((i) => of.includes(i % 6)),
      );
      return { ...await embedTestImages(embedder, set), labels: set.labels };
    };
    const { accuracy } = identification(await part([2, 3]), await part([4, 5]));
    assertEquals(found.rendered.identification, accuracy);
    assertEquals(await measurePrior(prior, "faces", options), found);
    prior.dispose();
  },
  { backends: ["wasm"] },
);

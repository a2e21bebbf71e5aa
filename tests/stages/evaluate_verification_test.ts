import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type Embedder,
  plainPreprocessing,
  randomStream,
} from "../../src/core/mod.ts";
import type { Dataset, ImageSet } from "../../src/data/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { encodePng } from "../../src/io/mod.ts";
import { evaluateVerification } from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";

/** Features: mean colour. */
const colours: Embedder = {
  embed: (images) => tf.mean(images, [1, 2]) as tf.Tensor2D,
  width: 3,
  preprocessing: plainPreprocessing(4, 4),
  fingerprint: "mean colour",
};

/** Four people of five images; of a colour each, or of any. */
function people(ofOneColour: boolean): ImageSet {
  const labels = Int32Array.from({ length: 20 }, (_, i) => i % 4);
  const images = new Float32Array(20 * 16 * 3);
  labels.forEach((label, i) => {
    const random = randomStream(1, ofOneColour ? label : 100 + i);
    const colour = random.normals(3);
    for (let at = 0; at < 48; at++) images[48 * i + at] = colour[at % 3];
  });
  return {
    images,
    height: 4,
    width: 4,
    count: 20,
    labels,
    identities: ["a", "b", "c", "d"],
    paths: Array.from(labels, (_, i) => `${i}`),
    problems: [],
  };
}

/** The same images as files, with pairs: each image with its successor of the same person, and with the next person's. */
function listOf(set: ImageSet, more: Partial<Dataset> = {}): Dataset {
  const records = Array.from({ length: set.count }, (_, i) => ({
    path: `${set.paths[i]}.png`,
    identity: set.identities[set.labels[i]],
    bytes: () =>
      encodePng({
        pixels: set.images.slice(48 * i, 48 * (i + 1)),
        height: 4,
        width: 4,
      }),
  }));
  const pairs = records.slice(0, -4).flatMap((_, i) => [
    { first: i, second: i + 4, same: true },
    { first: i, second: i + 1, same: false },
  ]);
  return {
    layout: "pairs",
    protocol: "As listed.",
    records,
    pairs,
    problems: [],
    ...more,
  };
}

testOnBackends(
  "evaluateVerification() tells an embedder that knows people from one that does not",
  async () => {
    const known = await evaluateVerification(colours, people(true));
    assertEquals(known.accuracy, { mean: 1, std: 0 });
    assertEquals(known.areaUnderCurve, 1);
    // 4 · 10 same pairs, and as many different ones.
    assertEquals(known.protocol.counts, {
      different: 40,
      images: 20,
      pairs: 80,
      same: 40,
    });
    assertEquals(known.protocol.parameters.folds, "10 contiguous");
    assert(known.rule.includes("chosen by seed"));
    assert(known.absent.overlap.includes("were not given"));
    const unknown = await evaluateVerification(colours, people(false));
    assert(unknown.areaUnderCurve < 0.7, `${unknown.areaUnderCurve}`);
  },
);

testOnBackends(
  "evaluateVerification() chooses the same pairs on the same seed",
  async () => {
    const set = people(false);
    const areas = await Promise.all([3, 3, 4].map(async (seed) => {
      const result = await evaluateVerification(colours, set, { seed });
      return result.areaUnderCurve;
    }));
    assertEquals(areas[0], areas[1]);
    assert(areas[0] !== areas[2]);
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "evaluateVerification() verifies a list, whether read in parts or looked through for overlap first",
  async () => {
    const list = listOf(people(true));
    let last = "";
    const inParts = await evaluateVerification(colours, list, {
      onProgress: (done, total) => last = `${done}/${total}`,
    });
    assertEquals(inParts.accuracy.mean, 1);
    assertEquals(last, "20/20");
    assertEquals(inParts.rule, "As listed.");
    assertEquals(inParts.protocol.counts.pairs, 32);
    const trainedOn = { "the real images": people(true) };
    const inOne = await evaluateVerification(colours, list, { trainedOn });
    assertEquals(inOne.folds, inParts.folds);
    assertEquals(inOne.protocol, inParts.protocol);
    assertEquals(inOne.absent.overlap, undefined);
    // Every picture of one colour looks like no other: nothing but the same bytes counts as a duplicate.
    assertEquals(inOne.overlap?.map(({ name, affected }) => [name, affected]), [
      ["the real images", 20],
    ]);
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "evaluateVerification() takes the folds of a list where it gives them",
  async () => {
    const list = listOf(people(false));
    const pairs = list.pairs!.map((pair, k) => ({ ...pair, fold: k % 4 }));
    const { folds, protocol } = await evaluateVerification(colours, {
      ...list,
      pairs,
    });
    assertEquals(folds.length, 4);
    assertEquals(protocol.parameters.folds, "4 as listed");
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "evaluateVerification() refuses lists without pairs, with several sets, and features that are not finite",
  async () => {
    const list = listOf(people(true));
    await assertRejects(
      () => evaluateVerification(colours, { ...list, pairs: undefined }),
      RangeError,
      "Cannot verify as 'test' must have pairs",
    );
    const pairs = list.pairs!.map((pair, k) => ({
      ...pair,
      group: k < 9 ? "lfw" : "calfw",
    }));
    await assertRejects(
      () => evaluateVerification(colours, { ...list, pairs }),
      RangeError,
      "current value is lfw, calfw",
    );
    const broken = {
      ...colours,
      embed: (images: tf.Tensor4D) =>
        tf.tidy(() => tf.div(colours.embed(images), 0) as tf.Tensor2D),
    };
    await assertRejects(
      () => evaluateVerification(broken, people(true)),
      RangeError,
      "'data[0]' must be a finite number",
    );
  },
  { backends: ["wasm"] },
);

import { assert, assertEquals } from "@std/assert";
import {
  type Embedder,
  plainPreprocessing,
  randomStream,
} from "../../src/core/mod.ts";
import type { ImageSet } from "../../src/data/mod.ts";
import { tf } from "../../src/engine/mod.ts";
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

testOnBackends(
  "evaluateVerification() tells an embedder that knows people from one that does not",
  () => {
    const known = evaluateVerification(colours, people(true));
    assertEquals(known.accuracy, 1);
    assertEquals(known.areaUnderCurve, 1);
    // 4 · 10 same pairs, and as many different ones.
    assertEquals(known.counts, { pairs: 80, same: 40, different: 40 });
    assert(known.protocol.includes("10 contiguous folds"));
    assert(known.rule.includes("chosen by seed"));
    const unknown = evaluateVerification(colours, people(false));
    assert(unknown.areaUnderCurve < 0.7, `${unknown.areaUnderCurve}`);
  },
);

testOnBackends(
  "evaluateVerification() chooses the same pairs on the same seed",
  () => {
    const set = people(false);
    const areas = [3, 3, 4].map((seed) =>
      evaluateVerification(colours, set, { seed }).areaUnderCurve
    );
    assertEquals(areas[0], areas[1]);
    assert(areas[0] !== areas[2]);
  },
  { backends: ["wasm"] },
);

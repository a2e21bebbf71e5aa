import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
} from "@std/assert";
import {
  type Embedder,
  plainPreprocessing,
  randomStream,
} from "../../src/core/mod.ts";
import { type ImageSet, subsetImages } from "../../src/data/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { evaluateGeneration } from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";

/** Features: mean colour. */
const embedder: Embedder = {
  embed: (images) => tf.mean(images, [1, 2]) as tf.Tensor2D,
  width: 3,
  preprocessing: plainPreprocessing(4, 4),
  fingerprint: "mean colour",
};

/** Ten people of six images; colours of a person differ by `spread`. */
function people(seed: number, spread = 0.2): ImageSet {
  const labels = Int32Array.from({ length: 60 }, (_, i) => i % 10);
  const images = new Float32Array(60 * 48);
  labels.forEach((label, i) => {
    const person = randomStream(9, "person", label).normals(3);
    const noise = randomStream(seed, "image", i).normals(3);
    for (let at = 0; at < 48; at++) {
      images[48 * i + at] = person[at % 3] + spread * noise[at % 3];
    }
  });
  return {
    images,
    height: 4,
    width: 4,
    count: 60,
    labels,
    identities: Array.from({ length: 10 }, (_, i) => `person ${i}`),
    paths: Array.from(labels, (_, i) => `${i}`),
    problems: [],
  };
}

testOnBackends(
  "evaluateGeneration() tells good images from bad ones",
  async () => {
    const real = people(1);
    const seen: string[] = [];
    const good = await evaluateGeneration({
      real,
      synthetic: people(2),
      embedder,
      onProgress: (done, total) => seen.push(`${done}/${total}`),
    });
    const bad = await evaluateGeneration({
      real,
      synthetic: people(3, 2),
      embedder,
    });
    assert(good.frechet.distance < bad.frechet.distance);
    assert(good.kernel.distance < bad.kernel.distance);
    assert(good.prdc!.density > bad.prdc!.density);
    assert(
      good.angles.synthetic.intra!.mean < bad.angles.synthetic.intra!.mean,
    );
    assert(
      good.consistency.synthetic!.cosine > bad.consistency.synthetic!.cosine,
    );
    assertEquals(good.angles.real, bad.angles.real);
    assertEquals(good.halves, bad.halves);
    assert(good.halves!.frechet > 0);
    assertEquals([seen.length, seen.at(-1)], [7, "7/7"]);
    assertEquals(Object.keys(good.absent), ["overlap"]);
    assertEquals(good.protocol.counts, {
      real: 60,
      realIdentities: 10,
      synthetic: 60,
      syntheticIdentities: 10,
      width: 3,
    });
  },
);

testOnBackends(
  "evaluateGeneration() compares directions, or features as they are",
  async () => {
    const real = people(1);
    const dark = { ...real, images: real.images.map((v) => v / 2) };
    const input = { real, synthetic: dark, embedder };
    const unit = await evaluateGeneration(input);
    assertAlmostEquals(unit.frechet.distance, 0, 1e-9);
    const plain = await evaluateGeneration({ ...input, normalize: false });
    assert(plain.frechet.distance > 0.1);
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "evaluateGeneration() leaves out what few images do not allow, and looks for images trained on",
  async () => {
    const real = people(1);
    // One image of each of the first three people.
    const few = subsetImages(real, [0, 1, 2]);
    const result = await evaluateGeneration({
      real: few,
      synthetic: few,
      embedder,
      trainedOn: { "the training images": real },
    });
    assertEquals(result.overlap?.[0].affected, 3);
    assertEquals(Object.keys(result.absent).sort(), [
      "consistency.real",
      "consistency.synthetic",
      "halves",
      "prdc",
    ]);
    assert(result.frechet.caution!.includes("3 images"));
    assertEquals("intra" in result.angles.real.absent, true);
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "evaluateGeneration() refuses one image, other sizes, and stops when told",
  async () => {
    const real = people(1);
    const synthetic = subsetImages(real, [0]);
    await assertRejects(
      () => evaluateGeneration({ real, synthetic, embedder }),
      RangeError,
      "'number of vectors in synthetic' must be a finite number at least 2: current value is 1",
    );
    const signal = AbortSignal.abort(new Error("enough"));
    await assertRejects(
      () => evaluateGeneration({ real, synthetic: real, embedder, signal }),
      Error,
      "enough",
    );
  },
  { backends: ["wasm"] },
);

import { assert, assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import type { ImageSet } from "../../src/data/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import {
  type RecognizerBatches,
  recognizerBatches,
} from "../../src/stages/recognizer_batches.ts";
import type { TrainRecognizerOptions } from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";

/** Images of 4 x 4 pixels, each of one value of its own, so that a batch tells which they are. */
function flatImages(labels: number[], first: number): ImageSet {
  const images = new Float32Array(labels.length * 48);
  labels.forEach((_, i) => images.fill(first + i, i * 48, (i + 1) * 48));
  return {
    images,
    height: 4,
    width: 4,
    count: labels.length,
    labels: Int32Array.from(labels),
    identities: ["ada", "bob", "cyd"],
    paths: labels.map(String),
    problems: [],
  };
}

const real = flatImages([0, 0, 0, 1, 1, 2, 2, 2], 0);
const synthetic = flatImages([0, 1, 1, 2, 2, 2], 100);

function batches(
  options: Partial<TrainRecognizerOptions>,
  withSynthetic = true,
): RecognizerBatches {
  return recognizerBatches(
    {
      real,
      random: randomStream(1),
      ...(withSynthetic && { synthetic }),
    },
    { steps: 10, batchSize: 6, ...options },
  );
}

/** Which images and labels a batch has; it is freed. */
function contentOf(
  batch: ReturnType<RecognizerBatches["synthetic"]>,
): { images: number[]; labels: number[] } {
  const images = [
    ...tf.tidy(() => tf.mean(batch!.images, [1, 2, 3]).dataSync()),
  ];
  const labels = [...batch!.labels.dataSync()];
  tf.dispose(batch);
  return { images: images.map(Math.round), labels };
}

const only = { backends: ["wasm"] } as const;

testOnBackends(
  "labels belong to their images, real and synthetic, in any order of asking",
  () => {
    const { real: drawReal, synthetic: drawSynthetic } = batches({
      candidates: 5,
    });
    for (const step of [3, 0, 7]) {
      const { images, labels } = contentOf(drawReal(step));
      assertEquals(labels, images.map((i) => real.labels[i]));
      const drawn = contentOf(drawSynthetic(step));
      assertEquals(drawn.labels.length, 5);
      assertEquals(
        drawn.labels,
        drawn.images.map((i) => synthetic.labels[i - 100]),
      );
      assertEquals(
        contentOf(batches({ candidates: 5 }).real(step)).images,
        images,
      );
    }
  },
  only,
);

testOnBackends(
  "with an identity sampler the candidates are of the identities of the step's real images",
  () => {
    const draw = batches({
      batchSize: undefined,
      sampler: { identities: 2, images: 3 },
      candidates: 5,
    });
    for (let step = 0; step < 6; step++) {
      const { labels } = contentOf(draw.real(step));
      assertEquals([labels[0], labels[3]], [labels[2], labels[5]]);
      const drawn = contentOf(draw.synthetic(step));
      assertEquals(drawn.labels, [0, 3, 0, 3, 0].map((at) => labels[at]));
      // Bob has two synthetic images and cyd three, so none comes twice among two of each.
      const own = drawn.images.filter((_, k) => k < 4);
      const twice = drawn.labels.slice(0, 2).includes(0) ? 3 : 4;
      assert(new Set(own).size >= twice);
    }
  },
  only,
);

testOnBackends(
  "the number of candidates follows the mixing ratio, in eighths of the real images",
  () => {
    const sizes = (mixing: TrainRecognizerOptions["mixing"]) => {
      const draw = batches({ batchSize: 16, mixing, steps: 5 });
      return [0, 1, 2, 3, 4].map((step) => {
        const batch = draw.synthetic(step);
        const size = batch?.labels.size ?? 0;
        tf.dispose(batch);
        return size;
      });
    };
    assertEquals(sizes(0.5), [8, 8, 8, 8, 8]);
    assertEquals(sizes(0.55), [8, 8, 8, 8, 8]); // 8.8 is nearer to 8 than to 10
    assertEquals(sizes({ from: 0, to: 1 }), [0, 4, 8, 12, 16]);
    assertEquals(sizes({ from: 1, to: 0, end: 0.5 }), [16, 8, 0, 0, 0]);
    assertEquals(sizes((step, steps) => step === steps - 1 ? 2 : 0), [
      0,
      0,
      0,
      0,
      32,
    ]);
  },
  only,
);

testOnBackends("without synthetic images there are no candidates", () => {
  assertEquals(batches({}, false).synthetic(0), undefined);
}, only);

testOnBackends("batches that cannot be are refused by name", () => {
  const refused = (
    options: Partial<TrainRecognizerOptions>,
    message: string,
    type: typeof RangeError | typeof TypeError = RangeError,
  ) => assertThrows(() => batches(options), type, message);
  refused({ candidates: 0 }, "'candidates'");
  refused({ mixing: -1 }, "'mixing'");
  refused({ mixing: { from: 0, to: 1, begin: 0.5, end: 0.2 } }, "'mixing.end'");
  refused(
    { mixing: 1, candidates: 4 },
    "'mixing' must be given without 'candidates'",
    TypeError,
  );
  refused({ mixing: () => NaN }, "'mixing'");
  const sampler = { identities: 2, images: 2 };
  refused(
    { sampler },
    "'batchSize' must be left out or be the sampler's 2 x 2: current value is 6",
    TypeError,
  );
  refused(
    { sampler: { identities: 4, images: 1 }, batchSize: undefined },
    "'identities'",
  );
  refused({ sampler: { identities: 0, images: 1 } }, "'sampler.identities'");
  refused({ sampler: "sorted" as "shuffled" }, "'sampler'");
  const lacking = flatImages([0, 0, 2], 100);
  assertThrows(
    () =>
      recognizerBatches({ real, synthetic: lacking, random: randomStream(1) }, {
        steps: 1,
        sampler,
      }),
    RangeError,
    "'synthetic' must have images of every identity for an identity sampler: there is none of 'bob'",
  );
}, only);

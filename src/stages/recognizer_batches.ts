/**
 * What a recogniser sees at each step: pure functions of the step, so that a resumed training sees the same.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { checkOneOf, checkRange, type RandomStream } from "../core/mod.ts";
import {
  augment,
  chunkedIdentityBatches,
  gatherPixels,
  groupByLabel,
  type ImageSet,
  shuffledBatches,
} from "../data/mod.ts";
import type {
  MixingRamp,
  TrainRecognizerOptions,
} from "./train_recognizer_options.ts";

/** Augmented images and their identities. A `type`, so that it can go through `jit`. */
export type RecognizerBatch = {
  /** `[B, H, W, 3]` in [-1, 1]. */
  images: tf.Tensor4D;
  /** `[B]`, int32. */
  labels: tf.Tensor1D;
};

/** Draws the batches of a training. Results are owned by the caller. */
export interface RecognizerBatches {
  /** The real images of a step. */
  real: (step: number) => RecognizerBatch;
  /** The synthetic candidates of a step; none where it has none. */
  synthetic: (step: number) => RecognizerBatch | undefined;
}

/** What the batches are drawn from. */
export interface RecognizerBatchesInput {
  /** Real images. */
  real: ImageSet;
  /** Synthetic images of the same identities. */
  synthetic?: ImageSet;
  /** Where all randomness comes from. */
  random: RandomStream;
}

const ACT = "train a recogniser";
/** Into how many parts of the real images the number of candidates is rounded. */
const PARTS = 8;

/**
 * Makes the batches of a training ready.
 *
 * With an identity sampler the candidates of a step are of the identities of its real images, so that each has
 * company for the triplet loss.
 *
 * @param input Images and randomness.
 * @param options Sizes, sampler, mixing, augmentation.
 * @returns How to draw them.
 * @throws {RangeError} If a size or probability is out of range, there are fewer identities than the sampler draws, or
 * one of them has no synthetic image to be drawn.
 * @throws {TypeError} If options exclude each other.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 * import { proceduralFaces } from "@outis/outis/world";
 * import { recognizerBatches } from "./recognizer_batches.ts";
 *
 * await useBackend("auto");
 * const real = proceduralFaces({ identities: 2, imagesPerIdentity: 2, size: 16 });
 * const random = randomStream(1);
 * const batches = recognizerBatches({ real, random }, { steps: 1, batchSize: 3 });
 * console.log(batches.real(0).images.shape); // [3, 16, 16, 3]
 * ```
 */
export function recognizerBatches(
  { real, synthetic, random }: RecognizerBatchesInput,
  options: TrainRecognizerOptions,
): RecognizerBatches {
  const { sampler = "shuffled", steps, flip, padding = 4, erase = 0 } = options;
  if (typeof sampler === "string") {
    checkOneOf(ACT, "sampler", sampler, ["shuffled"]);
  }
  const batchSize = sampler === "shuffled"
    ? options.batchSize ?? 64
    : productOf(sampler, options.batchSize);
  const drawReal = sampler === "shuffled"
    ? shuffledBatches(real.count, { batchSize, random: random.fork("real") })
    : chunkedIdentityBatches(real.labels, {
      ...sampler,
      random: random.fork("real"),
    });
  const take = (set: ImageSet, erase: number, random: RandomStream) =>
  (
    indices: Int32Array,
    step: number,
  ): RecognizerBatch => {
    const { height, width } = set;
    const pixels = augment(gatherPixels(set, indices), {
      height,
      width,
      random: random.fork("augment", step),
      padding,
      erase,
      ...(flip === undefined ? {} : { flip }),
    });
    const labels = Int32Array.from(indices, (i) => set.labels[i]);
    return {
      images: tf.tensor4d(pixels, [indices.length, height, width, 3]),
      labels: tf.tensor1d(labels, "int32"),
    };
  };
  const realOf = take(real, erase, random.fork("real"));
  if (synthetic === undefined) {
    return {
      real: (step) => realOf(drawReal(step), step),
      synthetic: () => undefined,
    };
  }
  const count = candidateCount(options, batchSize);
  const own = random.fork("synthetic");
  const draw = sampler === "shuffled"
    ? anySynthetic(synthetic, count, steps, own)
    : sameIdentities(real, synthetic, drawReal, own);
  const syntheticOf = take(synthetic, 0, own);
  return {
    real: (step) => realOf(drawReal(step), step),
    synthetic(step) {
      const size = count(step);
      if (size === 0) return undefined;
      return syntheticOf(draw(step, size), step);
    },
  };
}

function productOf(
  { identities, images }: { identities: number; images: number },
  batchSize: number | undefined,
): number {
  for (const [name, value] of Object.entries({ identities, images })) {
    checkRange(ACT, `sampler.${name}`, value, { min: 1, integer: true });
  }
  const product = identities * images;
  if (batchSize === undefined || batchSize === product) return product;
  throw new TypeError(
    `Cannot ${ACT} as 'batchSize' must be left out or be the sampler's ${identities} x ${images}: current value is ${batchSize}`,
  );
}

/** How many candidates each step has. */
function candidateCount(
  { candidates, mixing, steps }: TrainRecognizerOptions,
  batchSize: number,
): (step: number) => number {
  if (mixing === undefined) {
    const fixed = candidates ?? 64;
    checkRange(ACT, "candidates", fixed, { min: 1, integer: true });
    return () => fixed;
  }
  if (candidates !== undefined) {
    throw new TypeError(
      `Cannot ${ACT} as 'mixing' must be given without 'candidates': current value is beside ${candidates}`,
    );
  }
  const ratio = typeof mixing === "function"
    ? mixing
    : typeof mixing === "number"
    ? () => mixing
    : rampOf(mixing);
  const part = Math.max(1, Math.round(batchSize / PARTS));
  const round = (step: number) => {
    const value = ratio(step, steps);
    checkRange(ACT, "mixing", value, { min: 0 });
    return part * Math.round(value * batchSize / part);
  };
  for (let step = 0; step < steps; step++) round(step); // faults now, not in the middle
  return round;
}

function rampOf(
  { from, to, begin = 0, end = 1 }: MixingRamp,
): (step: number, steps: number) => number {
  checkRange(ACT, "mixing.from", from, { min: 0 });
  checkRange(ACT, "mixing.to", to, { min: 0 });
  checkRange(ACT, "mixing.begin", begin, { min: 0, max: 1 });
  checkRange(ACT, "mixing.end", end, { min: begin, max: 1 });
  return (step, steps) => {
    const at = step / Math.max(1, steps - 1);
    const share = end > begin ? (at - begin) / (end - begin) : +(at >= end);
    return from + (to - from) * Math.min(1, Math.max(0, share));
  };
}

type Draw = (step: number, size: number) => Int32Array;

/** From all synthetic images; a step with fewer candidates than the largest passes over the rest of its share. */
function anySynthetic(
  set: ImageSet,
  count: (step: number) => number,
  steps: number,
  random: RandomStream,
): Draw {
  let batchSize = 1;
  for (let step = 0; step < steps; step++) {
    batchSize = Math.max(batchSize, count(step));
  }
  const batches = shuffledBatches(set.count, { batchSize, random });
  return (step, size) => batches(step).subarray(0, size);
}

/** Synthetic images of the step's identities in turn. */
function sameIdentities(
  real: ImageSet,
  synthetic: ImageSet,
  drawReal: (step: number) => Int32Array,
  random: RandomStream,
): Draw {
  const groups = groupByLabel(synthetic.labels);
  const missing = real.identities.findIndex((_, label) => !groups.has(label));
  if (missing >= 0) {
    throw new RangeError(
      `Cannot ${ACT} as 'synthetic' must have images of every identity for an identity sampler: there is none of '${
        real.identities[missing]
      }'`,
    );
  }
  return (step, size) => {
    const labels = [
      ...new Set(Array.from(drawReal(step), (i) => real.labels[i])),
    ];
    const orders = labels.map((label) =>
      random.fork("identity", step, label).permutation(
        groups.get(label)!.length,
      )
    );
    return Int32Array.from({ length: size }, (_, k) => {
      const at = k % labels.length;
      const turn = Math.floor(k / labels.length);
      const own = groups.get(labels[at])!;
      return own[orders[at][turn % own.length]];
    });
  };
}

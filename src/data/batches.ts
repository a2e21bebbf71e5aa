/**
 * Batches as functions of the step: a run that resumes at step s sees what it would have seen.
 *
 * @module
 */
import { checkRange, type RandomStream } from "../core/mod.ts";
import { groupByLabel } from "./group_by_label.ts";

/** Indices of the images of a batch, for each step from 0. The same step always gives the same batch. */
export interface BatchSampler {
  /** The batch of a step: the step is all that a run has to remember. */
  (step: number): Int32Array<ArrayBuffer>;
}

/** Batches of a set in random order. */
export interface ShuffledBatches extends BatchSampler {
  /** In which order, counted from 0, each image of a step's batch comes: a batch may span two. */
  epochs(step: number): Int32Array<ArrayBuffer>;
}

/** Options of {@linkcode shuffledBatches}. */
export interface ShuffledBatchesOptions {
  /** Images in a batch. May be more than there are. */
  batchSize: number;
  /** Decides the order. */
  random: RandomStream;
}

/**
 * Batches from all images in random order, a new order every time they are used up.
 *
 * One order follows the other without a gap: no image is left out, and a batch may span two orders.
 *
 * @param count Number of images.
 * @param options Batch size and seed.
 * @returns The batches.
 * @throws {RangeError} If `count` or `batchSize` is no whole number above 0.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { randomStream } from "@outis/outis/core";
 * import { shuffledBatches } from "@outis/outis/data";
 *
 * const random = randomStream(1, "batches");
 * const batch = shuffledBatches(10, { batchSize: 4, random });
 * assert(batch(0).length === 4 && batch(7)[0] === batch(7)[0]);
 * ```
 */
export function shuffledBatches(
  count: number,
  options: ShuffledBatchesOptions,
): ShuffledBatches {
  const { batchSize, random } = options;
  const whole = { min: 1, integer: true };
  checkRange("make batches", "count", count, whole);
  checkRange("make batches", "batchSize", batchSize, whole);
  const orderOf = rememberLast((epoch) =>
    random.fork("epoch", epoch).permutation(count)
  );
  const ofStep = (step: number, value: (position: number) => number) => {
    checkStep(step);
    const first = step * batchSize;
    return Int32Array.from({ length: batchSize }, (_, i) => value(first + i));
  };
  const epochOf = (position: number) => Math.floor(position / count);
  const batch = (step: number) =>
    ofStep(step, (at) => orderOf(epochOf(at))[at % count]);
  return Object.assign(batch, {
    epochs: (step: number) => ofStep(step, epochOf),
  });
}

/** Options of {@linkcode identityBatches}. */
export interface IdentityBatchesOptions {
  /** P, identities in a batch. */
  identities: number;
  /** K, images of each; an identity with fewer repeats its own. */
  images: number;
  /** Decides the order. */
  random: RandomStream;
}

/**
 * P x K batches: P different identities, K images of each, one identity after the other.
 *
 * Identities come in random order, a new one every floor(identities / P) batches; the few left over at its end wait for
 * the next. Images are drawn without repetition within a batch where an identity has enough.
 *
 * @param labels Identity of each image.
 * @param options P, K and seed.
 * @returns The batches, of P · K indices.
 * @throws {RangeError} If P or K is no whole number above 0, or P exceeds the number of identities.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { randomStream } from "@outis/outis/core";
 * import { identityBatches } from "@outis/outis/data";
 *
 * const batch = identityBatches([0, 0, 1, 1, 2, 2], {
 *   identities: 2,
 *   images: 2,
 *   random: randomStream(1, "batches"),
 * });
 * assert(batch(0).length === 4);
 * ```
 */
export function identityBatches(
  labels: ArrayLike<number>,
  options: IdentityBatchesOptions,
): BatchSampler {
  const { identities, images, random } = options;
  const groups = [...groupByLabel(labels).values()];
  checkRange("make batches", "images", images, { min: 1, integer: true });
  checkRange("make batches", "identities", identities, {
    min: 1,
    max: groups.length,
    integer: true,
  });
  const perEpoch = Math.floor(groups.length / identities);
  const orderOf = rememberLast((epoch) =>
    random.fork("epoch", epoch).permutation(groups.length)
  );
  return (step) => {
    checkStep(step);
    const order = orderOf(Math.floor(step / perEpoch));
    const first = (step % perEpoch) * identities;
    const batch = new Int32Array(identities * images);
    for (let p = 0; p < identities; p++) {
      const identity = order[first + p];
      const own = groups[identity];
      const draw = random.fork("images", step, identity).permutation(
        own.length,
      );
      for (let k = 0; k < images; k++) {
        batch[p * images + k] = own[draw[k % own.length]];
      }
    }
    return batch;
  };
}

function checkStep(step: number): void {
  checkRange("make a batch", "step", step, { min: 0, integer: true });
}

// Orders are asked for again and again until the next epoch.
function rememberLast(
  make: (epoch: number) => Uint32Array,
): (epoch: number) => Uint32Array {
  let last = -1;
  let order: Uint32Array = new Uint32Array();
  return (epoch) => {
    if (epoch !== last) {
      order = make(epoch);
      last = epoch;
    }
    return order;
  };
}

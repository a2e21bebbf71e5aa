/**
 * The memory bank's tensors.
 *
 * @module
 */
import { l2Normalize, tf } from "../engine/mod.ts";
import { checkMeans, type ClassPrototypeOptions } from "./class_prototype.ts";

/** What the rewards read of a memory bank. A `type`, for `tf.tidy` and `tf.dispose`. */
export type BankTensors = {
  /** Unit-length reference features, sorted by identity, `[N, D]`. */
  references: tf.Tensor2D;
  /** Mean of each identity's references, `[I, D]`. */
  centres: tf.Tensor2D;
  /** References less their identity's centre, `[N, D]`. */
  centred: tf.Tensor2D;
  /** Identity of each reference, int32, `[N]`. */
  labels: tf.Tensor1D;
  /** Class prototypes (eq. 2), `[I, D]`. */
  prototypes: tf.Tensor2D;
  /** Spreads S_r (eqs. 7 and 8), `[I]`. */
  spreads: tf.Tensor1D;
  /** 1 / N_y for each identity, `[I]`. */
  shares: tf.Tensor1D;
  /** Row in `references` of each identity's references, int32, padded with its first, `[I, max N_y]`. */
  slots: tf.Tensor2D;
  /** 1 / N_y for each slot, 0 for padding, `[I, max N_y]`. */
  slotShares: tf.Tensor2D;
};

/** Features on the host, rows of an identity together. */
export interface SortedFeatures {
  /** Features, `[N, width]` in row-major order. */
  features: Float32Array;
  /** Identity of each row, ascending, `[N]`. */
  labels: Int32Array;
  /** Number of rows of each identity. */
  counts: number[];
  /** Number of features D. */
  width: number;
}

/**
 * Sorts features by identity, rows of an identity in the order they came.
 *
 * @param act What the caller is about to do.
 * @param features Features, `[N, width]` in row-major order.
 * @param labels Identity of each row, `[N]`.
 * @param width Number of features.
 * @param identities Number of identities; without it the largest label decides.
 * @returns Sorted copies.
 * @throws {RangeError} If a label is not a whole number from 0 to `identities` - 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { sortByLabel } from "./bank_tensors.ts";
 *
 * const features = new Float32Array([10, 20, 11]);
 * const sorted = sortByLabel("build a memory bank", features, [0, 1, 0], 1);
 * assertEquals(Array.from(sorted.features), [10, 11, 20]);
 * assertEquals(sorted.counts, [2, 1]);
 * ```
 */
export function sortByLabel(
  act: string,
  features: Float32Array,
  labels: ArrayLike<number>,
  width: number,
  identities?: number,
): SortedFeatures {
  const given = Array.from(labels);
  const last = identities === undefined ? Infinity : identities - 1;
  given.forEach((label, row) => {
    if (!(Number.isInteger(label) && label >= 0 && label <= last)) {
      throw new RangeError(
        `Cannot ${act} as 'labels[${row}]' must be a whole number from 0 to ${last}: current value is ${label}`,
      );
    }
  });
  const total = identities ?? given.reduce((a, b) => Math.max(a, b), -1) + 1;
  const order = given.map((_, row) => row).sort((a, b) => given[a] - given[b]);
  const sorted = new Float32Array(features.length);
  const counts = new Array<number>(total).fill(0);
  order.forEach((row, place) => {
    counts[given[row]]++;
    sorted.set(
      features.subarray(row * width, (row + 1) * width),
      place * width,
    );
  });
  const labelled = Int32Array.from(order, (row) => given[row]);
  return { features: sorted, labels: labelled, counts, width };
}

/**
 * Computes what the rewards read of a bank.
 *
 * @param features Features as the embedder gave them, sorted by identity, `[N, D]`. Borrowed.
 * @param sorted Their labels and counts.
 * @param options How prototypes are made.
 * @returns The bank's tensors. Owned by the caller.
 * @throws {RangeError} If features of an identity cancel, so that it has no prototype.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { bankTensors, sortByLabel } from "./bank_tensors.ts";
 *
 * const rows = new Float32Array([1, 0, 0, 1]);
 * const sorted = sortByLabel("build a memory bank", rows, [0, 0], 2);
 * const features = tf.tensor2d(sorted.features, [2, 2]);
 * bankTensors(features, sorted, {}).prototypes.print(); // [[0.7071, 0.7071]]
 * ```
 */
export function bankTensors(
  features: tf.Tensor2D,
  sorted: SortedFeatures,
  options: ClassPrototypeOptions,
): BankTensors {
  const { labels, counts } = sorted;
  const identities = counts.length;
  return tf.tidy(() => {
    const identity = tf.tensor1d(labels, "int32");
    const shares = tf.tensor1d(counts.map((count) => 1 / count));
    const means = (rows: tf.Tensor2D): tf.Tensor2D =>
      tf.mul(
        tf.unsortedSegmentSum(rows, identity, identities),
        tf.expandDims(shares, 1),
      );
    const references = l2Normalize(features); // [N, D]
    const first = means(references); // [I, D]
    const rough = tf.sub(references, tf.gather(first, identity));
    const rest = means(rough as tf.Tensor2D); // what rounding left
    const centred = tf.sub(rough, tf.gather(rest, identity)); // [N, D]
    const squares = tf.sum(tf.square(centred), 1) as tf.Tensor1D; // [N]
    const degrees = tf.tensor1d(counts.map((count) => 1 / (count - 1)));
    const rows = options.normalizeFirst ? references : features;
    const mean = options.normalizeFirst ? first : means(features); // [I, D]
    checkMeans(
      "build a memory bank",
      (y) => `features of identity ${y}`,
      mean,
      tf.squeeze(means(tf.sum(tf.square(rows), 1, true)), [1]),
    );
    return {
      references,
      centres: tf.add(first, rest),
      centred,
      labels: identity,
      prototypes: l2Normalize(mean),
      spreads: tf.mul(
        tf.unsortedSegmentSum(squares, identity, identities),
        degrees,
      ),
      shares,
      ...slotTensors(counts),
    } as BankTensors;
  });
}

/** Rows of each identity's references, as long as the longest. */
function slotTensors(
  counts: readonly number[],
): Pick<BankTensors, "slots" | "slotShares"> {
  const longest = counts.reduce((a, b) => Math.max(a, b), 0);
  const slots = new Int32Array(counts.length * longest);
  const slotShares = new Float32Array(slots.length);
  let start = 0;
  counts.forEach((count, y) => {
    for (let place = 0; place < longest; place++) {
      const real = place < count;
      slots[y * longest + place] = start + (real ? place : 0);
      slotShares[y * longest + place] = real ? 1 / count : 0;
    }
    start += count;
  });
  const shape: [number, number] = [counts.length, longest];
  return {
    slots: tf.tensor2d(slots, shape, "int32"),
    slotShares: tf.tensor2d(slotShares, shape),
  };
}

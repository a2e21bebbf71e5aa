/**
 * Batch-hard triplet loss, beside cross-entropy in re-identification (section 5.1 of the paper).
 *
 * Hermans, Beyer and Leibe, "In Defense of the Triplet Loss for Person Re-Identification", 2017.
 *
 * @module
 */
import { checkRange, checkShape } from "../core/mod.ts";
import { stopGradient, tf } from "../engine/mod.ts";

/** Stands in for smaller squared distances, where the root's gradient would grow without bound. */
const SMALLEST_SQUARE = 1e-12;

/** Options of {@linkcode batchHardTriplet}. */
export interface BatchHardTripletOptions {
  /**
   * By how much the nearest other identity should be farther than the farthest sample of the same, at least 0, in the
   * unit of the features; or `"soft"`, a smooth pull without bound.
   * @default 0.3
   */
  margin?: number | "soft";
}

/**
 * Batch-hard triplet loss of each sample.
 *
 * l_i = max(0, m + max_p ‖f_i - f_p‖ - min_n ‖f_i - f_n‖) over samples p of the same and n of other identities; with the
 * soft margin log(1 + exp(max_p ... - min_n ...)). A sample without another of its identity has itself as p, at
 * distance 0. A sample without any of another identity has no triplet and the loss 0. Among equal distances the first
 * sample is taken, for the gradient, too, as PyTorch's `max` and `min` do.
 *
 * @param features Features, `[B, D]`, taken as they are. Borrowed.
 * @param labels Identity of each sample, int32, `[B]`. Borrowed.
 * @param options Margin.
 * @returns Loss of each sample, `[B]`, at least 0. Owned by the caller.
 * @throws {TypeError} If lengths differ.
 * @throws {RangeError} If the margin is below 0.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { batchHardTriplet } from "@outis/outis/losses";
 *
 * const features = tf.tensor2d([[0], [1], [3]]);
 * const labels = tf.tensor1d([0, 0, 1], "int32");
 * batchHardTriplet(features, labels, { margin: 2.5 }).print(); // [0.5, 1.5, 0.5]
 * ```
 */
export function batchHardTriplet(
  features: tf.Tensor2D,
  labels: tf.Tensor1D,
  options: BatchHardTripletOptions = {},
): tf.Tensor1D {
  const { margin = 0.3 } = options;
  const act = "compute the triplet loss";
  checkShape(act, "features", features, [null, null]);
  checkShape(act, "labels", labels, [features.shape[0]]);
  if (margin !== "soft") checkRange(act, "margin", margin, { min: 0 });
  return tf.tidy(() => {
    const same = tf.cast(
      tf.equal(tf.expandDims(labels, 1), tf.expandDims(labels, 0)),
      "float32",
    ); // [B, B]
    const other = tf.sub(1, same); // [B, B]
    const distance = pairDistances(stopGradient(features)); // [B, B]
    // Those of the same identity are moved before all others for the maximum, and behind them for the minimum.
    const farthest = tf.argMax(tf.mul(tf.add(distance, 1), same), 1); // [B]
    const beyond = tf.mul(tf.add(tf.max(distance), 1), same); // [B, B]
    const nearest = tf.argMin(tf.add(tf.mul(distance, other), beyond), 1);
    const positive = distanceTo(features, farthest); // [B]
    const negative = distanceTo(features, nearest); // [B]
    const gap = tf.sub(positive, negative); // [B]
    const loss = margin === "soft"
      ? tf.softplus(gap)
      : tf.relu(tf.add(gap, margin));
    return tf.mul(loss, tf.max(other, 1)) as tf.Tensor1D;
  });
}

/** Euclidean distances between all rows, `[B, B]`, with the rounding errors of a matrix product. */
function pairDistances(features: tf.Tensor2D): tf.Tensor2D {
  const centred = tf.sub(features, tf.mean(features, 0)); // keeps digits
  const squares = tf.sum(tf.square(centred), 1, true); // [B, 1]
  const squared = tf.sub(
    tf.add(squares, tf.transpose(squares)),
    tf.mul(tf.matMul(centred, centred, false, true), 2),
  ); // [B, B]
  return tf.sqrt(tf.relu(squared)) as tf.Tensor2D;
}

/**
 * Distance of each row to one of the rows, `[B]`, from differences, which keep all digits; 1e-6 with the gradient 0 where
 * the two are equal.
 */
function distanceTo(features: tf.Tensor2D, row: tf.Tensor): tf.Tensor1D {
  const chosen = tf.cast(tf.oneHot(row, features.shape[0]), "float32");
  const difference = tf.sub(features, tf.matMul(chosen, features)); // [B, D]
  const squared = tf.sum(tf.square(difference), 1);
  return tf.sqrt(tf.maximum(squared, SMALLEST_SQUARE)) as tf.Tensor1D;
}

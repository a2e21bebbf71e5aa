/**
 * What eqs. 3, 5 and 9 need of a batch over several identities, in a handful of matrix products.
 *
 * For unit-length features everything follows from cosines: ‖u - v‖² = 2 (1 - u·v) gives the kernel, and with d = 1 - cos
 * the squared deviations of eq. 6 are q_j = (2 Σ_k d_jk - Q) / n with Q = Σ_jk d_jk / n, so no mean is ever formed.
 *
 * @module
 */
import { checkShape } from "../core/mod.ts";
import { l2Normalize, tf } from "../engine/mod.ts";
import { sameIdentity } from "./batch_labels.ts";
import type { MemoryBank } from "./memory_bank.ts";
import { gaussian } from "./rbf_kernel.ts";

/** One number per sample for each term, `[B]`. */
export type GroupSums = {
  /** Cosine with the prototype of the sample's identity. */
  cosine: tf.Tensor;
  /** Mean kernel value with the references of the sample's identity. */
  toReference: tf.Tensor;
  /** Sum of kernel values with the samples of its identity, itself included. */
  kernelSum: tf.Tensor;
  /** Squared distance to the mean of its identity's samples. */
  deviation: tf.Tensor;
  /** Sum of `deviation` over its identity's samples. */
  total: tf.Tensor;
  /** Number of samples of its identity. */
  count: tf.Tensor;
  /** Spread S_r of its identity's references. */
  referenceSpread: tf.Tensor;
};

/**
 * Sums for samples in any order, by masks over all pairs: `[B, B]` and `[B, N]`, N the references of the whole bank.
 *
 * @param features Features, `[B, D]`, any norm. Borrowed.
 * @param labels int32 labels, `[B]`. Borrowed.
 * @param bank Memory bank. Borrowed.
 * @param sigma Bandwidth.
 * @returns Sums. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { MemoryBank } from "@outis/outis/rewards";
 * import { maskedSums } from "./group_sums.ts";
 *
 * const references = tf.tensor2d([[1, 0], [0, 1], [-1, 0], [-1, 1]]);
 * using bank = MemoryBank.fromFeatures(references, [0, 0, 1, 1], {
 *   fingerprint: "an embedder's",
 * });
 * const features = tf.tensor2d([[1, 0], [0, 1], [-1, 0], [-1, 0]]);
 * const labels = tf.tensor1d([0, 0, 1, 1], "int32");
 * const { count } = maskedSums(features, labels, bank, 1);
 * count.print(); // [2, 2, 2, 2]
 * ```
 */
export function maskedSums(
  features: tf.Tensor2D,
  labels: tf.Tensor1D,
  bank: MemoryBank,
  sigma: number,
): GroupSums {
  const { tensors } = bank;
  return tf.tidy(() => {
    const unit = l2Normalize(features); // [B, D]
    const prototypes = tf.gather(tensors.prototypes, labels); // [B, D]
    const own = tf.cast(
      tf.equal(tf.expandDims(labels, 1), tf.expandDims(tensors.labels, 0)),
      "float32",
    ); // [B, N]
    const cross = tf.matMul(unit, tensors.references, false, true); // [B, N]
    const kernel = unitKernel(oneMinus(cross), sigma);
    const same = sameIdentity(labels); // [B, B]
    const distance = oneMinus(tf.matMul(unit, unit, false, true)); // [B, B]
    const count = tf.sum(same, 1); // [B]
    const rows = tf.sum(tf.mul(distance, same), 1); // [B]
    return {
      cosine: tf.sum(tf.mul(unit, prototypes), 1),
      toReference: tf.mul(
        tf.sum(tf.mul(kernel, own), 1),
        tf.gather(tensors.shares, labels),
      ),
      kernelSum: tf.sum(tf.mul(unitKernel(distance, sigma), same), 1),
      ...deviations(rows, tf.dot(same, rows), count),
      count,
      referenceSpread: tf.gather(tensors.spreads, labels),
    };
  });
}

/**
 * Sums for a batch of P identities with K samples each, an identity's samples in a row: batched products of blocks, P
 * times less work than masks, and only the references of these P identities.
 *
 * @param features Features, `[P K, D]`, any norm. Borrowed.
 * @param labels int32 labels, `[P K]`, equal within each run of K. Borrowed.
 * @param bank Memory bank. Borrowed.
 * @param sigma Bandwidth.
 * @param samples K.
 * @returns Sums. Owned by the caller.
 * @throws {TypeError} If B is no multiple of K.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { MemoryBank } from "@outis/outis/rewards";
 * import { blockSums } from "./group_sums.ts";
 *
 * const references = tf.tensor2d([[1, 0], [0, 1], [-1, 0], [-1, 1]]);
 * using bank = MemoryBank.fromFeatures(references, [0, 0, 1, 1], {
 *   fingerprint: "an embedder's",
 * });
 * const features = tf.tensor2d([[1, 0], [0, 1], [-1, 0], [-1, 0]]);
 * const labels = tf.tensor1d([0, 0, 1, 1], "int32");
 * const { count } = blockSums(features, labels, bank, 1, 2);
 * count.print(); // [2, 2, 2, 2]
 * ```
 */
export function blockSums(
  features: tf.Tensor2D,
  labels: tf.Tensor1D,
  bank: MemoryBank,
  sigma: number,
  samples: number,
): GroupSums {
  const { tensors } = bank;
  const [batch, width] = features.shape;
  const identities = Math.floor(batch / samples);
  checkShape("score a batch", "features", features, [
    identities * samples,
    null,
  ]);
  return tf.tidy(() => {
    const unit = tf.reshape(l2Normalize(features), [
      identities,
      samples,
      width,
    ]); // [P, K, D]
    const runs = tf.reshape(labels, [identities, samples]);
    const label = tf.squeeze(tf.slice(runs, [0, 0], [identities, 1]), [1]); // [P]
    const prototypes = tf.gather(tensors.prototypes, label); // [P, D]
    const references = tf.gather(
      tensors.references,
      tf.gather(tensors.slots, label) as tf.Tensor2D,
    ); // [P, R, D]
    const shares = tf.gather(tensors.slotShares, label); // [P, R]
    const kernel = unitKernel(
      oneMinus(tf.matMul(unit, references, false, true)),
      sigma,
    ); // [P, K, R]
    const distance = oneMinus(tf.matMul(unit, unit, false, true)); // [P, K, K]
    const rows = tf.sum(distance, 2); // [P, K]
    const perSample = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [batch]);
    const perIdentity = (x: tf.Tensor): tf.Tensor =>
      perSample(tf.tile(tf.reshape(x, [identities, 1]), [1, samples]));
    const count = tf.fill([batch], samples);
    return {
      cosine: perSample(
        tf.sum(tf.mul(unit, tf.expandDims(prototypes, 1)), 2),
      ),
      toReference: perSample(
        tf.sum(tf.mul(kernel, tf.expandDims(shares, 1)), 2),
      ),
      kernelSum: perSample(tf.sum(unitKernel(distance, sigma), 2)),
      ...deviations(perSample(rows), perIdentity(tf.sum(rows, 1)), count),
      count,
      referenceSpread: perIdentity(tf.gather(tensors.spreads, label)),
    };
  });
}

/** 1 - cos, not below 0. */
function oneMinus(cosine: tf.Tensor): tf.Tensor {
  return tf.relu(tf.sub(1, cosine));
}

/** Eq. 4 of unit-length vectors from 1 - cos = ‖u - v‖² / 2. */
function unitKernel(distance: tf.Tensor, sigma: number): tf.Tensor {
  return gaussian(tf.mul(distance, 2), sigma);
}

/** Squared deviations from sums of 1 - cos: one sample's, its set's, the number of samples in its set. */
function deviations(
  rows: tf.Tensor,
  all: tf.Tensor,
  count: tf.Tensor,
): { deviation: tf.Tensor; total: tf.Tensor } {
  const total = tf.div(all, count);
  return { deviation: tf.div(tf.sub(tf.mul(rows, 2), total), count), total };
}

/**
 * What eqs. 3, 5 and 9 need of a batch over several identities, in a handful of matrix products.
 *
 * For unit-length features the kernel follows from cosines, ‖u - v‖² = 2 (1 - u·v), and the squared deviations of eq. 6 from
 * these distances: q_j = (Σ_k ‖u_j - u_k‖² - Q) / n with Q = Σ_jk ‖u_j - u_k‖² / 2n.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { sameIdentity } from "./batch_labels.ts";
import type { MemoryBank } from "./memory_bank.ts";
import { closeDistances, type Distances, unitDistances } from "./distances.ts";
import { gaussian } from "./rbf_kernel.ts";

/** Bandwidth below which the rounding of 1 - u·v would show in the kernel: 1e-7 / σ² is 1e-5 here. */
const NARROW = 0.1;

/** One number per sample for each term; of shape `[B]`, `[P, K]`, or one that broadcasts with it. */
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
    const same = sameIdentity(labels); // [B, B]
    const count = tf.sum(same, 1); // [B]
    let apart: Distances;
    if (sigma >= NARROW) {
      apart = unitDistances(features, tensors.references);
    } else {
      const means = (unit: tf.Tensor): tf.Tensor2D =>
        tf.unsortedSegmentSum(
          tf.div(unit, tf.expandDims(count, 1)) as tf.Tensor2D,
          labels,
          tensors.centres.shape[0],
        ); // [I, D], zero where there are no samples
      apart = closeDistances(features, (unit) => {
        const mean = means(unit);
        const shift = tf.sub(tensors.centres, mean); // [I, D]
        return {
          mean: tf.gather(mean, labels),
          references: tf.add(
            tensors.centred,
            tf.gather(shift, tensors.labels),
          ),
        };
      });
    }
    // Pairs of two identities: the masks leave them out.
    const { inverse, toReferences, within } = apart; // [B], [B, N], [B, B]
    const own = tf.cast(
      tf.equal(tf.expandDims(labels, 1), tf.expandDims(tensors.labels, 0)),
      "float32",
    ); // [B, N]
    const prototypes = tf.gather(tensors.prototypes, labels); // [B, D]
    const rows = tf.sum(tf.mul(within, same), 1); // [B]
    return {
      cosine: tf.mul(tf.sum(tf.mul(features, prototypes), 1), inverse),
      toReference: tf.mul(
        tf.sum(tf.mul(gaussian(toReferences, sigma), own), 1),
        tf.gather(tensors.shares, labels),
      ),
      kernelSum: tf.sum(tf.mul(gaussian(within, sigma), same), 1),
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
 * @returns Sums, `[P, K]`, or `[P, 1]` and scalar where they are the same for all of an identity. Owned by the caller.
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
 * count.print(); // 2
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
  return tf.tidy(() => {
    const blocks = tf.reshape(features, [identities, samples, width]); // [P, K, D]
    const runs = tf.reshape(labels, [identities, samples]);
    const label = tf.slice(runs, [0, 0], [identities, 1]) as tf.Tensor2D; // [P, 1]
    const place = tf.squeeze(label, [1]); // [P]
    const slots = tf.gather(tensors.slots, place) as tf.Tensor2D; // [P, R]
    const { inverse, toReferences, within } = sigma >= NARROW
      ? unitDistances(blocks, tf.gather(tensors.references, slots))
      : closeDistances(blocks, (unit) => {
        const mean = tf.mean(unit, 1, true); // [P, 1, D]
        const shift = tf.sub(tf.gather(tensors.centres, label), mean);
        const centred = tf.gather(tensors.centred, slots);
        return { mean, references: tf.add(centred, shift) };
      }); // [P, K], [P, K, R], [P, K, K]
    const shares = tf.gather(tensors.slotShares, place); // [P, R]
    const prototypes = tf.gather(tensors.prototypes, place); // [P, D]
    const rows = tf.sum(within, 2); // [P, K]
    const count = tf.scalar(samples);
    return {
      cosine: tf.mul(timesVector(blocks, prototypes), inverse),
      toReference: timesVector(gaussian(toReferences, sigma), shares),
      kernelSum: tf.sum(gaussian(within, sigma), 2),
      ...deviations(rows, tf.sum(rows, 1, true), count),
      count,
      referenceSpread: tf.gather(tensors.spreads, label), // [P, 1]
    };
  });
}

/** `[P, n, m]` times `[P, m]`, `[P, n]`. */
function timesVector(matrices: tf.Tensor, vectors: tf.Tensor): tf.Tensor {
  const columns = tf.expandDims(vectors, 2); // [P, m, 1]
  return tf.squeeze(tf.matMul(matrices, columns), [2]);
}

/** Squared deviations from sums of squared distances: one sample's, its set's, the number of samples in its set. */
function deviations(
  rows: tf.Tensor,
  all: tf.Tensor,
  count: tf.Tensor,
): { deviation: tf.Tensor; total: tf.Tensor } {
  const total = tf.div(all, tf.mul(count, 2));
  return { deviation: tf.div(tf.sub(rows, total), count), total };
}

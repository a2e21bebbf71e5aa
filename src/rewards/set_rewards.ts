/**
 * Rewards of whole sets, for the direct reward gradient.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { type BatchLabels, labelTensor, membership } from "./batch_labels.ts";
import type { MemoryBank } from "./memory_bank.ts";
import { unstackParts } from "./total_reward.ts";
import { groupSums, type RawRewardOptions, rawRows } from "./score_batch.ts";

/** Options of {@linkcode setRewards}. */
export type SetRewardsOptions = RawRewardOptions;

/** Rewards of each identity's samples as a set, `[I]` each. A `type`, for `tf.tidy` and `tf.dispose`. */
export type SetRewards = {
  /** Mean semantic consistency of the identity's samples (eq. 3). */
  semantic: tf.Tensor1D;
  /** Distributional coverage of the set (eq. 5). */
  coverage: tf.Tensor1D;
  /** Expressive diversity of the set (eq. 9). */
  expressive: tf.Tensor1D;
  /** Share of the batch that belongs to the identity; they sum to 1. 0 for identities not in the batch. */
  share: tf.Tensor1D;
};

/**
 * Rewards of each identity's samples as a set: the numbers that eqs. 5 and 9 print.
 *
 * The credits of {@linkcode scoreBatch} divide them among samples, for a policy gradient. To be differentiated through
 * the features, the sets' own values are right: Σ_y share_y R_y is the batch's reward. Identities that are not in the
 * batch have 0 everywhere, and no gradient.
 *
 * @param features Features of generated images, `[B, D]`, any norm. Borrowed.
 * @param labels Identity of each, as the bank numbers them, `[B]`. Borrowed.
 * @param bank Memory bank. Borrowed.
 * @param options Options of eqs. 5 and 9 and layout; `credit` has no meaning here.
 * @returns Raw rewards of each of the bank's identities. Owned by the caller.
 * @throws {TypeError} If the features have another width than the bank's, or lengths differ.
 * @throws {RangeError} If an option is out of range, the embedder is another, a feature has no direction,
 * or the labels cannot be scored.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { MemoryBank, setRewards } from "@outis/outis/rewards";
 *
 * const references = tf.tensor2d([[1, 0], [0, 1], [-1, 0], [-1, 1]]);
 * using bank = MemoryBank.fromFeatures(references, [0, 0, 1, 1], {
 *   fingerprint: "an embedder's",
 * });
 * const slope = tf.grad((features: tf.Tensor) => {
 *   const sets = setRewards(features as tf.Tensor2D, [1, 1], bank);
 *   return tf.sum(tf.mul(sets.share, tf.add(sets.semantic, sets.coverage)));
 * });
 * slope(tf.tensor2d([[1, 1], [0, 1]])).print();
 * ```
 */
export function setRewards(
  features: tf.Tensor2D,
  labels: BatchLabels,
  bank: MemoryBank,
  options: SetRewardsOptions = {},
): SetRewards {
  const settings: RawRewardOptions = {
    ...options,
    coverage: { ...options.coverage, credit: "mean" },
    expressive: { ...options.expressive, credit: "shared" },
  };
  return tf.tidy(() => {
    const count = features.shape[0];
    const tensor = labelTensor("score a batch", labels, count);
    const sums = groupSums(features, labels, tensor, bank, {
      ...settings,
      manyIdentities: false,
    });
    const rows = rawRows(sums, settings, count); // [3, B]
    const member = membership(tensor, bank.identities.length); // [B, I]
    const present = tf.sum(member, 0); // [I]
    const averaging = tf.div(member, tf.maximum(present, 1)); // [B, I]
    const means = unstackParts(tf.matMul(rows, averaging as tf.Tensor2D)); // [I] each
    return {
      ...means,
      share: tf.div(present, count),
    } as SetRewards;
  });
}

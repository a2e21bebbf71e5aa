/**
 * Eq. 11: the total reward.
 *
 * @module
 */
import { checkOneOf, checkRange, checkShape } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import { type BatchLabels, labelTensor, sameIdentity } from "./batch_labels.ts";
import {
  centreTwice,
  standardizeRewards,
  type StandardizeRewardsOptions,
} from "./standardize_rewards.ts";

/** The three rewards of a batch, one value per sample, each `[B]`. A `type`, for `tf.tidy` and `tf.dispose`. */
export type RewardParts = {
  /** Semantic consistency (eq. 3). */
  semantic: tf.Tensor1D;
  /** Distributional coverage (eq. 5). */
  coverage: tf.Tensor1D;
  /** Expressive diversity (eq. 9). */
  expressive: tf.Tensor1D;
};

/** Weights of the standardised rewards in eq. 11. */
export interface RewardWeights {
  /** λ_sem. */
  semantic: number;
  /** λ_cov. */
  coverage: number;
  /** λ_exp. */
  expressive: number;
}

/** What is subtracted from a reward before it is standardised over the batch. */
export interface BaselineOptions extends StandardizeRewardsOptions {
  /**
   * `"batch"`: the batch mean, as printed in eq. 10; over several identities that also rewards belonging to an easy one.
   * `"identity"`: the mean of the sample's own identity, which leaves only the choice between its samples (our reading);
   * needs `labels`.
   * @default "batch"
   */
  baseline?: "batch" | "identity";
  /** Identity of each sample, `[B]`; needed by the baseline `"identity"`. Borrowed. */
  labels?: BatchLabels;
}

/** Options of {@linkcode totalReward}. */
export interface TotalRewardOptions extends BaselineOptions {
  /** Weights of eq. 11. @default the paper's: semantic 1, coverage 0.75, expressive 0.25 */
  weights?: RewardWeights;
}

/**
 * Total reward of each sample: standardised parts, weighted, squashed.
 *
 * R = tanh(λ_sem R̃_sem + λ_cov R̃_cov + λ_exp R̃_exp), in [-1, 1] (eq. 11), each part standardised by eq. 10.
 *
 * @param parts Raw rewards, `[B]` each, at least two samples. Borrowed.
 * @param options Weights and baseline.
 * @returns Total reward, `[B]`, unitless. Owned by the caller.
 * @throws {TypeError} If the parts or labels differ in length, or the baseline `"identity"` comes without labels.
 * @throws {RangeError} If there are fewer than two samples, or an option is out of range.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { totalReward } from "@outis/outis/rewards";
 *
 * const parts = {
 *   semantic: tf.tensor1d([0.7, 0.9]),
 *   coverage: tf.tensor1d([0.1, 0.1]), // constant: no say
 *   expressive: tf.tensor1d([-1, -3]),
 * };
 * totalReward(parts).print(); // [tanh(-0.75), tanh(0.75)]
 * ```
 */
export function totalReward(
  parts: RewardParts,
  options: TotalRewardOptions = {},
): tf.Tensor1D {
  const { weights, ...baseline } = options;
  return tf.tidy(() =>
    combineParts(standardizeParts(parts, baseline), weights)
  );
}

/**
 * Standardises the three parts over the batch (eq. 10).
 *
 * @param parts Raw rewards, `[B]` each. Borrowed.
 * @param options Baseline.
 * @returns Standardised rewards, `[B]` each. Owned by the caller.
 * @throws {TypeError} If the parts or labels differ in length, or labels are missing.
 * @throws {RangeError} If there are fewer than two samples, or an option is out of range.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { standardizeParts } from "./total_reward.ts";
 *
 * const parts = {
 *   semantic: tf.tensor1d([0.2, 0.4]),
 *   coverage: tf.tensor1d([0.5, 0.1]),
 *   expressive: tf.tensor1d([-0.3, -0.1]),
 * };
 * standardizeParts(parts, {}).coverage.print(); // [1, -1]
 * ```
 */
export function standardizeParts(
  parts: RewardParts,
  options: BaselineOptions,
): RewardParts {
  const count = parts.semantic.shape[0];
  checkShape("standardize rewards", "coverage", parts.coverage, [count]);
  checkShape("standardize rewards", "expressive", parts.expressive, [count]);
  return tf.tidy(() => {
    const standardize = standardizer(count, options);
    return {
      semantic: standardize(parts.semantic),
      coverage: standardize(parts.coverage),
      expressive: standardize(parts.expressive),
    };
  });
}

/**
 * Eq. 10 with a baseline, for several rewards of the same batch.
 *
 * @param count Number of samples B.
 * @param options Baseline.
 * @returns A function from raw to standardised rewards, `[B]` each. It holds tensors of the enclosing `tf.tidy`.
 * @throws {TypeError} If labels are missing or of another number.
 * @throws {RangeError} If the baseline is unknown.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { standardizer } from "./total_reward.ts";
 *
 * const rewards = tf.tensor1d([0.1, 0.3, 0.7, 0.9]);
 * const labels = [0, 0, 1, 1];
 * const standardize = standardizer(4, { baseline: "identity", labels });
 * standardize(rewards).print(); // [-1, 1, -1, 1]
 * ```
 */
export function standardizer(
  count: number,
  options: BaselineOptions,
): (values: tf.Tensor1D) => tf.Tensor1D {
  const { baseline = "batch", labels, ...settings } = options;
  const act = "standardize rewards";
  checkOneOf(act, "baseline", baseline, ["batch", "identity"]);
  if (baseline === "batch") {
    return (values) => standardizeRewards(values, settings);
  }
  if (labels === undefined) {
    throw new TypeError(
      `Cannot ${act} as 'labels' must be given with the baseline "identity": current value is undefined`,
    );
  }
  const same = sameIdentity(labelTensor(act, labels, count)); // [B, B]
  const averaging = tf.div(same, tf.sum(same, 1, true)); // [B, B], rows sum to 1
  return (values) =>
    tf.tidy(() =>
      standardizeRewards(
        centreTwice(values, (x) => tf.dot(averaging, x)),
        settings,
      )
    );
}

/**
 * Weights and squashes standardised parts (eq. 11).
 *
 * @param parts Standardised rewards, `[B]` each. Borrowed.
 * @param weights Weights of eq. 11.
 * @returns Total reward, `[B]`. Owned by the caller.
 * @throws {RangeError} If a weight is not finite.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { combineParts } from "./total_reward.ts";
 *
 * const parts = {
 *   semantic: tf.tensor1d([0.2, 0.4]),
 *   coverage: tf.tensor1d([0.5, 0.1]),
 *   expressive: tf.tensor1d([-0.3, -0.1]),
 * };
 * const weights = { semantic: 1, coverage: 0, expressive: 0 };
 * combineParts(parts, weights).print(); // tanh of the semantic part
 * ```
 */
export function combineParts(
  parts: RewardParts,
  weights: RewardWeights = { semantic: 1, coverage: 0.75, expressive: 0.25 },
): tf.Tensor1D {
  for (const [name, weight] of Object.entries(weights)) {
    checkRange("combine rewards", `weights.${name}`, weight);
  }
  return tf.tidy(() =>
    tf.tanh(tf.addN([
      tf.mul(parts.semantic, weights.semantic),
      tf.mul(parts.coverage, weights.coverage),
      tf.mul(parts.expressive, weights.expressive),
    ])) as tf.Tensor1D
  );
}

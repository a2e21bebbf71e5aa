/**
 * Own rewards beside the paper's.
 *
 * @module
 */
import { checkRange, checkShape } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import { type BatchLabels, labelTensor } from "./batch_labels.ts";
import { type BaselineOptions, chooseBaseline } from "./baseline.ts";
import { checkFiniteValues } from "./check_features.ts";
import { standardizeRows } from "./standardize_rewards.ts";

/**
 * A reward: features `[B, D]` and identity labels `[B]` in (borrowed), one value per sample `[B]` out (owned).
 *
 * A new reward is such a function and nothing else. Inside `jit` the labels are a tensor.
 */
export type Reward = (
  features: tf.Tensor2D,
  labels: BatchLabels,
) => tf.Tensor1D;

/** A reward and its weight. */
export interface WeightedReward {
  /** The reward. */
  reward: Reward;
  /** Its weight in the sum, finite. */
  weight: number;
}

/** Options of {@linkcode weightedSum}. */
export interface WeightedSumOptions extends Omit<BaselineOptions, "labels"> {
  /** Whether each reward is standardised over the batch (eq. 10) before it is weighted. @default true */
  standardize?: boolean;
  /** Whether the sum goes through tanh (eq. 11). @default true */
  squash?: boolean;
}

/**
 * One reward out of several: eq. 11 for any rewards.
 *
 * R = tanh(Σ_i λ_i R̃_i); with the paper's three rewards and weights it is {@linkcode totalReward}.
 *
 * @param terms Rewards and weights, at least one.
 * @param options Whether to standardise and to squash; the baseline of eq. 10.
 * @returns The combined reward.
 * @throws {RangeError} If there are no terms or a weight is not finite. The returned reward throws TypeError if a term
 * returns another shape than `[B]`, and RangeError if it returns NaN or there is one sample only to standardise over.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { weightedSum } from "@outis/outis/rewards";
 *
 * const length = weightedSum([
 *   { reward: (features) => tf.norm(features, 2, 1) as tf.Tensor1D, weight: 1 },
 * ]);
 * length(tf.tensor2d([[3, 4], [0, 1]]), [0, 0]).print(); // [tanh 1, -tanh 1]
 * ```
 */
export function weightedSum(
  terms: readonly WeightedReward[],
  options: WeightedSumOptions = {},
): Reward {
  const { standardize = true, squash = true, ...baseline } = options;
  const act = "combine rewards";
  checkRange(act, "number of terms", terms.length, { min: 1 });
  terms.forEach(({ weight }, i) =>
    checkRange(act, `terms[${i}].weight`, weight)
  );
  const weights = terms.map(({ weight }) => weight);
  return (features, labels) =>
    tf.tidy(() => {
      const count = features.shape[0];
      if (standardize) checkRange(act, "number of samples", count, { min: 2 });
      const tensor = labelTensor(act, labels, count);
      const rows = tf.stack(terms.map(({ reward }, i) => {
        const values = reward(features, labels);
        const name = `terms[${i}].reward(...)`;
        checkShape(act, name, values, [count]);
        checkFiniteValues(act, name, values);
        return values;
      })) as tf.Tensor2D; // [n, B]
      const own = chooseBaseline(count, { ...baseline, labels: tensor });
      const scaled = standardize ? standardizeRows(rows, baseline, own) : rows;
      const sum = tf.dot(tf.tensor1d(weights), scaled); // [B]
      return (squash ? tf.tanh(sum) : sum) as tf.Tensor1D;
    });
}

/**
 * Eq. 11: the total reward.
 *
 * @module
 */
import { checkOneOf, checkRange, checkShape } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import { balanceRows } from "./adaptive_weights.ts";
import { type BaselineOptions, chooseBaseline } from "./baseline.ts";
import { checkFiniteValues } from "./check_features.ts";
import { PAPER_WEIGHTS, type RewardWeights } from "./reward_weights.ts";
import { standardizeRows } from "./standardize_rewards.ts";

/** The three rewards of a batch, one value per sample, each `[B]`. A `type`, for `tf.tidy` and `tf.dispose`. */
export type RewardParts = {
  /** Semantic consistency (eq. 3). */
  semantic: tf.Tensor1D;
  /** Distributional coverage (eq. 5). */
  coverage: tf.Tensor1D;
  /** Expressive diversity (eq. 9). */
  expressive: tf.Tensor1D;
};

/** Options of {@linkcode totalReward}. */
export interface TotalRewardOptions extends BaselineOptions {
  /**
   * Weights of eq. 11: numbers, or `"adaptive"`, those of {@linkcode adaptiveWeights} for this batch.
   * @default the paper's: semantic 1, coverage 0.75, expressive 0.25
   */
  weights?: RewardWeights | "adaptive";
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
 * @throws {RangeError} If there are fewer than two samples, a reward is NaN or infinite, or an option is out of range.
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
  const count = parts.semantic.shape[0];
  return tf.tidy(() => {
    const raw = stackParts("standardize rewards", parts); // [3, B]
    checkRange("standardize rewards", "number of values", count, { min: 2 });
    for (const [name, values] of Object.entries(parts)) {
      checkFiniteValues("standardize rewards", name, values);
    }
    const standardized = standardizeRows(
      raw,
      baseline,
      chooseBaseline(count, baseline),
    );
    return combineRows(standardized, chooseWeights(standardized, weights));
  });
}

/**
 * The three rewards as rows.
 *
 * @param act What the caller is about to do.
 * @param parts Rewards, `[B]` each. Borrowed.
 * @returns Semantic, coverage, expressive, `[3, B]`. Owned by the caller.
 * @throws {TypeError} If the parts differ in length.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { stackParts } from "./total_reward.ts";
 *
 * const semantic = tf.tensor1d([0.2, 0.4]);
 * const coverage = tf.tensor1d([0.5, 0.1]);
 * const expressive = tf.tensor1d([-0.3, -0.1]);
 * stackParts("score", { semantic, coverage, expressive }).shape; // [3, 2]
 * ```
 */
export function stackParts(act: string, parts: RewardParts): tf.Tensor2D {
  const { semantic, coverage, expressive } = parts;
  checkShape(act, "semantic", semantic, [null]);
  checkShape(act, "coverage", coverage, semantic.shape);
  checkShape(act, "expressive", expressive, semantic.shape);
  return tf.stack([semantic, coverage, expressive]) as tf.Tensor2D;
}

/**
 * The three rewards from rows, the reverse of {@linkcode stackParts}.
 *
 * @param rows Semantic, coverage, expressive, `[3, B]`. Borrowed.
 * @returns Rewards, `[B]` each. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { unstackParts } from "./total_reward.ts";
 *
 * unstackParts(tf.tensor2d([[1, 2], [3, 4], [5, 6]])).coverage.print(); // [3, 4]
 * ```
 */
export function unstackParts(rows: tf.Tensor2D): RewardParts {
  const [semantic, coverage, expressive] = tf.unstack(rows) as tf.Tensor1D[];
  return { semantic, coverage, expressive };
}

/**
 * The weights of eq. 11 for a batch.
 *
 * @param rows Standardised rewards, `[3, B]`. Borrowed.
 * @param weights Numbers, or `"adaptive"`; the paper's unless given.
 * @returns Weights, `[3]`. Owned by the caller.
 * @throws {RangeError} If a weight is not finite, or `weights` is another word.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { chooseWeights } from "./total_reward.ts";
 *
 * const rows = tf.tensor2d([[1, -1], [0, 0], [1, -1]]); // the second is constant: no say
 * chooseWeights(rows, undefined).print(); // [1, 0.75, 0.25]
 * chooseWeights(rows, "adaptive").print(); // [1, 0, 1]
 * ```
 */
export function chooseWeights(
  rows: tf.Tensor2D,
  weights: RewardWeights | "adaptive" = PAPER_WEIGHTS,
): tf.Tensor1D {
  const act = "combine rewards";
  if (typeof weights === "string") {
    checkOneOf(act, "weights", weights, ["adaptive"]);
    return balanceRows(rows);
  }
  const { semantic, coverage, expressive } = weights;
  checkRange(act, "weights.semantic", semantic);
  checkRange(act, "weights.coverage", coverage);
  checkRange(act, "weights.expressive", expressive);
  return tf.tensor1d([semantic, coverage, expressive]);
}

/**
 * Weights and squashes standardised rewards (eq. 11).
 *
 * @param rows Standardised rewards, `[n, B]`. Borrowed.
 * @param weights Weights, `[n]`. Borrowed.
 * @returns Total reward, `[B]`. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { combineRows } from "./total_reward.ts";
 *
 * const rows = tf.tensor2d([[0.2, 0.4], [0.5, 0.1]]);
 * combineRows(rows, tf.tensor1d([1, 2])).print(); // [tanh 1.2, tanh 0.6]
 * ```
 */
export function combineRows(
  rows: tf.Tensor2D,
  weights: tf.Tensor1D,
): tf.Tensor1D {
  return tf.tidy(() => tf.tanh(tf.dot(weights, rows)) as tf.Tensor1D);
}

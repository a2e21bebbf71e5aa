/**
 * The weights λ of eq. 11.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";

/** Weights of the standardised rewards in eq. 11. */
export interface RewardWeights {
  /** λ_sem. */
  semantic: number;
  /** λ_cov. */
  coverage: number;
  /** λ_exp. */
  expressive: number;
}

/** Weights as scalars, as they come out of a traced function. A `type`, for `tf.tidy` and `tf.dispose`. */
export type RewardWeightTensors = {
  /** λ_sem. */
  semantic: tf.Scalar;
  /** λ_cov. */
  coverage: tf.Scalar;
  /** λ_exp. */
  expressive: tf.Scalar;
};

/** The paper's weights: semantic 1, coverage 0.75, expressive 0.25. */
export const PAPER_WEIGHTS: RewardWeights = {
  semantic: 1,
  coverage: 0.75,
  expressive: 0.25,
};

/**
 * Weights as scalars, each by its name.
 *
 * @param weights Semantic, coverage, expressive, `[3]`. Borrowed.
 * @returns The same, one by one. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { nameWeights } from "./reward_weights.ts";
 *
 * nameWeights(tf.tensor1d([1, 0.75, 0.25])).coverage.print(); // 0.75
 * ```
 */
export function nameWeights(weights: tf.Tensor1D): RewardWeightTensors {
  const [semantic, coverage, expressive] = tf.unstack(weights) as tf.Scalar[];
  return { semantic, coverage, expressive };
}

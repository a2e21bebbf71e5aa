/**
 * Eq. 10: standardised rewards.
 *
 * @module
 */
import { checkRange, checkShape } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import { checkFiniteValues } from "./check_features.ts";

/** Stands in for a variance of 0, where the root has no gradient; its own root vanishes beside any eps0. */
const NO_VARIANCE = 1e-30;

/** Options of {@linkcode standardizeRewards}. */
export interface StandardizeRewardsOptions {
  /** Added to the standard deviation, eps0, above 0, in the unit of the rewards. Not printed. @default 1e-6 */
  epsilon?: number;
}

/**
 * Standardised rewards: mean zero and standard deviation one over the batch.
 *
 * R̃ = (R - μ) / (σ + eps0) (eq. 10), with the batch mean μ and the population standard deviation σ. A constant reward
 * becomes 0, with a gradient of 0.
 *
 * @param values One raw reward per sample, `[B]`, at least two. Borrowed.
 * @param options The constant eps0.
 * @returns Standardised rewards, `[B]`, unitless. Owned by the caller.
 * @throws {TypeError} If the tensor has not one axis.
 * @throws {RangeError} If there are fewer than two values, one is NaN or infinite, or `epsilon` is not above 0.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { standardizeRewards } from "@outis/outis/rewards";
 *
 * standardizeRewards(tf.tensor1d([1, 3])).print(); // [-1, 1]
 * ```
 */
export function standardizeRewards(
  values: tf.Tensor1D,
  options: StandardizeRewardsOptions = {},
): tf.Tensor1D {
  const act = "standardize rewards";
  checkShape(act, "values", values, [null]);
  checkRange(act, "number of values", values.shape[0], { min: 2 });
  checkFiniteValues(act, "values", values);
  return tf.tidy(() => {
    const rows = standardizeRows(tf.expandDims(values), options);
    return tf.squeeze(rows, [0]) as tf.Tensor1D;
  });
}

/** The mean that is subtracted from rewards, for several rewards of one batch: `[n, B]` -> a shape that broadcasts with it. */
export type Baseline = (rewards: tf.Tensor2D) => tf.Tensor2D;

/**
 * Eq. 10 for several rewards of one batch at once.
 *
 * @param rewards Rewards, `[n, B]`. Borrowed.
 * @param options The constant eps0.
 * @param baseline What is subtracted before the batch mean; nothing unless given.
 * @returns Standardised rewards, `[n, B]`. Owned by the caller.
 * @throws {RangeError} If `epsilon` is not above 0.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { standardizeRows } from "./standardize_rewards.ts";
 *
 * standardizeRows(tf.tensor2d([[1, 3], [6, 2]]), {}).print(); // [[-1, 1], [1, -1]]
 * ```
 */
export function standardizeRows(
  rewards: tf.Tensor2D,
  options: StandardizeRewardsOptions,
  baseline?: Baseline,
): tf.Tensor2D {
  return tf.tidy(() => {
    const own = baseline === undefined
      ? rewards
      : centreTwice(rewards, baseline);
    const centred = centreTwice(own, (x) => tf.mean(x, 1, true));
    const variance = tf.mean(tf.square(centred), 1, true); // [n, 1]
    return divideByDeviation(centred, variance, options);
  });
}

/**
 * The division of eq. 10.
 *
 * @param centred R - μ, any shape. Borrowed.
 * @param variance σ², of a shape that broadcasts with it. Borrowed.
 * @param options The constant eps0.
 * @returns (R - μ) / (σ + eps0). Owned by the caller.
 * @throws {RangeError} If `epsilon` is not above 0.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { divideByDeviation } from "./standardize_rewards.ts";
 *
 * divideByDeviation(tf.tensor1d([-2, 2]), tf.scalar(4), {}).print(); // [-1, 1]
 * ```
 */
export function divideByDeviation<T extends tf.Tensor>(
  centred: T,
  variance: tf.Tensor,
  options: StandardizeRewardsOptions,
): T {
  const { epsilon = 1e-6 } = options;
  checkRange("standardize rewards", "epsilon", epsilon, {
    min: 0,
    exclusive: "min",
  });
  return tf.tidy(() => {
    const deviation = tf.sqrt(tf.maximum(variance, NO_VARIANCE));
    return tf.div(centred, tf.add(deviation, epsilon)) as T;
  });
}

/** Subtracts a mean, and then what rounding left of it: a constant of 0.84 would keep 6e-8, which eps0 makes visible. */
function centreTwice(rewards: tf.Tensor2D, mean: Baseline): tf.Tensor2D {
  const centred: tf.Tensor2D = tf.sub(rewards, mean(rewards));
  return tf.sub(centred, mean(centred));
}

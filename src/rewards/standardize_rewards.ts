/**
 * Eq. 10: standardised rewards.
 *
 * @module
 */
import { checkRange, checkShape } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";

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
 * @throws {RangeError} If there are fewer than two values, or `epsilon` is not above 0.
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
  return tf.tidy(() => {
    const centred = centreTwice(values, (x) => tf.mean(x));
    return divideByDeviation(
      centred,
      tf.mean(tf.square(centred)),
      options,
    );
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

/**
 * Subtracts a mean, and then what rounding left of it: without the second pass a constant of 0.84 would keep 6e-8, which
 * the division by eps0 makes visible.
 *
 * @param values Values, any shape. Borrowed.
 * @param mean How the mean is taken; of a shape that broadcasts with the values.
 * @returns Centred values, same shape. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { assertEquals } from "@std/assert";
 * import { centreTwice } from "./standardize_rewards.ts";
 *
 * const centred = centreTwice(tf.tensor1d([1, 3]), (x) => tf.mean(x));
 * assertEquals(centred.arraySync(), [-1, 1]);
 * ```
 */
export function centreTwice<T extends tf.Tensor>(
  values: T,
  mean: (values: T) => tf.Tensor,
): T {
  return tf.tidy(() => {
    const centred = tf.sub(values, mean(values)) as T;
    return tf.sub(centred, mean(centred)) as T;
  });
}

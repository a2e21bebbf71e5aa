/**
 * How far a transition is from the cold start's.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import type { Transition } from "../diffusion/mod.ts";
import { epsilonKl, gaussianKl } from "../policy/mod.ts";

/**
 * The divergence of two transitions from one state.
 *
 * `"gaussian"`: KL in closed form, nats per dimension; where there is no noise it is taken with deviation 1, a plain
 * distance. `"epsilon"`: the mean squared difference of the predicted noises.
 *
 * @param kind Which.
 * @returns A function of the present transition and the cold start's (borrowed), `[B]`, owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { divergenceOf } from "./divergence.ts";
 *
 * const at = (value: number) => ({
 *   mean: tf.fill([1, 2, 2, 1], value) as tf.Tensor4D,
 *   noise: tf.fill([1, 2, 2, 1], value) as tf.Tensor4D,
 *   deviation: tf.scalar(0.5),
 *   logDeviation: tf.scalar(Math.log(0.5)),
 * });
 * divergenceOf("gaussian")(at(1), at(0)).print(); // [2], which is 1 / (2 · 0.25)
 * ```
 */
export function divergenceOf(
  kind: "gaussian" | "epsilon" = "gaussian",
): (now: Transition, cold: Transition) => tf.Tensor1D {
  if (kind === "epsilon") {
    return (now, cold) => epsilonKl(now.noise, cold.noise);
  }
  return (now, cold) =>
    tf.tidy(() =>
      gaussianKl(now.mean, cold.mean, aboveZero(now.deviation), {
        otherDeviation: aboveZero(cold.deviation),
      })
    );
}

function aboveZero(deviation: tf.Tensor): tf.Tensor {
  const isNoisy = tf.greater(deviation, 0);
  return tf.where(isNoisy, deviation, tf.onesLike(deviation));
}

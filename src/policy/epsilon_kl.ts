/**
 * How far the network's answers have moved.
 *
 * @module
 */
import { checkShape } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";

/**
 * Mean squared difference of predicted noises, DPOK's penalty as its authors' code has it:
 *
 * mean_d (ε_d - ε'_d)²
 *
 * It is the closed form `gaussianKl` without its weight: for equal deviations KL = B² / (2σ²) times this, B being the
 * weight of ε in the transition's mean. So all transitions count alike, where KL in nats dwells on the last ones.
 *
 * @param noise ε under the weights that are trained, `[B, ...]`. Borrowed.
 * @param other ε' under the cold start's, of the same shape. Borrowed.
 * @returns `[B]`, unitless. Owned by the caller.
 * @throws {TypeError} If the shapes differ.
 *
 * @example
 * ```ts
 * import { epsilonKl } from "@outis/outis/policy";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * console.log(epsilonKl(tf.tensor2d([[1, 3]]), tf.zeros([1, 2])).arraySync()); // [(1 + 9) / 2]
 * ```
 */
export function epsilonKl(noise: tf.Tensor, other: tf.Tensor): tf.Tensor1D {
  checkShape("compare predictions", "other", other, noise.shape);
  return tf.tidy(() => {
    const squares = tf.square(tf.sub(noise, other));
    return tf.mean(tf.reshape(squares, [noise.shape[0], -1]), 1);
  }) as tf.Tensor1D;
}

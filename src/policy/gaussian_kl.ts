/**
 * How far the policy has moved.
 *
 * @module
 */
import { checkRange, checkShape } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";

/**
 * Kullback-Leibler divergence of two Gaussian transitions with the same variance, the mean over dimensions:
 *
 * KL(N(μ, σ²) || N(μ', σ²)) = mean_d (μ_d - μ'_d)² / (2σ²)
 *
 * DPOK's penalty KL(p_θ(.|x_t, c) || p_cold(.|x_t, c)) in closed form, up to the scale 1/dimensions that the
 * log-densities of this project have.
 *
 * @param mean μ, `[B, ...]`. Borrowed.
 * @param other μ', of the same shape. Borrowed.
 * @param deviation σ, above 0, a scalar.
 * @returns `[B]`, nats per dimension. Owned by the caller.
 * @throws {TypeError} If the shapes differ.
 * @throws {RangeError} If σ is a number not above 0.
 *
 * @example
 * ```ts
 * import { gaussianKl } from "@outis/outis/policy";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const kl = gaussianKl(tf.ones([1, 3]), tf.zeros([1, 3]), tf.scalar(0.5));
 * console.log(kl.arraySync()); // [2]
 * ```
 */
export function gaussianKl(
  mean: tf.Tensor,
  other: tf.Tensor,
  deviation: tf.Scalar | number,
): tf.Tensor1D {
  const act = "compare transitions";
  checkShape(act, "other", other, mean.shape);
  if (typeof deviation === "number") {
    checkRange(act, "deviation", deviation, { min: 0, exclusive: true });
  }
  return tf.tidy(() => {
    const z = tf.div(tf.sub(mean, other), deviation);
    const squares = tf.reshape(tf.square(z), [mean.shape[0], -1]);
    return tf.mul(0.5, tf.mean(squares, 1)) as tf.Tensor1D;
  });
}

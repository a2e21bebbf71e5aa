/**
 * Latents from an autoencoder's posterior.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";

/**
 * Draws from the posterior, z = mean + exp(log σ² / 2) noise; without noise its mode, the mean.
 *
 * @param posterior Mean and log-variance, of the same shape. Borrowed.
 * @param noise Standard normal numbers of that shape. Borrowed.
 * @returns Unscaled latents. Owned by the caller.
 *
 * @example
 * ```ts
 * import { samplePosterior } from "@outis/outis/models";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const mean = tf.fill([1, 1, 1, 1], 3) as tf.Tensor4D;
 * const logVariance = tf.fill([1, 1, 1, 1], Math.log(4)) as tf.Tensor4D;
 * const noise = tf.ones([1, 1, 1, 1]) as tf.Tensor4D;
 * console.log(samplePosterior({ mean, logVariance }, noise).dataSync()); // 3 + 2 · 1
 * ```
 */
export function samplePosterior(
  posterior: { mean: tf.Tensor4D; logVariance: tf.Tensor4D },
  noise?: tf.Tensor4D,
): tf.Tensor4D {
  const { mean, logVariance } = posterior;
  if (noise === undefined) return tf.clone(mean);
  return tf.tidy(() => {
    const deviation = tf.exp(tf.mul(logVariance, 0.5));
    return tf.add(mean, tf.mul(deviation, noise)) as tf.Tensor4D;
  });
}

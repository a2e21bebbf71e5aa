/**
 * Where the latents of a generator lie, learned from examples of them.
 *
 * @module
 */
import { rowNoise } from "../brownian/mod.ts";
import type { RandomStream } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";

/** The middle and the spread of example latents. */
export interface LatentSpread extends Disposable {
  /** D. */
  dimensions: number;
  /** A latent M(z) from each stream, `[n, D]`, with mean 0 and the examples' covariance, of unit mean variance. */
  sample: (streams: readonly RandomStream[]) => tf.Tensor2D;
  /** Latents `[n, D]` to the generator's own units. Differentiable. */
  toOwn: (latents: tf.Tensor2D) => tf.Tensor2D;
  /** Gradients in the generator's own units, `[n, D]`, to those in these. */
  pullBack: (gradients: tf.Tensor2D) => tf.Tensor2D;
}

/**
 * Learns mean and covariance of examples. Latents are measured from their mean, in units of their spread (the root of the
 * mean variance of a coordinate), so that one set of constants serves all generators. A sample is a normal mixture of the
 * examples, M(z) = Σ_k z_k x_k / √(K - 1) with the centred examples x_k: the normal distribution of their covariance.
 *
 * @param examples `[K, D]`, at least two. Borrowed.
 * @returns Mean and spread, to be disposed by the caller.
 * @throws {RangeError} If there are fewer than two examples, or all are the same.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { latentSpread } from "./latent_spread.ts";
 *
 * using spread = latentSpread(tf.tensor2d([[1, 5], [5, 5]]));
 * spread.toOwn(tf.tensor2d([[1, 0]])).print(); // [[5, 5]]: the deviation of a coordinate is 2
 * ```
 */
export function latentSpread(examples: tf.Tensor2D): LatentSpread {
  const [count, dimensions] = examples.shape;
  const act = "learn the spread of latents";
  if (count < 2) {
    throw new RangeError(
      `Cannot ${act} as 'examples' must be at least two: current value is ${count}`,
    );
  }
  const { mean, mixture, deviation } = tf.tidy(() => {
    const mean = tf.mean(examples, 0) as tf.Tensor1D;
    const centred = tf.sub(examples, mean);
    const deviation = Math.sqrt(
      tf.sum(tf.square(centred)).dataSync()[0] / ((count - 1) * dimensions),
    );
    if (!(deviation > 0)) {
      throw new RangeError(
        `Cannot ${act} as 'examples' must differ: current value is a deviation of ${deviation}`,
      );
    }
    const size = deviation * Math.sqrt(count - 1);
    return { mean, mixture: tf.div(centred, size) as tf.Tensor2D, deviation };
  }) as { mean: tf.Tensor1D; mixture: tf.Tensor2D; deviation: number };
  return {
    dimensions,
    sample(streams) {
      return tf.tidy(() => tf.matMul(rowNoise(streams, count), mixture));
    },
    toOwn: (latents) =>
      tf.tidy(() => tf.add(mean, tf.mul(deviation, latents)) as tf.Tensor2D),
    pullBack: (gradients) => tf.mul(deviation, gradients),
    [Symbol.dispose]: () => tf.dispose([mean, mixture]),
  };
}

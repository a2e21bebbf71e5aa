/**
 * What a private training may see of its gradients.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { checkRange, type Params, type RandomStream } from "../core/mod.ts";

/** Options of {@linkcode noisyMean}. */
export interface NoisyMeanOptions {
  /** C, the clipping norm, above 0. */
  clip: number;
  /** σ, deviation of the noise over C, at least 0. */
  noiseMultiplier: number;
  /** Units that a batch has on average, q N, above 0; how many there really were must not show. */
  expectedUnits: number;
  /** ε, standard normal numbers of the sum's shapes. Borrowed. */
  noise: Params;
}

/**
 * (sum + σ C ε) / (q N), the noisy mean of clipped gradients: the Gaussian mechanism.
 *
 * @param sum Of `clippedSum`, over all units of a batch; zeros where the batch is empty. Borrowed.
 * @param options Clip, noise, and what to divide by.
 * @returns Gradients of the sum's names and shapes. Owned by the caller.
 * @throws {RangeError} If an option is out of its range.
 *
 * @example
 * ```ts
 * import { noisyMean } from "@outis/outis/privacy";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const mean = noisyMean({ w: tf.tensor1d([4]) }, {
 *   clip: 1,
 *   noiseMultiplier: 2,
 *   expectedUnits: 8,
 *   noise: { w: tf.tensor1d([-1]) },
 * });
 * console.log(mean.w.arraySync()); // [0.25]: (4 - 2) / 8
 * ```
 */
export function noisyMean(sum: Params, options: NoisyMeanOptions): Params {
  const { clip, noiseMultiplier, expectedUnits, noise } = options;
  const act = "add noise to gradients";
  checkRange(act, "clip", clip, { min: 0, exclusive: true });
  checkRange(act, "noiseMultiplier", noiseMultiplier, { min: 0 });
  checkRange(act, "expectedUnits", expectedUnits, { min: 0, exclusive: true });
  return tf.tidy(() =>
    Object.fromEntries(
      Object.entries(sum).map(([name, total]) => [
        name,
        tf.div(
          tf.add(total, tf.mul(noise[name], noiseMultiplier * clip)),
          expectedUnits,
        ),
      ]),
    )
  );
}

/**
 * Standard normal numbers in the shapes of a record, each tensor from a stream of its own.
 *
 * From the counter-based generator of core/: reproducible, but no cryptographic one, and in float32. Against somebody who
 * can guess the seed, or read the last bits of the weights (Mironov, 2012), it is no protection.
 *
 * @param like The shapes. Borrowed.
 * @param random Where the numbers come from; secret, where the result is to be published.
 * @returns Owned by the caller.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { gaussianNoise } from "@outis/outis/privacy";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const { w } = gaussianNoise({ w: tf.zeros([2, 3]) }, randomStream(1));
 * console.log(w.shape); // [2, 3]
 * ```
 */
export function gaussianNoise(like: Params, random: RandomStream): Params {
  return Object.fromEntries(
    Object.entries(like).map(([name, { size, shape }]) => [
      name,
      tf.tensor(random.fork(name).normals(size), shape),
    ]),
  );
}

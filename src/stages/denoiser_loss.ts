/**
 * What a diffusion transformer is trained on, sample by sample.
 *
 * @module
 */
import type { Params } from "../core/mod.ts";
import {
  denoisingLoss,
  type NoiseLevels,
  type PosteriorLevels,
  variationalBound,
} from "../diffusion/mod.ts";
import { tf } from "../engine/mod.ts";
import type { Generator } from "./generator.ts";

/** A batch of latents with all that was drawn for it. A `type`, to go through `jit`. */
export type DenoiserBatch = {
  /** x_0, `[B, H, W, C]`. */
  clean: tf.Tensor4D;
  /** Classes, `[B]`, int32. */
  labels: tf.Tensor1D;
  /** ε, of x_0's shape. */
  noise: tf.Tensor4D;
  /** The schedule at the times. */
  levels: NoiseLevels;
  /** The same for the variational bound, with a learned variance. */
  posterior?: PosteriorLevels;
};

/**
 * The denoising loss; with a learned variance, plus its variational bound, as DiT.
 *
 * @param generator Transformer, and what it predicts.
 * @param params Weights of the transformer. Borrowed.
 * @param batch Latents, classes, noise, times. Borrowed.
 * @returns `[B]`. Owned by the caller.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { diffusionSchedule, noiseLevels } from "@outis/outis/diffusion";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { dit, smallAutoencoder, smallDit } from "@outis/outis/models";
 * import { denoiserLoss } from "./denoiser_loss.ts";
 *
 * await useBackend("auto");
 * const denoiser = dit(
 *   smallDit({ height: 2, width: 2, channels: 4, patch: 1, hidden: 32, depth: 1, heads: 2, classes: 2 }),
 * );
 * const params = denoiser.init(randomStream(1));
 * const config = {
 *   schema: 1 as const,
 *   autoencoder: smallAutoencoder(),
 *   dit: denoiser.config,
 *   diffusion: { kind: "linear" as const, steps: 1000, prediction: "noise" as const },
 *   identities: [],
 * };
 * const batch = {
 *   clean: tf.zeros([3, 2, 2, 4]) as tf.Tensor4D,
 *   labels: tf.tensor1d([0, 1, 0], "int32"),
 *   noise: tf.ones([3, 2, 2, 4]) as tf.Tensor4D,
 *   levels: noiseLevels(diffusionSchedule(), [10, 500, 900]),
 * };
 * // The network begins as zero everywhere, so it misses noise of 1 by 1.
 * console.log(denoiserLoss({ dit: denoiser, config }, params, batch).arraySync()); // [1, 1, 1]
 * ```
 */
export function denoiserLoss(
  generator: Pick<Generator, "dit" | "config">,
  params: Params,
  batch: DenoiserBatch,
): tf.Tensor1D {
  const { dit, config: { diffusion: { prediction } } } = generator;
  const { clean, labels, noise, levels, posterior } = batch;
  return tf.tidy(() => {
    const terms: tf.Tensor[] = [];
    const squares = denoisingLoss(
      (state, times) => {
        const both = dit.apply(params, state, times, labels);
        if (!dit.config.learnSigma) return both;
        const [output, range] = tf.split(both, 2, 3) as tf.Tensor4D[];
        terms.push(variationalBound({
          clean,
          state,
          output,
          range,
          levels: posterior!,
          prediction,
        }));
        return output;
      },
      clean,
      { noise, levels, prediction },
    );
    return tf.addN([squares, ...terms]) as tf.Tensor1D;
  });
}

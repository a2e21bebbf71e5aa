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
 * import type { Params } from "@outis/outis/core";
 * import { tf } from "@outis/outis/engine";
 * import type { Generator } from "@outis/outis/stages";
 * import { type DenoiserBatch, denoiserLoss } from "./denoiser_loss.ts";
 *
 * function meanLoss(generator: Generator, params: Params, batch: DenoiserBatch) {
 *   return tf.mean(denoiserLoss(generator, params, batch));
 * }
 * console.log(meanLoss.length); // 3
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

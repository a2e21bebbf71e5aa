/**
 * The slopes that gradients of single samples are made from, by one backward pass of the whole batch.
 *
 * @module
 */
import type { Params } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import { valueAndGradients } from "../optim/mod.ts";
import { CLASS_TABLE } from "./condition_latents.ts";
import { type DenoiserBatch, denoiserLoss } from "./denoiser_loss.ts";
import type { Generator } from "./generator.ts";
import type { SampleSlopes } from "./private_weights.ts";

/**
 * Differentiates the sum of all samples' losses by what belongs to one sample each: the embedding of its class, and offsets
 * of zeros behind the adaLN layers. No sample's loss depends on another's, so row b is the slope of sample b's loss.
 *
 * @param generator Transformer, and what it predicts.
 * @param params All weights of the transformer. Borrowed.
 * @param batch Latents, classes, noise, times. Borrowed.
 * @param layers Widths of the layers by name.
 * @returns Slopes, and the losses `[B]`. Owned by the caller.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { diffusionSchedule, noiseLevels } from "@outis/outis/diffusion";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { dit, smallAutoencoder, smallDit } from "@outis/outis/models";
 * import { sampleSlopes } from "./sample_slopes.ts";
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
 * const { slopes, losses } = sampleSlopes({ dit: denoiser, config }, params, batch, {});
 * console.log(losses.shape, slopes.rows.shape); // [3] [3, 32]: a row for each sample's class
 * ```
 */
export function sampleSlopes(
  generator: Pick<Generator, "dit" | "config">,
  params: Params,
  batch: DenoiserBatch,
  layers: { [layer: string]: number },
): { slopes: SampleSlopes; losses: tf.Tensor1D } {
  const { labels, levels } = batch;
  const [count] = labels.shape;
  return tf.tidy(() => {
    // Each sample has a class of its own, in a table that holds nothing else.
    const table = tf.gather(params[CLASS_TABLE], labels);
    const own = tf.range(0, count, 1, "int32");
    const offsets = Object.fromEntries(
      Object.entries(layers).map((
        [layer, width],
      ) => [`${layer}.offsets`, tf.zeros([count, width])]),
    );
    const { parts, gradients } = valueAndGradients(
      (taken) => {
        const losses = denoiserLoss(generator, { ...params, ...taken }, {
          ...batch,
          labels: own,
        });
        return { loss: tf.sum(losses), losses };
      },
      { [CLASS_TABLE]: table, ...offsets },
    );
    const condition = generator.dit.condition(
      { ...params, [CLASS_TABLE]: table },
      levels.times,
      own,
    );
    const slopes: SampleSlopes = {
      inputs: tf.mul(condition, tf.sigmoid(condition)),
      labels: tf.clone(labels),
      rows: gradients[CLASS_TABLE] as tf.Tensor2D,
      slopes: Object.fromEntries(
        Object.keys(layers).map((
          layer,
        ) => [layer, gradients[`${layer}.offsets`] as tf.Tensor2D]),
      ),
    };
    return { slopes, losses: parts.losses as tf.Tensor1D };
  });
}

/**
 * Training of the small autoencoder: from scratch on the procedural world, or its decoder on a target.
 *
 * @module
 */
import { jit, tf } from "../engine/mod.ts";
import { cloneParams, type Params, randomStream } from "../core/mod.ts";
import {
  augment,
  gatherPixels,
  type ImageSet,
  shuffledBatches,
} from "../data/mod.ts";
import type { Autoencoder } from "../models/mod.ts";
import {
  adam,
  clipByNorm,
  cosineRate,
  valueAndGradients,
} from "../optim/mod.ts";
import { divide, join, part } from "./training_state.ts";
import { trainingLoop, type TrainingOptions } from "./training_loop.ts";

/** Options of {@linkcode trainAutoencoder}. */
export interface TrainAutoencoderOptions extends TrainingOptions {
  /** Number of steps. */
  steps: number;
  /**
   * Images in a step.
   *
   * @default {32}
   */
  batchSize?: number;
  /**
   * Highest learning rate; it follows half a cosine.
   *
   * @default {1e-3}
   */
  rate?: number;
  /**
   * What is trained. `"decoder"` keeps the latent space as a denoiser knows it.
   *
   * @default {"all"}
   */
  trainable?: "all" | "decoder";
  /**
   * Weight of the posterior's divergence from the standard normal.
   *
   * @default {1e-6}
   */
  klWeight?: number;
  /**
   * Seed of batches, flips and latent noise.
   *
   * @default {0}
   */
  seed?: number;
}

/**
 * Trains an autoencoder on images.
 *
 * Loss: mean |x̂ - x| + ½ mean |∇x̂ - ∇x| + klWeight · KL, where ∇ are the differences of neighbouring pixels: they
 * keep edges that a plain L1 loss blurs.
 *
 * @param model The network.
 * @param params Weights to start from. Borrowed.
 * @param images Images of the model's size.
 * @param options Lengths, rates, what is trained.
 * @returns All weights. Owned by the caller.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import { autoencoder, smallAutoencoder } from "@outis/outis/models";
 * import { trainAutoencoder } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * await useBackend("auto");
 * const sizes = smallAutoencoder({ height: 16, width: 16, widths: [8, 8, 8] });
 * const model = autoencoder(sizes);
 * const faces = proceduralFaces({ identities: 2, imagesPerIdentity: 2, size: 16 });
 * const params = await trainAutoencoder(model, model.init(randomStream(1)), faces, {
 *   steps: 2,
 *   batchSize: 4,
 *   onStep: (done, steps, { loss }) => console.log(done, steps, loss),
 * });
 * console.log("decoder.out.weight" in params); // true
 * ```
 */
export async function trainAutoencoder(
  model: Autoencoder,
  params: Params,
  images: ImageSet,
  options: TrainAutoencoderOptions,
): Promise<Params> {
  const {
    steps,
    batchSize = 32,
    rate = 1e-3,
    trainable = "all",
    klWeight = 1e-6,
    seed = 0,
    ...loop
  } = options;
  const { height, width } = model.config;
  const random = randomStream(seed, "train-autoencoder");
  const batches = shuffledBatches(images.count, { batchSize, random });
  const optimizer = adam({ beta2: 0.99 });
  const isTrained = (name: string) =>
    trainable === "all" || name.startsWith("decoder.");
  const { chosen, rest } = divide(params, isTrained);

  const update = jit((
    state: { weights: Params; optimizer: Params },
    frozen: Params,
    x: tf.Tensor4D,
    noise: tf.Tensor4D,
    size: tf.Scalar,
  ) => {
    const { value, parts, gradients } = valueAndGradients((weights) => {
      const all = { ...frozen, ...weights };
      const { mean, logVariance } = model.posterior(all, x);
      const deviation = tf.exp(tf.mul(0.5, logVariance));
      const latents = tf.add(mean, tf.mul(deviation, noise)) as tf.Tensor4D;
      const { scale } = model.config;
      const output = model.decode(all, tf.mul(latents, scale));
      const difference = tf.sub(output, x);
      const absolute = tf.mean(tf.abs(difference));
      const [down, right] = slopes(difference as tf.Tensor4D);
      const edges = tf.add(tf.mean(tf.abs(down)), tf.mean(tf.abs(right)));
      const divergence = tf.mean(tf.mul(
        0.5,
        tf.sub(
          tf.add(tf.square(mean), tf.square(deviation)),
          tf.add(1, logVariance),
        ),
      ));
      const loss = tf.addN([
        absolute,
        tf.mul(0.5, edges),
        tf.mul(klWeight, divergence),
      ]);
      return { loss, absolute };
    }, state.weights);
    const clipped = clipByNorm(gradients, 1);
    const next = optimizer.update(
      state.weights,
      clipped.gradients,
      state.optimizer,
      size,
    );
    return {
      weights: next.params,
      optimizer: next.state,
      metrics: {
        loss: value,
        absolute: parts.absolute as tf.Scalar,
        norm: clipped.norm,
      },
    };
  });

  using traces = new DisposableStack();
  traces.defer(update.dispose);
  const start = cloneParams(chosen);
  const state = await trainingLoop({
    name: "the autoencoder",
    steps,
    ...loop,
    state: join(start, optimizer.init(start)),
    step: (state, index) => {
      const pixels = augment(gatherPixels(images, batches(index)), {
        height,
        width,
        random: random.fork("augment", index),
      });
      const shape = [batchSize, ...model.latentShape] as [
        number,
        number,
        number,
        number,
      ];
      const count = shape.reduce((a, b) => a * b);
      return tf.tidy(() => {
        const x = tf.tensor4d(pixels, [batchSize, height, width, 3]);
        const noise = random.fork("noise", index).normals(count);
        const size = cosineRate(index, { peak: rate, steps, warmup: 50 });
        const { weights, optimizer, metrics } = update(
          part(state),
          rest,
          x,
          tf.tensor4d(noise, shape),
          tf.scalar(size),
        );
        return { state: join(weights, optimizer), metrics };
      });
    },
  });
  const { weights, optimizer: spent } = part(state);
  tf.dispose(spent);
  return { ...cloneParams(rest), ...weights };
}

/** Differences between neighbouring rows and columns. */
function slopes(x: tf.Tensor4D): [tf.Tensor, tf.Tensor] {
  const [b, h, w, c] = x.shape;
  return [
    tf.sub(
      tf.slice(x, [0, 1, 0, 0], [b, h - 1, w, c]),
      tf.slice(x, [0, 0, 0, 0], [b, h - 1, w, c]),
    ),
    tf.sub(
      tf.slice(x, [0, 0, 1, 0], [b, h, w - 1, c]),
      tf.slice(x, [0, 0, 0, 0], [b, h, w - 1, c]),
    ),
  ];
}

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
import type { TrainedRecognizer } from "./train_recognizer.ts";
import { divide, join, part } from "./training_state.ts";
import { trainingLoop, type TrainingOptions } from "./training_loop.ts";

/** A recogniser and its weights, which stay as they are. */
export type Critic = Pick<TrainedRecognizer, "model" | "params">;

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
   * More images in each step, of other sizes: each through a model of that size with the same weights, `batchSize` of
   * each. The loss is the mean over the sets.
   *
   * @default {[]}
   */
  also?: readonly { model: Autoencoder; images: ImageSet; critic?: Critic }[];
  /**
   * A recogniser to whom images that come back must look like the same person: what tells people apart is a few pixels, and
   * the loss hardly sees them.
   *
   * @default none
   */
  critic?: Critic | undefined;
  /**
   * Weight of what critics say.
   *
   * @default {0.2}
   */
  criticWeight?: number;
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
 * Loss: mean |x̂ - x| + ½ mean |∇x̂ - ∇x| + klWeight · KL + criticWeight · mean (1 - cos(f(x̂), f(x))), where ∇ are the
 * differences of neighbouring pixels, which keep edges that a plain L1 loss blurs, and f are a critic's features.
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
    also = [],
    critic,
    criticWeight = 0.2,
    seed = 0,
    ...loop
  } = options;
  const random = randomStream(seed, "train-autoencoder");
  const sources = [{ model, images, critic }, ...also].map((source, k) => {
    // The first as ever, whatever else there is.
    const stream = k === 0 ? random : random.fork("also", k);
    const { count } = source.images;
    const batches = shuffledBatches(count, { batchSize, random: stream });
    return { ...source, random: stream, batches };
  });
  const optimizer = adam({ beta2: 0.99 });
  const isTrained = (name: string) =>
    trainable === "all" || name.startsWith("decoder.");
  const { chosen, rest } = divide(params, isTrained);

  const lossOf = (
    { model, critic }: { model: Autoencoder; critic?: Critic | undefined },
    all: Params,
    { x, noise, judge }: {
      x: tf.Tensor4D;
      noise: tf.Tensor4D;
      judge: Params;
    },
  ) => {
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
      ...(critic === undefined ? [] : [
        tf.mul(criticWeight, strangeness(critic, judge, output, x)),
      ]),
    ]);
    return {
      loss: loss as tf.Scalar,
      absolute: absolute as tf.Scalar,
      deviation: tf.mean(deviation) as tf.Scalar,
    };
  };

  const update = jit((
    state: { weights: Params; optimizer: Params },
    frozen: Params,
    batch: { x: tf.Tensor4D; noise: tf.Tensor4D; judge: Params }[],
    size: tf.Scalar,
  ) => {
    const { value, parts, gradients } = valueAndGradients((weights) => {
      const all = { ...frozen, ...weights };
      const terms = sources.map((source, k) => lossOf(source, all, batch[k]));
      const mean = (values: tf.Scalar[]) =>
        tf.div(tf.addN(values), values.length) as tf.Scalar;
      return {
        loss: mean(terms.map(({ loss }) => loss)),
        absolute: mean(terms.map(({ absolute }) => absolute)),
        deviation: mean(terms.map(({ deviation }) => deviation)),
      };
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
        deviation: parts.deviation as tf.Scalar,
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
    step: (state, index) =>
      tf.tidy(() => {
        const batch = sources.map((source) => {
          const { model, images, batches, random } = source;
          const { height, width } = model.config;
          const pixels = augment(gatherPixels(images, batches(index)), {
            height,
            width,
            random: random.fork("augment", index),
          });
          const shape: [number, number, number, number] = [
            batchSize,
            ...model.latentShape,
          ];
          const count = shape.reduce((a, b) => a * b);
          return {
            x: tf.tensor4d(pixels, [batchSize, height, width, 3]),
            noise: tf.tensor4d(
              random.fork("noise", index).normals(count),
              shape,
            ),
            judge: source.critic?.params ?? {},
          };
        });
        const size = cosineRate(index, { peak: rate, steps, warmup: 50 });
        const { weights, optimizer, metrics } = update(
          part(state),
          rest,
          batch,
          tf.scalar(size),
        );
        return { state: join(weights, optimizer), metrics };
      }),
  });
  const { weights, optimizer: spent } = part(state);
  tf.dispose(spent);
  return { ...cloneParams(rest), ...weights };
}

/** One less the mean cosine between a critic's features of what came back and of what was given. */
function strangeness(
  { model }: Critic,
  params: Params,
  output: tf.Tensor4D,
  x: tf.Tensor4D,
): tf.Tensor {
  const featuresOf = (images: tf.Tensor4D) => {
    const features = model.apply(params, images);
    return tf.div(features, tf.add(tf.norm(features, 2, 1, true), 1e-6));
  };
  const cosines = tf.sum(tf.mul(featuresOf(output), featuresOf(x)), 1);
  return tf.sub(1, tf.mean(cosines));
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

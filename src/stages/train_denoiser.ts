/**
 * Training of the diffusion transformer on latents: the prior's training and the cold start are both this.
 *
 * @module
 */
import { jit, owned, tf } from "../engine/mod.ts";
import { cloneParams, type Params, randomStream } from "../core/mod.ts";
import { shuffledBatches } from "../data/mod.ts";
import { noiseLevels, posteriorLevels } from "../diffusion/mod.ts";
import {
  adam,
  averageStep,
  clipByNorm,
  cosineRate,
  valueAndGradients,
} from "../optim/mod.ts";
import {
  type ClassFeatures,
  featureWeights,
  mergeFeatures,
} from "./class_features.ts";
import { type DenoiserBatch, denoiserLoss } from "./denoiser_loss.ts";
import { gatherLatents, type LatentSet } from "./encode_images.ts";
import type { Generator } from "./generator.ts";
import { divide, join, part } from "./training_state.ts";
import { trainingLoop, type TrainingOptions } from "./training_loop.ts";

/** Options of {@linkcode trainDenoiser}. */
export interface TrainDenoiserOptions extends TrainingOptions {
  /** Name of the training, for messages. */
  name: string;
  /** Number of steps. */
  steps: number;
  /**
   * Latents in a step.
   *
   * @default {128}
   */
  batchSize?: number;
  /** Highest learning rate. */
  rate: number;
  /**
   * Rate at the end, as a share of the highest; half a cosine leads there.
   *
   * @default {0.05}
   */
  rateFloor?: number;
  /**
   * Names of the weights that are trained.
   *
   * @default {/./} all
   */
  trainable?: RegExp;
  /**
   * Share of the labels replaced by the null class, so that guidance has something to compare with.
   *
   * @default {0.1}
   */
  labelDropout?: number;
  /**
   * Decay of the moving average of weights that is returned; 0 returns the weights themselves. It warms up, so that
   * short trainings are not held back.
   *
   * @default {0.999}
   */
  average?: number;
  /**
   * What is known of the classes: the class table is then trained as a free part plus a linear map of these, so that
   * classes learn from each other. The table that is returned has both added up.
   *
   * @default none
   */
  classFeatures?: ClassFeatures | undefined;
  /**
   * Seed of batches, noise and times.
   *
   * @default {0}
   */
  seed?: number;
}

/**
 * Minimises the denoising loss over latents, uniformly drawn times and noise; with a learned variance, plus its
 * variational bound, as DiT.
 *
 * @param generator Its transformer is trained; the generator itself stays as it is.
 * @param latents What to learn. Labels are classes of the transformer.
 * @param options Lengths, rates, what is trained.
 * @returns All weights of the transformer. Owned by the caller.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { encodeImages, loadGenerator, priorUrl, trainDenoiser } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * await useBackend("auto");
 * const prior = await loadGenerator(priorUrl());
 * const faces = proceduralFaces({ identities: 2, imagesPerIdentity: 1, size: 64 });
 * const latents = await encodeImages(prior, faces);
 * const params = await trainDenoiser(prior, latents, {
 *   name: "a trial",
 *   steps: 1,
 *   batchSize: 4,
 *   rate: 1e-4,
 * });
 * console.log("final_layer.linear.weight" in params); // true
 * ```
 */
export async function trainDenoiser(
  generator: Pick<Generator, "dit" | "schedule" | "config" | "params">,
  latents: LatentSet,
  options: TrainDenoiserOptions,
): Promise<Params> {
  const {
    steps,
    batchSize = 128,
    rate,
    rateFloor = 0.05,
    trainable = /./,
    labelDropout = 0.1,
    average = 0.999,
    classFeatures,
    seed = 0,
    ...loop
  } = options;
  const { dit, schedule, params } = generator;
  const random = randomStream(seed, "train-denoiser");
  const batches = shuffledBatches(latents.count, { batchSize, random });
  const optimizer = adam({ beta2: 0.99 });
  const { chosen, rest } = divide(params.dit, (name) => trainable.test(name));
  const { known, map } = featureWeights(classFeatures, dit);
  using features = owned(known);

  const update = jit((
    state: { weights: Params; optimizer: Params },
    frozen: Params,
    batch: DenoiserBatch,
    size: tf.Scalar,
    decay: tf.Scalar,
  ) => {
    const { value, gradients } = valueAndGradients((weights) => {
      const all = mergeFeatures({ ...frozen, ...weights });
      return tf.mean(denoiserLoss(generator, all, batch));
    }, state.weights);
    const clipped = clipByNorm(gradients, 1);
    const { averaged, optimizer: moments } = takeAverage(state.optimizer);
    const next = optimizer.update(
      state.weights,
      clipped.gradients,
      moments,
      size,
    );
    const mean = averageStep(averaged, next.params, decay);
    return {
      weights: next.params,
      optimizer: { ...next.state, ...withAverage(mean) },
      metrics: { loss: value, norm: clipped.norm },
    };
  });

  using traces = new DisposableStack();
  traces.defer(update.dispose);
  const start = { ...cloneParams(chosen), ...map };
  const state = await trainingLoop({
    steps,
    ...loop,
    state: join(start, {
      ...optimizer.init(start),
      ...withAverage(cloneParams(start)),
    }),
    step: (state, index) => {
      const indices = batches(index);
      const draw = random.fork("step", index);
      const times = Array.from(
        draw.fork("times").uniforms(batchSize),
        (u) => Math.floor(u * schedule.steps),
      );
      const drops = draw.fork("drop").uniforms(batchSize);
      const labels = Int32Array.from(
        indices,
        (i, k) =>
          drops[k] < labelDropout ? dit.config.classes : latents.labels[i],
      );
      return tf.tidy(() => {
        const clean = gatherLatents(latents, indices);
        const noise = draw.fork("noise").normals(clean.size);
        const size = cosineRate(index, {
          peak: rate,
          steps,
          warmup: Math.min(100, Math.ceil(steps / 10)),
          floor: rateFloor,
        });
        const decay = Math.min(average, (1 + index) / (10 + index));
        const { weights, optimizer, metrics } = update(
          part(state),
          { ...rest, ...features.value },
          {
            clean,
            labels: tf.tensor1d(labels, "int32"),
            noise: tf.tensor4d(noise, clean.shape),
            levels: noiseLevels(schedule, times),
            posterior: dit.config.learnSigma
              ? posteriorLevels(schedule, times)
              : undefined,
          },
          tf.scalar(size),
          tf.scalar(average === 0 ? 0 : decay),
        );
        return { state: join(weights, optimizer), metrics };
      });
    },
  });
  const { weights, optimizer: spent } = part(state);
  const { averaged, optimizer: moments } = takeAverage(spent);
  tf.dispose([weights, moments]);
  using learned = owned(averaged);
  return tf.tidy(() =>
    cloneParams(
      mergeFeatures({ ...rest, ...features.value, ...learned.value }),
    )
  );
}

const AVERAGE = "average/";

/** Names of the moving average inside the optimiser's state. */
function withAverage(averaged: Params): Params {
  return Object.fromEntries(
    Object.entries(averaged).map(([name, a]) => [AVERAGE + name, a]),
  );
}

function takeAverage(
  state: Params,
): { averaged: Params; optimizer: Params } {
  const { chosen, rest } = divide(state, (name) => name.startsWith(AVERAGE));
  const averaged = Object.fromEntries(
    Object.entries(chosen).map((
      [name, a],
    ) => [name.slice(AVERAGE.length), a]),
  );
  return { averaged, optimizer: rest };
}

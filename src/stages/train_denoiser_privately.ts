/**
 * The cold start with differential privacy.
 *
 * @module
 */
import { jit, tf } from "../engine/mod.ts";
import {
  cloneParams,
  disposeParams,
  type Params,
  type RandomStream,
  randomStream,
} from "../core/mod.ts";
import { noiseLevels, posteriorLevels } from "../diffusion/mod.ts";
import { adam, averageStep, clipByNorm, cosineRate } from "../optim/mod.ts";
import {
  clippedSum,
  gaussianNoise,
  noisyMean,
  poissonBatches,
  refuseBatchNormalization,
} from "../privacy/mod.ts";
import type { DenoiserBatch } from "./denoiser_loss.ts";
import { gatherLatents, type LatentSet } from "./encode_images.ts";
import type { Generator } from "./generator.ts";
import type { PrivacyPlan } from "./privacy_plan.ts";
import { privateSamples } from "./private_samples.ts";
import { privateWeights } from "./private_weights.ts";
import { sampleSlopes } from "./sample_slopes.ts";
import type { TrainDenoiserOptions } from "./train_denoiser.ts";
import { groupsOf, joinGroups } from "./state_groups.ts";
import { trainingLoop } from "./training_loop.ts";

/** Options of {@linkcode trainDenoiserPrivately}. */
export interface TrainDenoiserPrivatelyOptions
  extends Omit<TrainDenoiserOptions, "trainable" | "batchSize"> {
  /** Noise, clip, rate, unit. */
  plan: PrivacyPlan;
  /** The class table alone, or adaLN, too. */
  trainable: "labelEmbedding" | "labelEmbedding+adaLN";
  /** Rank of adapters in the place of the adaLN kernels. @default none */
  rank?: number;
  /** Seed of batches and noise, see `PrivacyOptions`. @default drawn from the system's secure source */
  privateSeed?: number;
  /** Whether loss and share of clipped units are told. @default {false} */
  diagnostics?: boolean;
}

/** Samples that go through the network at a time. */
const CHUNK = 64;

/**
 * DP-SGD (Abadi et al., 2016) with Adam: each step draws units by Poisson sampling, clips the gradient of each unit, adds
 * Gaussian noise to the sum, and divides by the expected number of units. Weights, moments and averages are functions of the
 * noisy gradients alone, and so are the numbers that are told: the gradient's norm and ε. A training that was killed repeats
 * the steps since its last checkpoint with noise of their own; what it told of them the first time is not to be published.
 *
 * @param generator Its transformer is trained; the generator itself stays as it is.
 * @param latents Of `encodeImages`: all images, then their mirror images.
 * @param options Lengths, rates, the plan.
 * @returns All weights of the transformer. Owned by the caller.
 * @throws {RangeError} If the network has batch normalisation, or a checkpoint is of another plan.
 * @throws {Error} If a gradient is not finite.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import {
 *   encodeImages,
 *   loadGenerator,
 *   priorUrl,
 *   privacyPlan,
 *   trainDenoiserPrivately,
 * } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * await useBackend("auto");
 * const prior = await loadGenerator(priorUrl());
 * const faces = proceduralFaces({ identities: 2, imagesPerIdentity: 1, size: 64 });
 * const latents = await encodeImages(prior, faces);
 * const params = await trainDenoiserPrivately(prior, latents, {
 *   name: "a trial",
 *   steps: 1,
 *   rate: 1e-3,
 *   trainable: "labelEmbedding",
 *   plan: privacyPlan({ noiseMultiplier: 1 }, { labels: faces.labels, batchSize: 1, steps: 1 }),
 * });
 * console.log("final_layer.linear.weight" in params); // true
 * ```
 */
export async function trainDenoiserPrivately(
  generator: Pick<Generator, "dit" | "schedule" | "config" | "params">,
  latents: LatentSet,
  options: TrainDenoiserPrivatelyOptions,
): Promise<Params> {
  const {
    name,
    steps,
    plan,
    trainable,
    rank,
    rate,
    rateFloor = 0.05,
    labelDropout = 0.1,
    average = 0.999,
    seed = 0,
    privateSeed,
    diagnostics = false,
    onStep,
    ...loop
  } = options;
  const { dit, schedule, params } = generator;
  refuseBatchNormalization("train privately", Object.keys(params.dit));
  const { clip, noiseMultiplier, sampleRate, units, draws } = plan;
  const random = secretStream(privateSeed);
  const batches = poissonBatches(units, { sampleRate, random });
  const samplesOf = privateSamples(latents, {
    plan,
    labelDropout,
    nullClass: dit.config.classes,
    schedule,
  });
  const atOnce = Math.max(1, Math.floor(CHUNK / draws)); // units
  const optimizer = adam({ beta2: 0.99 });
  const own = privateWeights(params.dit, {
    trainable,
    ...(rank !== undefined && { rank }),
    random: randomStream(seed, "private weights"),
  });

  using traces = new DisposableStack();
  const gradientsOf = jit((
    weights: Params,
    frozen: Params,
    batch: DenoiserBatch,
    present: tf.Tensor1D,
  ) => {
    const all = own.merge(frozen, weights);
    const { slopes, losses } = sampleSlopes(generator, all, batch, own.layers);
    const { sum, norms } = clippedSum(own.gradients(weights, slopes), {
      clip,
      present,
    });
    const clipped = tf.sum(
      tf.mul(present, tf.cast(tf.greater(norms, clip), "float32")),
    );
    const ofUnits = tf.mean(tf.reshape(losses, [-1, draws]), 1);
    return { sum, loss: tf.sum(tf.mul(present, ofUnits)), clipped };
  });
  traces.defer(gradientsOf.dispose);
  const update = jit((
    groups: { weights: Params; moments: Params; average: Params },
    sum: Params,
    noise: Params,
    size: tf.Scalar,
    decay: tf.Scalar,
  ) => {
    const { weights, moments } = groups;
    const expectedUnits = sampleRate * units;
    const gradients = noisyMean(sum, {
      clip,
      noiseMultiplier,
      expectedUnits,
      noise,
    });
    const { norm } = clipByNorm(gradients, Infinity);
    const next = optimizer.update(weights, gradients, moments, size);
    return {
      groups: {
        weights: next.params,
        moments: next.state,
        average: averageStep(groups.average, next.params, decay),
      },
      norm,
    };
  });
  traces.defer(update.dispose);

  const state = await trainingLoop({
    ...loop,
    // The plan is part of the name: a checkpoint of another one is refused, so that ε is that of all steps behind it.
    name: `${name}, privately: ${plan.line}`,
    steps,
    onStep: (done, total, metrics) =>
      onStep?.(done, total, { ...metrics, epsilon: plan.epsilon(done) }),
    state: joinGroups({
      weights: own.start,
      moments: optimizer.init(own.start),
      average: cloneParams(own.start),
    }),
    step: (state, index) =>
      tf.tidy(() => {
        const groups = groupsOf(state) as Parameters<typeof update>[0];
        const draw = random.fork("step", index);
        const chosen = batches(index);
        let sum: Params = zerosLike(groups.weights);
        let [loss, clipped]: tf.Tensor[] = [tf.scalar(0), tf.scalar(0)];
        for (let at = 0; at < chosen.length; at += atOnce) {
          const some = samplesOf(
            chosen.subarray(at, at + atOnce),
            atOnce,
            draw,
          );
          const found = gradientsOf(groups.weights, own.frozen, {
            clean: gatherLatents(latents, some.indices),
            labels: tf.tensor1d(some.labels, "int32"),
            noise: tf.tensor4d(some.noise, [
              some.labels.length,
              ...latents.shape,
            ]),
            levels: noiseLevels(schedule, some.times),
            ...(dit.config.learnSigma &&
              { posterior: posteriorLevels(schedule, some.times) }),
          }, tf.tensor1d(some.present));
          sum = added(sum, found.sum);
          loss = tf.add(loss, found.loss);
          clipped = tf.add(clipped, found.clipped);
        }
        const size = cosineRate(index, {
          peak: rate,
          steps,
          warmup: Math.min(100, Math.ceil(steps / 10)),
          floor: rateFloor,
        });
        const decay = Math.min(average, (1 + index) / (10 + index));
        const next = update(
          groups,
          sum,
          gaussianNoise(groups.weights, draw.fork("gradients")),
          tf.scalar(size),
          tf.scalar(average === 0 ? 0 : decay),
        );
        const count = Math.max(1, chosen.length);
        return {
          state: joinGroups(next.groups),
          metrics: {
            norm: next.norm,
            ...(diagnostics && {
              loss: tf.div(loss, count) as tf.Scalar,
              clipped: tf.div(clipped, count) as tf.Scalar,
            }),
          },
        };
      }),
  });
  try {
    return tf.tidy(() =>
      cloneParams(own.merge(own.frozen, groupsOf(state).average))
    );
  } finally {
    disposeParams(state);
  }
}

/** A stream that nobody can guess, unless a seed is given: 106 bits of the system, of which the generator keeps 64. */
function secretStream(seed?: number): RandomStream {
  if (seed !== undefined) return randomStream(seed, "private training");
  const words = crypto.getRandomValues(new BigUint64Array(2));
  const [one, other] = Array.from(words, (word) => Number(word >> 11n));
  return randomStream(one, "private training", other);
}

function zerosLike(params: Params): Params {
  return Object.fromEntries(
    Object.entries(params).map(([name, w]) => [name, tf.zerosLike(w)]),
  );
}

/** Sums come as matrices, whatever the shape of the weights. */
function added(a: Params, b: Params): Params {
  return Object.fromEntries(
    Object.entries(a).map((
      [name, x],
    ) => [name, tf.add(x, tf.reshape(b[name], x.shape))]),
  );
}

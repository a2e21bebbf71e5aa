/**
 * The denoising chain of a generator, one jitted transition at a time.
 *
 * @module
 */
import { jit, tf } from "../engine/mod.ts";
import type { Params, RandomStream } from "../core/mod.ts";
import {
  guided,
  type SamplingStep,
  samplingSteps,
  stepScalars,
  stepTensor,
  transitionMean,
} from "../diffusion/mod.ts";
import type { Generator } from "./generator.ts";

/** How latents are drawn. */
export interface SamplingOptions {
  /**
   * Transitions of the chain.
   *
   * @default {20}
   */
  samplingSteps?: number;
  /**
   * Classifier-free guidance; 1 is none.
   *
   * @default {1}
   */
  guidance?: number;
  /**
   * Randomness of the sampler: 0 deterministic, 1 as DDPM. The policy gradient needs it above 0.
   *
   * @default {1}
   */
  eta?: number;
}

/** A sample is named by its class and a stream of its own: the same image whatever else is drawn with it. */
export interface SampleKey {
  /** Class of the generator. */
  label: number;
  /** Where all its noise comes from. */
  random: RandomStream;
}

/** The mean of a transition under given weights. Pure, to be used inside jitted functions. */
export type TransitionMean = (
  weights: Params,
  state: tf.Tensor4D,
  step: tf.Tensor1D,
  labels: tf.Tensor1D,
) => tf.Tensor4D;

/** A chain ready to run. */
export interface Sampler {
  /** The transitions, noisiest first. */
  steps: SamplingStep[];
  /** Mean of x_{t-1}; see {@linkcode TransitionMean}. */
  mean: TransitionMean;
  /**
   * Runs the chain.
   *
   * @param weights Weights of the transformer. Borrowed.
   * @param keys The samples.
   * @param visit Called with every state before the last, x_T first; what it keeps it has to clone.
   * @returns x_0, `[B, H, W, C]`. Owned by the caller.
   */
  run: (
    weights: Params,
    keys: SampleKey[],
    visit?: (state: tf.Tensor4D, index: number) => void,
  ) => tf.Tensor4D;
  /** The noise of transition `index` for the given samples, `[B, H, W, C]`. Owned by the caller. */
  noise: (keys: SampleKey[], index: number) => tf.Tensor4D;
  /** Frees the traces. */
  dispose: () => void;
}

/**
 * Prepares the chain of a generator.
 *
 * @param generator Its transformer and schedule; the weights are given with each call.
 * @param options Length, guidance, randomness.
 * @returns The chain. To be disposed by the caller.
 * @throws {RangeError} If a number is out of range.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import { loadGenerator, makeSampler, priorUrl } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const prior = await loadGenerator(priorUrl());
 * const sampler = makeSampler(prior, { samplingSteps: 2 });
 * const key = { label: 0, random: randomStream(1) };
 * console.log(sampler.run(prior.params.dit, [key]).shape); // [1, 8, 8, 12]
 * sampler.dispose();
 * ```
 */
export function makeSampler(
  generator: Pick<Generator, "config" | "dit" | "schedule">,
  options: SamplingOptions = {},
): Sampler {
  const { samplingSteps: count = 20, guidance = 1, eta = 1 } = options;
  const { dit, config, schedule } = generator;
  const steps = samplingSteps(schedule, {
    count,
    prediction: config.diffusion.prediction,
    eta,
  });

  const mean: TransitionMean = (weights, state, step, labels) =>
    tf.tidy(() => {
      const scalars = stepScalars(step);
      const times = tf.mul(tf.ones([state.shape[0]]), scalars.time);
      const predict = guided(
        (x, t, y) => predictionOf(dit.apply(weights, x, t, y), x),
        { scale: guidance, nullLabel: dit.config.classes },
      );
      const output = predict(state, times as tf.Tensor1D, labels);
      return transitionMean(state, output, scalars) as tf.Tensor4D;
    });

  const transition = jit((
    weights: Params,
    state: tf.Tensor4D,
    step: tf.Tensor1D,
    labels: tf.Tensor1D,
    noise: tf.Tensor4D,
  ) => {
    const { deviation } = stepScalars(step);
    const centre = mean(weights, state, step, labels);
    return tf.add(centre, tf.mul(deviation, noise)) as tf.Tensor4D;
  });

  const { height, width, channels } = dit.config;
  const noise = (keys: SampleKey[], step: string | number) =>
    noiseOf(keys, step, [keys.length, height, width, channels]);
  return {
    steps,
    mean,
    noise,
    run(weights, keys, visit) {
      const labels = tf.tensor1d(keys.map(({ label }) => label), "int32");
      let state = noise(keys, "start");
      steps.forEach((step, i) => {
        visit?.(state, i);
        const next = tf.tidy(() =>
          transition(
            weights,
            state,
            stepTensor(step),
            labels,
            noise(keys, i),
          )
        );
        state.dispose();
        state = next;
      });
      labels.dispose();
      return state;
    },
    dispose: transition.dispose,
  };
}

/**
 * The prediction among the channels of a transformer that learns sigma, too.
 *
 * @param output What the transformer said, `[B, H, W, C]` or `[B, H, W, 2C]`. Borrowed.
 * @param x What it was given, `[B, H, W, C]`. Borrowed.
 * @returns `[B, H, W, C]`; `output` itself where there is nothing else in it.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { assertEquals } from "@std/assert";
 * import { predictionOf } from "./sampler.ts";
 *
 * const output = tf.zeros([1, 2, 2, 8]) as tf.Tensor4D;
 * const x = tf.zeros([1, 2, 2, 4]) as tf.Tensor4D;
 * assertEquals(predictionOf(output, x).shape, [1, 2, 2, 4]);
 * ```
 */
export function predictionOf(output: tf.Tensor4D, x: tf.Tensor4D): tf.Tensor4D {
  const channels = x.shape[3];
  if (output.shape[3] === channels) return output;
  return tf.slice(output, [0, 0, 0, 0], [-1, -1, -1, channels]);
}

function noiseOf(
  keys: SampleKey[],
  step: string | number,
  shape: [number, number, number, number],
): tf.Tensor4D {
  const size = shape[1] * shape[2] * shape[3];
  const values = new Float32Array(keys.length * size);
  keys.forEach(({ random }, i) =>
    values.set(random.fork("noise", step).normals(size), i * size)
  );
  return tf.tensor4d(values, shape);
}

/**
 * The denoising chain of a generator, one jitted transition at a time.
 *
 * @module
 */
import { jit, type JitOptions, tf } from "../engine/mod.ts";
import { checkRange, type Params, type RandomStream } from "../core/mod.ts";
import {
  denoisingTransition,
  guided,
  type SamplingStep,
  samplingSteps,
  stepScalars,
  stepTensor,
  type Transition,
  transitionLogDensity,
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
  /**
   * Variance of the transitions: the posterior's, times eta², or the transformer's own, which asks for `learnSigma` and
   * eta 1.
   *
   * @default {"learned"} if the transformer has learned one and eta is 1, else "posterior"
   */
  variance?: "posterior" | "learned";
  /**
   * Whether a gradient flows into the transformer through its own variance.
   *
   * @default {false}
   */
  varianceGradient?: boolean;
  /**
   * Number of first latent channels that guidance applies to; the published DiT guides 3 of 4.
   *
   * @default {all}
   */
  guidanceChannels?: number;
  /**
   * `"bfloat16"` computes the matrix products of the drawing from rounded numbers: faster where the processor has
   * instructions for it, and slightly other images. The transition itself, which gradients are taken of, stays float32.
   *
   * @default {"float32"}
   */
  precision?: JitOptions["precision"];
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

/** A transition under given weights: mean, deviation and the noise seen. Pure, to be used inside jitted functions. */
export type TransitionOf = (
  weights: Params,
  state: tf.Tensor4D,
  step: tf.Tensor1D,
  labels: tf.Tensor1D,
) => Transition;

/** A chain that was drawn, with its densities. A `type`, to be freed by `tf.dispose`. */
export type SampledTrajectory = {
  /** x_T first, x_0 last: one more than there are transitions. */
  states: tf.Tensor4D[];
  /** log p(x_{t-1} | x_t), `[B]`, the mean over dimensions; `undefined` where a transition has no noise. */
  logDensities: (tf.Tensor1D | undefined)[];
};

/** A chain ready to run. */
export interface Sampler {
  /** The transitions, noisiest first. */
  steps: SamplingStep[];
  /** Mean of x_{t-1}; see {@linkcode TransitionMean}. */
  mean: TransitionMean;
  /** Distribution of x_{t-1}, of which densities and divergences are taken; see {@linkcode TransitionOf}. */
  transition: TransitionOf;
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
  /**
   * Runs the chain and keeps all of it: the states of `run`, and how likely each was.
   *
   * @param weights Weights of the transformer. Borrowed.
   * @param keys The samples.
   * @returns Owned by the caller.
   */
  trajectory: (weights: Params, keys: SampleKey[]) => SampledTrajectory;
  /** The noise of transition `index` for the given samples, `[B, H, W, C]`. Owned by the caller. */
  noise: (keys: SampleKey[], index: number) => tf.Tensor4D;
  /** Frees the traces. */
  dispose: () => void;
}

/**
 * Prepares the chain of a generator.
 *
 * @param generator Its transformer and schedule; the weights are given with each call.
 * @param options Length, guidance, randomness, variance.
 * @returns The chain. To be disposed by the caller.
 * @throws {RangeError} If a number is out of range, or a learned variance is asked of a transformer without one, or with
 * an eta below 1.
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
 * console.log(sampler.run(prior.params.dit, [key]).shape); // [1, 8, 8, 8]
 * sampler.dispose();
 * ```
 */
export function makeSampler(
  generator: Pick<Generator, "config" | "dit" | "schedule">,
  options: SamplingOptions = {},
): Sampler {
  const { samplingSteps: count = 20, guidance = 1, eta = 1 } = options;
  const { varianceGradient, guidanceChannels, precision } = options;
  const { dit, config, schedule } = generator;
  const { height, width, channels, classes, learnSigma } = dit.config;
  const variance = options.variance ??
    (learnSigma && eta === 1 ? "learned" : "posterior");
  if (variance === "learned" && !learnSigma) {
    throw new RangeError(
      `Cannot make a sampler as 'variance' must be "posterior" where the transformer has learned none: current value is "${variance}"`,
    );
  }
  if (guidanceChannels !== undefined) {
    checkRange("make a sampler", "guidanceChannels", guidanceChannels, {
      min: 1,
      max: channels,
      integer: true,
    });
  }
  const steps = samplingSteps(schedule, {
    count,
    prediction: config.diffusion.prediction,
    eta,
    variance,
  });

  const transition: TransitionOf = (weights, state, step, labels) =>
    tf.tidy(() => {
      const scalars = stepScalars(step);
      const times = tf.mul(tf.ones([state.shape[0]]), scalars.time);
      const predict = guided(
        (x, t, y) => dit.apply(weights, x, t, y),
        { scale: guidance, nullLabel: classes, channels: guidanceChannels },
      );
      const output = predict(state, times as tf.Tensor1D, labels);
      return denoisingTransition(state, output, scalars, {
        learnedVariance: variance === "learned",
        varianceGradient,
      });
    });

  const draw = jit((
    weights: Params,
    state: tf.Tensor4D,
    step: tf.Tensor1D,
    labels: tf.Tensor1D,
    noise: tf.Tensor4D,
  ) => {
    const own = transition(weights, state, step, labels);
    const next = tf.add(own.mean, tf.mul(own.deviation, noise)) as tf.Tensor4D;
    return { next, logDensity: transitionLogDensity(next, own.mean, own) };
  }, { precision });

  const noise = (keys: SampleKey[], step: string | number) =>
    noiseOf(keys, step, [keys.length, height, width, channels]);
  const labelsOf = (keys: SampleKey[]) =>
    tf.tensor1d(keys.map(({ label }) => label), "int32");
  return {
    steps,
    mean: (weights, state, step, labels) =>
      tf.tidy(() => transition(weights, state, step, labels).mean),
    transition,
    noise,
    run(weights, keys, visit) {
      const labels = labelsOf(keys);
      let state = noise(keys, "start");
      steps.forEach((step, i) => {
        visit?.(state, i);
        const next = tf.tidy(() =>
          draw(weights, state, stepTensor(step), labels, noise(keys, i)).next
        );
        state.dispose();
        state = next;
      });
      labels.dispose();
      return state;
    },
    trajectory: (weights, keys) =>
      tf.tidy(() => {
        const labels = labelsOf(keys);
        const states = [noise(keys, "start")];
        const logDensities = steps.map((step, i) => {
          const { next, logDensity } = tf.tidy(() =>
            draw(weights, states[i], stepTensor(step), labels, noise(keys, i))
          );
          states.push(next);
          return step.deviation > 0 ? logDensity : undefined;
        });
        return { states, logDensities };
      }),
    dispose: draw.dispose,
  };
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

/**
 * One transition of the chain on tensors: p(x_{t-1} | x_t) = N(μ, σ²).
 *
 * @module
 */
import { stopGradient, tf } from "../engine/mod.ts";
import { checkRange, checkShape } from "../core/mod.ts";
import type { StepScalars } from "./step_tensor.ts";

/**
 * Mean of x_{t-1} given x_t and the network's prediction: μ = A x_t + B prediction.
 *
 * @param state x_t, any shape. Borrowed.
 * @param prediction The network's output for it, of the same shape. Borrowed.
 * @param step The transition's A and B. Borrowed.
 * @returns μ. Owned by the caller.
 * @throws {TypeError} If the shapes differ.
 *
 * @example
 * ```ts
 * import { diffusionSchedule, samplingSteps, stepScalars, stepTensor, transitionMean } from "@outis/outis/diffusion";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const [step] = samplingSteps(diffusionSchedule(), { count: 10, prediction: "noise" });
 * const mean = transitionMean(tf.ones([1, 2]), tf.zeros([1, 2]), stepScalars(stepTensor(step)));
 * console.log(mean.shape); // [1, 2]
 * ```
 */
export function transitionMean(
  state: tf.Tensor,
  prediction: tf.Tensor,
  step: Pick<StepScalars, "stateWeight" | "predictionWeight">,
): tf.Tensor {
  checkShape("step to a mean", "prediction", prediction, state.shape);
  return tf.tidy(() =>
    combine(state, step.stateWeight, prediction, step.predictionWeight)
  );
}

/** A Gaussian transition. A `type`, to go through `jit`. */
export type Transition = {
  /** μ, of x_t's shape. */
  mean: tf.Tensor4D;
  /** σ: a scalar, or one per dimension, of x_t's shape, where it is learned. 0 at the last transition. */
  deviation: tf.Tensor;
  /** log σ, of the same shape; 0 where σ is 0. */
  logDeviation: tf.Tensor;
  /** ε̂, the noise that the network sees in x_t, whatever it predicts; of x_t's shape. */
  noise: tf.Tensor4D;
};

/** Options of {@linkcode denoisingTransition}. */
export interface DenoisingTransitionOptions {
  /**
   * Whether σ is the network's own, from its second half v: log σ² = (v + 1)/2 log β + (1 - v)/2 log β̃ with the β of the
   * respaced chain (Nichol and Dhariwal, 2021, eq. 15). Otherwise σ is the step's, and a second half goes unused.
   *
   * @default {false}
   */
  learnedVariance?: boolean;
  /**
   * Whether a gradient flows into the network through a learned σ.
   *
   * @default {false}
   */
  varianceGradient?: boolean;
  /**
   * Bound of x̂_0, which is clipped to [-clip, clip] before the mean is taken; for diffusion in pixels, 1. DDIM keeps ε̂ as
   * predicted then, and the ancestral sampler the posterior's mean, as diffusers does.
   *
   * @default {Infinity}
   */
  clip?: number;
}

/**
 * The transition that follows from what the network said.
 *
 * @param state x_t, `[B, H, W, C]`. Borrowed.
 * @param output The network's output for it, `[B, H, W, C]`, or `[B, H, W, 2C]` with a learned variance behind the
 * prediction. Borrowed.
 * @param step The transition's numbers. Borrowed.
 * @param options Where σ comes from, and clipping.
 * @returns Mean and deviation of x_{t-1}. Owned by the caller.
 * @throws {TypeError} If the shapes do not go together.
 * @throws {RangeError} If `clip` is not above 0.
 *
 * @example
 * ```ts
 * import { denoisingTransition, diffusionSchedule, samplingSteps, stepScalars, stepTensor } from "@outis/outis/diffusion";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const [step] = samplingSteps(diffusionSchedule(), { count: 10, prediction: "noise", variance: "learned" });
 * const state = tf.ones([1, 1, 1, 2]) as tf.Tensor4D;
 * const output = tf.tensor4d([0, 0, -1, 1], [1, 1, 1, 4]); // v = -1 is the posterior's variance, 1 the forward step's
 * const { deviation } = denoisingTransition(state, output, stepScalars(stepTensor(step)), { learnedVariance: true });
 * console.log(deviation.dataSync()); // [0.93783, 0.93797]: over so long a stride they hardly differ
 * ```
 */
export function denoisingTransition(
  state: tf.Tensor4D,
  output: tf.Tensor4D,
  step: StepScalars,
  options: DenoisingTransitionOptions = {},
): Transition {
  const { learnedVariance = false, varianceGradient = false, clip = Infinity } =
    options;
  const act = "take a transition";
  const [batch, height, width, channels] = state.shape;
  const outputs = learnedVariance || output.shape[3] !== channels
    ? 2 * channels
    : channels;
  checkShape(act, "output", output, [batch, height, width, outputs]);
  if (clip !== Infinity) {
    checkRange(act, "clip", clip, { min: 0, exclusive: true });
  }
  return tf.tidy(() => {
    const [prediction, range] = outputs === channels
      ? [output]
      : tf.split(output, 2, 3);
    return {
      mean: clip === Infinity
        ? transitionMean(state, prediction, step)
        : clippedMean(state, prediction, step, clip),
      ...(learnedVariance
        ? learnedDeviation(varianceGradient ? range : stopGradient(range), step)
        // Clones, as what is returned is owned and the step is borrowed.
        : {
          deviation: tf.clone(step.deviation),
          logDeviation: tf.clone(step.logDeviation),
        }),
      noise: combine(
        state,
        step.noiseStateWeight,
        prediction,
        step.noisePredictionWeight,
      ),
    } as Transition;
  });
}

function clippedMean(
  state: tf.Tensor,
  prediction: tf.Tensor,
  step: StepScalars,
  clip: number,
): tf.Tensor {
  const clean = combine(
    state,
    step.cleanStateWeight,
    prediction,
    step.cleanPredictionWeight,
  );
  return tf.add(
    tf.mul(tf.clipByValue(clean, -clip, clip), step.clippedCleanWeight),
    combine(
      state,
      step.clippedStateWeight,
      prediction,
      step.clippedPredictionWeight,
    ),
  );
}

function learnedDeviation(
  range: tf.Tensor,
  step: StepScalars,
): { deviation: tf.Tensor; logDeviation: tf.Tensor } {
  const share = tf.mul(tf.add(range, 1), 0.5);
  const logVariance = combine(
    share,
    step.logForward,
    tf.sub(1, share),
    step.logPosterior,
  );
  // 1 where the step has noise, 0 at the last.
  const isNoisy = tf.sign(step.deviation);
  const logDeviation = tf.mul(tf.mul(logVariance, 0.5), isNoisy);
  return {
    deviation: tf.mul(tf.exp(logDeviation), isNoisy),
    logDeviation,
  };
}

function combine(
  a: tf.Tensor,
  weightOfA: tf.Tensor,
  b: tf.Tensor,
  weightOfB: tf.Tensor,
): tf.Tensor {
  return tf.add(tf.mul(a, weightOfA), tf.mul(b, weightOfB));
}

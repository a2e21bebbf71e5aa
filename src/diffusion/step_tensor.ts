/**
 * A transition's numbers as one tensor.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { checkShape } from "../core/mod.ts";
import type { SamplingStep } from "./sampling_steps.ts";

/** The numbers of a transition inside a {@linkcode stepTensor}, as scalars. */
export interface StepScalars {
  /** Time step the network is asked about. */
  time: tf.Scalar;
  /** A in μ = A x_t + B prediction. */
  stateWeight: tf.Scalar;
  /** B in μ = A x_t + B prediction. */
  predictionWeight: tf.Scalar;
  /** Standard deviation σ of the transition. */
  deviation: tf.Scalar;
  /** log σ; 0 where σ is 0. */
  logDeviation: tf.Scalar;
  /** C in x̂_0 = C x_t + D prediction. */
  cleanStateWeight: tf.Scalar;
  /** D in x̂_0 = C x_t + D prediction. */
  cleanPredictionWeight: tf.Scalar;
  /** E in ε̂ = E x_t + F prediction. */
  noiseStateWeight: tf.Scalar;
  /** F in ε̂ = E x_t + F prediction. */
  noisePredictionWeight: tf.Scalar;
  /** P in μ = P x̂_0 + Q x_t + R prediction, for an x̂_0 that was clipped. */
  clippedCleanWeight: tf.Scalar;
  /** Q of the same. */
  clippedStateWeight: tf.Scalar;
  /** R of the same. */
  clippedPredictionWeight: tf.Scalar;
  /** log β̃, the least a learned log-variance is. */
  logPosterior: tf.Scalar;
  /** log β, the most it is. */
  logForward: tf.Scalar;
}

/** The order of the numbers, and where each comes from. */
const NUMBERS: { [name in keyof StepScalars]: (step: SamplingStep) => number } =
  {
    time: (step) => step.time,
    stateWeight: (step) => step.stateWeight,
    predictionWeight: (step) => step.predictionWeight,
    deviation: (step) => step.deviation,
    logDeviation: ({ deviation }) => deviation > 0 ? Math.log(deviation) : 0,
    cleanStateWeight: (step) => step.cleanStateWeight,
    cleanPredictionWeight: (step) => step.cleanPredictionWeight,
    noiseStateWeight: (step) => step.noiseStateWeight,
    noisePredictionWeight: (step) => step.noisePredictionWeight,
    clippedCleanWeight: (step) => step.clippedWeights[0],
    clippedStateWeight: (step) => step.clippedWeights[1],
    clippedPredictionWeight: (step) => step.clippedWeights[2],
    logPosterior: (step) => step.logPosterior,
    logForward: (step) => step.logForward,
  };

const NAMES = Object.keys(NUMBERS) as (keyof StepScalars)[];

/**
 * A transition's numbers as a tensor, the argument of jitted functions: no new trace for another step.
 *
 * @param step A transition.
 * @returns `[14]`, see {@linkcode stepScalars}. Owned by the caller.
 *
 * @example
 * ```ts
 * import { diffusionSchedule, samplingSteps, stepTensor } from "@outis/outis/diffusion";
 * import { useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const [step] = samplingSteps(diffusionSchedule(), { count: 10, prediction: "noise" });
 * console.log(stepTensor(step).arraySync()[0]); // 999
 * ```
 */
export function stepTensor(step: SamplingStep): tf.Tensor1D {
  return tf.tensor1d(NAMES.map((name) => NUMBERS[name](step)));
}

/**
 * Takes a {@linkcode stepTensor} apart.
 *
 * @param step `[14]`. Borrowed.
 * @returns Owned by the caller.
 * @throws {TypeError} If the shape differs.
 *
 * @example
 * ```ts
 * import { diffusionSchedule, samplingSteps, stepScalars, stepTensor } from "@outis/outis/diffusion";
 * import { useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const steps = samplingSteps(diffusionSchedule(), { count: 10, prediction: "noise" });
 * console.log(stepScalars(stepTensor(steps[9])).deviation.arraySync()); // 0
 * ```
 */
export function stepScalars(step: tf.Tensor1D): StepScalars {
  checkShape("take a sampling step apart", "step", step, [NAMES.length]);
  return tf.tidy(() => {
    const scalars = tf.unstack(step) as tf.Scalar[];
    return Object.fromEntries(NAMES.map((name, i) => [name, scalars[i]]));
  }) as unknown as StepScalars;
}

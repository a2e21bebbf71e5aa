/**
 * One transition of the chain on tensors.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { checkShape } from "../core/mod.ts";
import type { SamplingStep } from "./sampling_steps.ts";

/**
 * A transition's numbers as a tensor, the argument of jitted functions: no new trace for another step.
 *
 * @param step A transition.
 * @returns `[5]`, see {@linkcode stepScalars}. Owned by the caller.
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
  return tf.tensor1d([
    step.time,
    step.stateWeight,
    step.predictionWeight,
    step.deviation,
    step.deviation > 0 ? Math.log(step.deviation) : 0,
  ]);
}

/** The numbers inside a {@linkcode stepTensor}, as scalars. */
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
}

/**
 * Takes a {@linkcode stepTensor} apart.
 *
 * @param step `[5]`. Borrowed.
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
  checkShape("take a sampling step apart", "step", step, [5]);
  return tf.tidy(() => {
    const [time, stateWeight, predictionWeight, deviation, logDeviation] = tf
      .unstack(step) as tf.Scalar[];
    return { time, stateWeight, predictionWeight, deviation, logDeviation };
  });
}

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
    tf.add(
      tf.mul(state, step.stateWeight),
      tf.mul(prediction, step.predictionWeight),
    )
  );
}

/**
 * Logarithm of the transition's density, the *mean* over dimensions, as DDPO and DPOK take it: clip ranges and KL
 * weights of those papers belong to the mean, and ratios of sums overflow.
 *
 * log p = mean_d [ -(x_d - μ_d)² / (2σ²) - log σ - log(2π) / 2 ]
 *
 * @param next x_{t-1}, `[B, ...]`. Borrowed.
 * @param mean μ, of the same shape. Borrowed.
 * @param step Its deviation must be above 0.
 * @returns `[B]`, nats per dimension. Owned by the caller.
 * @throws {TypeError} If the shapes differ.
 *
 * @example
 * ```ts
 * import { transitionLogDensity } from "@outis/outis/diffusion";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const step = { deviation: tf.scalar(1), logDeviation: tf.scalar(0) };
 * const log = transitionLogDensity(tf.zeros([1, 4]), tf.zeros([1, 4]), step);
 * console.log(log.arraySync()); // [-0.9189], which is -log(2π) / 2
 * ```
 */
export function transitionLogDensity(
  next: tf.Tensor,
  mean: tf.Tensor,
  step: Pick<StepScalars, "deviation" | "logDeviation">,
): tf.Tensor1D {
  checkShape("take a log-density", "mean", mean, next.shape);
  return tf.tidy(() => {
    const rows = next.shape[0];
    const z = tf.div(tf.sub(next, mean), step.deviation);
    const squares = tf.mean(tf.reshape(tf.square(z), [rows, -1]), 1);
    const constant = tf.add(step.logDeviation, 0.5 * Math.log(2 * Math.PI));
    return tf.neg(tf.add(tf.mul(0.5, squares), constant)) as tf.Tensor1D;
  });
}

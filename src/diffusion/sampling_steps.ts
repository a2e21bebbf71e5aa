/**
 * The denoising chain as a list of Gaussian transitions.
 *
 * Whatever a network predicts, noise ε or velocity v, and whichever sampler is used, DDIM or ancestral, the mean of
 * x_{t-1} is *linear* in x_t and the prediction. So a transition is five numbers, computed here once in float64, and
 * one jitted function serves all of them.
 *
 * | symbol | here |
 * | --- | --- |
 * | ᾱ_t, ᾱ_{t-1} | `from`, `to` |
 * | μ = A x_t + B prediction | `stateWeight`, `predictionWeight` |
 * | σ_t | `deviation` |
 *
 * @module
 */
import { checkOneOf } from "../core/mod.ts";
import type { DiffusionSchedule } from "./schedule.ts";

/** What the network predicts: the noise ε, or the velocity v = √ᾱ ε - √(1-ᾱ) x_0. */
export type Prediction = "noise" | "velocity";

/** One transition x_t -> x_{t-1} of a sampler. */
export interface SamplingStep {
  /** Time step of the training schedule the network is asked about. */
  time: number;
  /** A in μ = A x_t + B prediction. */
  stateWeight: number;
  /** B in μ = A x_t + B prediction. */
  predictionWeight: number;
  /** Standard deviation of the transition; 0 at the last step, which is no part of the policy. */
  deviation: number;
  /** C in x̂_0 = C x_t + D prediction. */
  cleanStateWeight: number;
  /** D in x̂_0 = C x_t + D prediction. */
  cleanPredictionWeight: number;
}

/** Options of {@linkcode samplingSteps}. */
export interface SamplingStepsOptions {
  /** Number of transitions, at most the schedule's steps; their times are spread evenly. */
  count: number;
  /** What the network predicts. */
  prediction: Prediction;
  /**
   * `"ddim"` (Song et al., 2021, eq. 12 and 16) or `"ancestral"` (DDPM on the respaced chain with the posterior's
   * variance β̃). DDIM with `eta` 1 has the same variance and mean.
   *
   * @default {"ddim"}
   */
  sampler?: "ddim" | "ancestral";
  /**
   * How random DDIM is: 0 is deterministic, 1 as random as DDPM.
   *
   * @default {1}
   */
  eta?: number;
}

/**
 * The transitions of a sampler, from the noisiest to the last.
 *
 * @throws {RangeError} If `count` is no whole number in [1, schedule.steps] or `eta` is not in [0, 1], or there is no such
 * prediction or sampler.
 *
 * @example
 * ```ts
 * import { diffusionSchedule, samplingSteps } from "@outis/outis/diffusion";
 *
 * const steps = samplingSteps(diffusionSchedule(), { count: 10, prediction: "noise" });
 * console.log(steps.length, steps[9].deviation); // 10, 0
 * ```
 */
export function samplingSteps(
  schedule: DiffusionSchedule,
  options: SamplingStepsOptions,
): SamplingStep[] {
  const { count, prediction, sampler = "ddim", eta = 1 } = options;
  const act = "plan sampling steps";
  checkOneOf(act, "prediction", prediction, ["noise", "velocity"]);
  checkOneOf(act, "sampler", sampler, ["ddim", "ancestral"]);
  if (!(Number.isInteger(count) && count >= 1 && count <= schedule.steps)) {
    throw new RangeError(
      `Cannot plan sampling steps as 'count' must be a whole number in [1, ${schedule.steps}]: current value is ${count}`,
    );
  }
  if (!(eta >= 0 && eta <= 1)) {
    throw new RangeError(
      `Cannot plan sampling steps as 'eta' must be in [0, 1]: current value is ${eta}`,
    );
  }
  const times = spacedTimes(schedule.steps, count);
  return times.map((time, i) => {
    const from = schedule.alphaBars[time];
    const to = i === 0 ? 1 : schedule.alphaBars[times[i - 1]];
    // x̂_0 and ε̂ as combinations of x_t and the prediction.
    const signal = Math.sqrt(from);
    const noise = Math.sqrt(1 - from);
    const clean = prediction === "noise"
      ? [1 / signal, -noise / signal]
      : [signal, -noise];
    const error = prediction === "noise" ? [0, 1] : [noise, signal];

    const posterior = (1 - to) / (1 - from) * (1 - from / to); // β̃
    const variance = sampler === "ddim" ? eta * eta * posterior : posterior;
    const towards = Math.sqrt(Math.max(0, 1 - to - variance));
    const root = Math.sqrt(to);
    return {
      time,
      stateWeight: root * clean[0] + towards * error[0],
      predictionWeight: root * clean[1] + towards * error[1],
      deviation: Math.sqrt(variance),
      cleanStateWeight: clean[0],
      cleanPredictionWeight: clean[1],
    };
  }).reverse();
}

/**
 * `count` times from 0 to `steps` - 1, evenly spread and rounded, halves to the even neighbour, as ADM's respacing in
 * one section.
 */
function spacedTimes(steps: number, count: number): number[] {
  if (count === 1) return [steps - 1];
  const stride = (steps - 1) / (count - 1);
  return Array.from({ length: count }, (_, i) => {
    const above = Math.round(i * stride);
    const isHalf = above - i * stride === 0.5;
    return isHalf && above % 2 === 1 ? above - 1 : above;
  });
}

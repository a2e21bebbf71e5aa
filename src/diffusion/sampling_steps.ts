/**
 * The denoising chain as a list of Gaussian transitions.
 *
 * Whatever a network predicts, noise ε or velocity v, and whichever sampler is used, DDIM or ancestral, the mean of
 * x_{t-1} is *linear* in x_t and the prediction. So a transition is a handful of numbers, computed here once in float64,
 * and one jitted function serves all of them.
 *
 * | symbol | here |
 * | --- | --- |
 * | ᾱ_t, ᾱ_{t-1} | `from`, `to`: of neighbouring times of the respaced chain |
 * | β_t = 1 - ᾱ_t / ᾱ_{t-1} | `beta` |
 * | β̃_t = β_t (1 - ᾱ_{t-1}) / (1 - ᾱ_t) | `posterior` |
 * | μ = A x_t + B prediction | `stateWeight`, `predictionWeight` |
 * | σ_t | `deviation` |
 *
 * @module
 */
import { checkOneOf, checkRange } from "../core/mod.ts";
import type { DiffusionSchedule } from "./schedule.ts";
import { spacedTimes } from "./spaced_times.ts";

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
  /**
   * Standard deviation of the transition; 0 at the last step, which is no part of the policy. Where the variance is
   * learned, that of the posterior, the lower end of what can be learned.
   */
  deviation: number;
  /** C in x̂_0 = C x_t + D prediction. */
  cleanStateWeight: number;
  /** D in x̂_0 = C x_t + D prediction. */
  cleanPredictionWeight: number;
  /** E in ε̂ = E x_t + F prediction. */
  noiseStateWeight: number;
  /** F in ε̂ = E x_t + F prediction. */
  noisePredictionWeight: number;
  /** P, Q and R in μ = P x̂_0 + Q x_t + R prediction, for an x̂_0 that was clipped. */
  clippedWeights: readonly [number, number, number];
  /** log β̃_t of the respaced chain; that of the step before stands in for the last one's 0. */
  logPosterior: number;
  /** log β_t of the respaced chain. */
  logForward: number;
}

/** Options of {@linkcode samplingSteps}: either `count` or `times`. */
export interface SamplingStepsOptions {
  /** Number of transitions, at most the schedule's steps; their times are spread evenly. */
  count?: number;
  /** The times themselves, falling, such as those of {@linkcode spacedTimes}. */
  times?: readonly number[];
  /** What the network predicts. */
  prediction: Prediction;
  /**
   * `"ddim"` (Song et al., 2021, eq. 12 and 16) or `"ancestral"` (DDPM on the respaced chain). DDIM with `eta` 1 has the
   * same mean, and the posterior's variance.
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
  /**
   * Variance of a transition. `"posterior"`: β̃ ("fixed small"), times η² in DDIM. `"forward"`: β ("fixed large").
   * `"learned"`: what the network says, between the two. Another than the posterior's asks for the ancestral sampler or
   * `eta` 1.
   *
   * @default {"posterior"}
   */
  variance?: "posterior" | "forward" | "learned";
}

/**
 * The transitions of a sampler, from the noisiest to the last.
 *
 * @throws {RangeError} If `count` is no whole number in [1, schedule.steps], `times` do not fall or are not in the
 * schedule, `eta` is not in [0, 1], a variance does not go with it, or there is no such prediction, sampler or variance.
 * @throws {TypeError} If not exactly one of `count` and `times` is given.
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
  const { prediction, sampler = "ddim", eta = 1, variance = "posterior" } =
    options;
  checkOptions({ prediction, sampler, eta, variance });
  const times = timesOf(schedule, options);
  const chain = times.map((time, i) => {
    const from = schedule.alphaBars[time];
    const to = i + 1 < times.length ? schedule.alphaBars[times[i + 1]] : 1;
    const beta = 1 - from / to;
    return { time, from, to, beta, posterior: beta * (1 - to) / (1 - from) };
  });
  return chain.map(({ time, from, to, beta, posterior }, i) => {
    // x̂_0 and ε̂ as combinations of x_t and the prediction.
    const [signal, noise] = [Math.sqrt(from), Math.sqrt(1 - from)];
    const clean = prediction === "noise"
      ? [1 / signal, -noise / signal]
      : [signal, -noise];
    const error = prediction === "noise" ? [0, 1] : [noise, signal];

    const isLast = i === chain.length - 1;
    const share = sampler === "ddim" ? eta * eta : 1;
    const towards = Math.sqrt(Math.max(0, 1 - to - share * posterior));
    const root = Math.sqrt(to);
    const varianceOfStep = variance === "forward" && !isLast
      ? beta
      : share * posterior;
    return {
      time,
      stateWeight: root * clean[0] + towards * error[0],
      predictionWeight: root * clean[1] + towards * error[1],
      deviation: Math.sqrt(varianceOfStep),
      cleanStateWeight: clean[0],
      cleanPredictionWeight: clean[1],
      noiseStateWeight: error[0],
      noisePredictionWeight: error[1],
      clippedWeights: sampler === "ddim"
        ? [root, towards * error[0], towards * error[1]]
        : [
          root * beta / (1 - from),
          Math.sqrt(1 - beta) * (1 - to) / (1 - from),
          0,
        ],
      logPosterior: Math.log(
        !isLast ? posterior : i > 0 ? chain[i - 1].posterior : beta,
      ),
      logForward: Math.log(beta),
    };
  });
}

const act = "plan sampling steps";

function checkOptions(
  { prediction, sampler, eta, variance }: Required<
    Pick<SamplingStepsOptions, "prediction" | "sampler" | "eta" | "variance">
  >,
): void {
  checkOneOf(act, "prediction", prediction, ["noise", "velocity"]);
  checkOneOf(act, "sampler", sampler, ["ddim", "ancestral"]);
  checkOneOf(act, "variance", variance, ["posterior", "forward", "learned"]);
  if (!(eta >= 0 && eta <= 1)) {
    throw new RangeError(
      `Cannot ${act} as 'eta' must be in [0, 1]: current value is ${eta}`,
    );
  }
  if (variance !== "posterior" && sampler === "ddim" && eta !== 1) {
    throw new RangeError(
      `Cannot ${act} as 'variance' must be "posterior" where DDIM's eta is not 1: current value is "${variance}"`,
    );
  }
}

function timesOf(
  schedule: DiffusionSchedule,
  { count, times }: SamplingStepsOptions,
): readonly number[] {
  const { steps } = schedule;
  if ((count === undefined) === (times === undefined)) {
    throw new TypeError(
      `Cannot ${act} as exactly one of 'count' and 'times' must be given: current value is ${
        count === undefined ? "neither" : "both"
      }`,
    );
  }
  if (times === undefined) {
    if (!(Number.isInteger(count) && count! >= 1 && count! <= steps)) {
      throw new RangeError(
        `Cannot ${act} as 'count' must be a whole number in [1, ${steps}]: current value is ${count}`,
      );
    }
    return spacedTimes(steps, count!);
  }
  checkRange(act, "number of times", times.length, { min: 1 });
  times.forEach((time, i) => {
    checkRange(act, `times[${i}]`, time, {
      min: 0,
      max: i === 0 ? steps - 1 : times[i - 1] - 1,
      integer: true,
    });
  });
  return times;
}

/**
 * DDIM sampling.
 *
 * @module
 */
import {
  type Denoise,
  type DrawOptions,
  sampleChain,
  type Trajectory,
} from "./sample_chain.ts";
import { samplingSteps, type SamplingStepsOptions } from "./sampling_steps.ts";
import type { DiffusionSchedule } from "./schedule.ts";

/** Options of {@linkcode sampleDdim}: the chain's (either `count` or `times`), and the draw's. */
export interface SampleDdimOptions
  extends
    DrawOptions,
    Pick<SamplingStepsOptions, "count" | "times" | "prediction" | "eta"> {
  /** The training schedule. */
  schedule: DiffusionSchedule;
}

/**
 * Draws by DDIM (Song et al., 2021, eqs. 12 and 16), with densities.
 *
 * x_{t-1} = √ᾱ_{t-1} x̂_0 + √(1 - ᾱ_{t-1} - σ_t²) ε̂ + σ_t ε with σ_t² = η² β̃_t. At η 0 nothing is random: there are no
 * densities, and `density` has to be `"none"`. The last transition has no noise and no density.
 *
 * @param denoise The network, with class and guidance inside.
 * @param options Schedule, chain, noise; η is 1 unless said.
 * @returns States and log-densities, by default means over dimensions. Owned by the caller.
 * @throws {RangeError} If there is no such chain, or densities are asked of one without noise: η 0, or one transition.
 * @throws {TypeError} If the network's output or the noise has another shape.
 *
 * @example
 * ```ts
 * import { diffusionSchedule, sampleDdim } from "@outis/outis/diffusion";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const { states } = sampleDdim((x) => tf.zerosLike(x), {
 *   schedule: diffusionSchedule(),
 *   count: 5,
 *   prediction: "noise",
 *   eta: 0,
 *   density: "none",
 *   start: tf.ones([1, 1, 1, 3]),
 *   noise: () => tf.scalar(0), // never called
 * });
 * console.log(states[5].dataSync()); // x_T / √ᾱ_T, as no noise was seen in it
 * ```
 */
export function sampleDdim(
  denoise: Denoise,
  options: SampleDdimOptions,
): Trajectory {
  const { schedule, count, times, prediction, eta, ...draw } = options;
  if (eta === 0 && draw.density !== "none") {
    throw new RangeError(
      `Cannot sample by DDIM as 'eta' must be above 0 unless 'density' is "none": current value is ${eta}`,
    );
  }
  return sampleChain(denoise, {
    ...draw,
    steps: samplingSteps(schedule, { count, times, prediction, eta }),
  });
}

/**
 * Ancestral sampling.
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

/** Options of {@linkcode sampleDdpm}: the chain's (either `count` or `times`), and the draw's. */
export interface SampleDdpmOptions
  extends
    DrawOptions,
    Pick<SamplingStepsOptions, "count" | "times" | "prediction" | "variance"> {
  /** The training schedule. */
  schedule: DiffusionSchedule;
}

/**
 * Draws by ancestral sampling (DDPM: Ho et al., 2020, algorithm 2) on a respaced chain, with densities.
 *
 * x_{t-1} = √ᾱ_{t-1} β_t / (1 - ᾱ_t) x̂_0 + √α_t (1 - ᾱ_{t-1}) / (1 - ᾱ_t) x_t + σ_t ε, with the α and β of the respaced
 * chain and σ² the posterior's variance β̃, the forward step's β, or the network's own between them. The last transition
 * has no noise and no density.
 *
 * @param denoise The network, with class and guidance inside; twice the channels where `variance` is `"learned"`.
 * @param options Schedule, chain, noise.
 * @returns States and log-densities, by default means over dimensions. Owned by the caller.
 * @throws {RangeError} If there is no such chain, or densities are asked of one without noise, as that of one transition.
 * @throws {TypeError} If the network's output or the noise has another shape.
 *
 * @example
 * ```ts
 * import { diffusionSchedule, sampleDdpm } from "@outis/outis/diffusion";
 * import { randomStream } from "@outis/outis/core";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const random = randomStream(1);
 * const { states, logDensity } = sampleDdpm((x) => tf.zerosLike(x), {
 *   schedule: diffusionSchedule(),
 *   count: 5,
 *   prediction: "noise",
 *   start: tf.zeros([2, 1, 1, 3]),
 *   noise: (index, shape) => tf.tensor(random.fork(index).normals(6), shape),
 * });
 * console.log(states.length, logDensity?.shape); // 6 [2]
 * ```
 */
export function sampleDdpm(
  denoise: Denoise,
  options: SampleDdpmOptions,
): Trajectory {
  const { schedule, count, times, prediction, variance, ...draw } = options;
  return sampleChain(denoise, {
    ...draw,
    steps: samplingSteps(schedule, {
      count,
      times,
      prediction,
      variance,
      sampler: "ancestral",
    }),
    learnedVariance: variance === "learned",
  });
}

/**
 * Drawing from a denoising chain, with the density of what was drawn.
 *
 * @module
 */
import { checkOneOf, checkRange, checkShape } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import { transitionLogDensity } from "./log_density.ts";
import type { SamplingStep } from "./sampling_steps.ts";
import { stepScalars, stepTensor } from "./step_tensor.ts";
import {
  denoisingTransition,
  type DenoisingTransitionOptions,
} from "./transition.ts";

/** A network: x_t `[B, H, W, C]` and times `[B]` to `[B, H, W, C]`, or `[B, H, W, 2C]` with a learned variance. */
export type Denoise = (state: tf.Tensor4D, times: tf.Tensor1D) => tf.Tensor4D;

/** A chain that was drawn. A `type`, to be freed by `tf.dispose`. */
export type Trajectory = {
  /** x_T first, x_0 last: one more than there are transitions. */
  states: tf.Tensor4D[];
  /** log p(x_{t-1} | x_t), `[B]` each, of the transitions that have noise, in their order: never of the last. */
  logDensities: tf.Tensor1D[];
  /** Their sum over the transitions, `[B]`; missing where no densities were asked for. */
  logDensity?: tf.Tensor1D;
};

/** What every sampler of this room is told. */
export interface DrawOptions extends Pick<DenoisingTransitionOptions, "clip"> {
  /** x_T, `[B, H, W, C]`, standard normal. Borrowed. */
  start: tf.Tensor4D;
  /**
   * Standard normal noise of transition `index`, of x_T's shape: what it makes is freed, what it had is borrowed. Called
   * where there is noise only.
   */
  noise: (index: number, shape: number[]) => tf.Tensor;
  /**
   * Log-densities as means or as sums over dimensions; `"none"` where they are not wanted, as with deterministic chains.
   *
   * @default {"mean"}
   */
  density?: "mean" | "sum" | "none";
  /** Ends the work before the next transition by throwing its reason. */
  signal?: AbortSignal;
  /** Called after each transition. */
  onStep?: (done: number, total: number) => void;
}

/** Options of {@linkcode sampleChain}. */
export interface SampleChainOptions extends DrawOptions {
  /** The transitions, noisiest first. */
  steps: readonly SamplingStep[];
  /**
   * Whether the network tells the variance; see {@linkcode denoisingTransition}.
   *
   * @default {false}
   */
  learnedVariance?: boolean;
}

/**
 * Runs a chain of transitions x_{t-1} = μ + σ ε and takes the density of each.
 *
 * @param denoise The network, with class and guidance inside.
 * @param options Transitions, noise, what is returned.
 * @returns States and log-densities. Owned by the caller.
 * @throws {RangeError} If densities are asked of a chain without noise.
 * @throws {TypeError} If the network's output or the noise has another shape.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { diffusionSchedule, sampleChain, samplingSteps } from "@outis/outis/diffusion";
 * import { randomStream } from "@outis/outis/core";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const random = randomStream(1);
 * const noise = (index: number) => tf.tensor4d(random.fork(index).normals(4), [1, 2, 2, 1]);
 * const steps = samplingSteps(diffusionSchedule(), { count: 4, prediction: "noise" });
 * const drawn = sampleChain((x) => tf.clone(x), { steps, start: tf.zeros([1, 2, 2, 1]), noise });
 * console.log(drawn.states.length, drawn.logDensities.length); // 5 3
 * ```
 */
export function sampleChain(
  denoise: Denoise,
  options: SampleChainOptions,
): Trajectory {
  const { steps, start, noise, density = "mean", learnedVariance, clip } =
    options;
  const act = "sample a chain";
  checkOneOf(act, "density", density, ["mean", "sum", "none"]);
  checkRange(act, "number of steps", steps.length, { min: 1 });
  if (density !== "none") {
    const noisy = steps.filter(({ deviation }) => deviation > 0).length;
    checkRange(act, "number of transitions with noise", noisy, { min: 1 });
  }
  return tf.tidy(() => {
    const states = [tf.clone(start)];
    const logDensities: tf.Tensor1D[] = [];
    steps.forEach((step, index) => {
      options.signal?.throwIfAborted();
      const { next, logDensity } = tf.tidy(() => {
        const state = states[index];
        const times = tf.fill([state.shape[0]], step.time) as tf.Tensor1D;
        const transition = denoisingTransition(
          state,
          denoise(state, times),
          stepScalars(stepTensor(step)),
          { learnedVariance, clip },
        );
        const { mean, deviation } = transition;
        if (step.deviation === 0) return { next: mean };
        const drawn = noise(index, state.shape);
        checkShape(act, "noise", drawn, state.shape);
        const next = tf.add(mean, tf.mul(deviation, drawn)) as tf.Tensor4D;
        if (density === "none") return { next };
        return {
          next,
          logDensity: transitionLogDensity(next, mean, transition, {
            reduce: density,
          }),
        };
      });
      states.push(next);
      if (logDensity !== undefined) logDensities.push(logDensity);
      options.onStep?.(index + 1, steps.length);
    });
    return {
      states,
      logDensities,
      ...(density === "none"
        ? {}
        : { logDensity: tf.addN(logDensities) as tf.Tensor1D }),
    };
  }) as Trajectory;
}

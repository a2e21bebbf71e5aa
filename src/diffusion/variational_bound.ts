/**
 * The loss of a learned variance (Nichol and Dhariwal, 2021), as DiT trains it.
 *
 * | symbol | here |
 * | --- | --- |
 * | β_t, β̃_t | variances of the forward step and of the posterior |
 * | v in [-1, 1] | `range`, the network's second half |
 *
 * @module
 */
import { stopGradient, tf } from "../engine/mod.ts";
import type { Prediction } from "./sampling_steps.ts";
import type { DiffusionSchedule } from "./schedule.ts";

/** Numbers of the schedule at the times of a batch, `[B, 1, 1, 1]` each. A `type`, to go through `jit`. */
export type PosteriorLevels = {
  /** Weight of x_0 in the posterior's mean, √ᾱ_{t-1} β_t / (1 - ᾱ_t). */
  cleanWeight: tf.Tensor4D;
  /** Weight of x_t, √α_t (1 - ᾱ_{t-1}) / (1 - ᾱ_t). */
  stateWeight: tf.Tensor4D;
  /** log β̃_t; that of t = 1 stands in for the 0 of t = 0. */
  logPosterior: tf.Tensor4D;
  /** log β_t. */
  logForward: tf.Tensor4D;
  /** √ᾱ_t. */
  signal: tf.Tensor4D;
  /** √(1 - ᾱ_t). */
  noise: tf.Tensor4D;
  /** 1 where t = 0, else 0. */
  isFirst: tf.Tensor4D;
};

/**
 * Tensors of the given times, the argument of jitted functions.
 *
 * @param schedule The training schedule.
 * @param times Time steps of a batch, whole numbers from 0 on.
 * @returns Its numbers at these times. Owned by the caller.
 *
 * @example
 * ```ts
 * import { diffusionSchedule, posteriorLevels } from "@outis/outis/diffusion";
 * import { assertEquals } from "@std/assert";
 *
 * const { isFirst } = posteriorLevels(diffusionSchedule(), [0, 500]);
 * assertEquals(Array.from(isFirst.dataSync()), [1, 0]);
 * ```
 */
export function posteriorLevels(
  schedule: DiffusionSchedule,
  times: ArrayLike<number>,
): PosteriorLevels {
  const { alphaBars, betas } = schedule;
  const before = (t: number) => t === 0 ? 1 : alphaBars[t - 1];
  const variance = (t: number) =>
    betas[t] * (1 - before(t)) / (1 - alphaBars[t]);
  const at = (value: (t: number) => number) =>
    tf.tensor4d(Float32Array.from(times, value), [times.length, 1, 1, 1]);
  return {
    cleanWeight: at((t) =>
      Math.sqrt(before(t)) * betas[t] / (1 - alphaBars[t])
    ),
    stateWeight: at((t) =>
      Math.sqrt(1 - betas[t]) * (1 - before(t)) / (1 - alphaBars[t])
    ),
    logPosterior: at((t) => Math.log(variance(Math.max(t, 1)))),
    logForward: at((t) => Math.log(betas[t])),
    signal: at((t) => Math.sqrt(alphaBars[t])),
    noise: at((t) => Math.sqrt(1 - alphaBars[t])),
    isFirst: at((t) => t === 0 ? 1 : 0),
  };
}

/** What a {@linkcode variationalBound} is computed from. */
export interface VariationalBoundInput {
  /** x_0, `[B, H, W, C]`. */
  clean: tf.Tensor4D;
  /** x_t. */
  state: tf.Tensor4D;
  /** The network's prediction; no gradient flows into it from here. */
  output: tf.Tensor4D;
  /** The network's second half: between -1 (variance β̃_t) and 1 (variance β_t). */
  range: tf.Tensor4D;
  /** The schedule at the batch's times. */
  levels: PosteriorLevels;
  /** What the network predicts. */
  prediction: Prediction;
}

/**
 * One term of the variational bound per sample, in bits per dimension: the divergence of the model's transition from the
 * posterior q(x_{t-1} | x_t, x_0), and at t = 0 the negative log-likelihood of x_0 on a grid of 255 steps over [-1, 1].
 *
 * Only the variance learns from it: log σ² = (v + 1)/2 log β_t + (1 - v)/2 log β̃_t, with the mean held constant.
 *
 * @returns `[B]`. Owned by the caller.
 *
 * @example
 * ```ts
 * import { diffusionSchedule, posteriorLevels, variationalBound } from "@outis/outis/diffusion";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const zeros = tf.zeros([1, 2, 2, 1]) as tf.Tensor4D;
 * const bound = variationalBound({
 *   clean: zeros,
 *   state: zeros,
 *   output: zeros,
 *   range: tf.fill([1, 2, 2, 1], -1),
 *   levels: posteriorLevels(diffusionSchedule(), [500]),
 *   prediction: "noise",
 * });
 * console.log(bound.arraySync()); // [0]: mean and variance are the posterior's
 * ```
 */
export function variationalBound(input: VariationalBoundInput): tf.Tensor1D {
  const { clean, state, output, range, levels, prediction } = input;
  return tf.tidy(() => {
    const guess = stopGradient(
      prediction === "noise"
        ? tf.div(tf.sub(state, tf.mul(output, levels.noise)), levels.signal)
        : tf.sub(tf.mul(state, levels.signal), tf.mul(output, levels.noise)),
    );
    const mean = (x0: tf.Tensor) =>
      tf.add(
        tf.mul(x0, levels.cleanWeight),
        tf.mul(state, levels.stateWeight),
      );
    const share = tf.div(tf.add(range, 1), 2);
    const logVariance = tf.add(
      tf.mul(share, levels.logForward),
      tf.mul(tf.sub(1, share), levels.logPosterior),
    );
    const difference = tf.sub(mean(clean), mean(guess));
    const divergence = tf.mul(
      0.5,
      tf.add(
        tf.sub(tf.sub(logVariance, levels.logPosterior), 1),
        tf.add(
          tf.exp(tf.sub(levels.logPosterior, logVariance)),
          tf.mul(tf.square(difference), tf.exp(tf.neg(logVariance))),
        ),
      ),
    );
    const likelihood = gridLogLikelihood(clean, mean(guess), logVariance);
    const terms = tf.add(
      tf.mul(tf.sub(1, levels.isFirst), divergence),
      tf.mul(levels.isFirst, tf.neg(likelihood)),
    );
    return tf.div(tf.mean(terms, [1, 2, 3]), Math.LN2) as tf.Tensor1D;
  });
}

/** log P of the grid cell of width 2/255 around x, under a normal distribution; the outermost cells reach to infinity. */
function gridLogLikelihood(
  x: tf.Tensor,
  mean: tf.Tensor,
  logVariance: tf.Tensor,
): tf.Tensor {
  const smallest = 1e-12;
  const inverse = tf.exp(tf.mul(-0.5, logVariance));
  const centred = tf.sub(x, mean);
  const above = cumulative(tf.mul(inverse, tf.add(centred, 1 / 255)));
  const below = cumulative(tf.mul(inverse, tf.sub(centred, 1 / 255)));
  const log = (p: tf.Tensor) => tf.log(tf.maximum(p, smallest));
  return tf.where(
    tf.less(x, -0.999),
    log(above),
    tf.where(
      tf.greater(x, 0.999),
      log(tf.sub(1, below)),
      log(tf.sub(above, below)),
    ),
  );
}

/** The published tanh approximation of the normal distribution function. */
function cumulative(x: tf.Tensor): tf.Tensor {
  const inner = tf.mul(
    Math.sqrt(2 / Math.PI),
    tf.add(x, tf.mul(0.044715, tf.mul(x, tf.square(x)))),
  );
  return tf.mul(0.5, tf.add(1, tf.tanh(inner)));
}

/**
 * How likely a transition was.
 *
 * @module
 */
import { checkOneOf, checkShape } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";

/** Options of {@linkcode transitionLogDensity}. */
export interface TransitionLogDensityOptions {
  /**
   * What is made of the dimensions' log-densities. The mean is what DDPO, DPOK and Flow-GRPO take: clip ranges and KL
   * weights of those papers belong to it. The sum is the density itself; ratios of sums soon leave single precision.
   *
   * @default {"mean"}
   */
  reduce?: "mean" | "sum";
}

/**
 * Logarithm of a Gaussian transition's density, the *mean* over dimensions unless the sum is asked for:
 *
 * log p = mean_d [ -(x_d - μ_d)² / (2σ_d²) - log σ_d - log(2π) / 2 ]
 *
 * @param next x_{t-1}, `[B, ...]`. Borrowed.
 * @param mean μ, of the same shape. Borrowed.
 * @param step σ, above 0, and log σ: scalars, or of the same shape as μ. Borrowed. The last transition of a chain has no
 * noise and so no density: there the result is not finite.
 * @param options Mean or sum.
 * @returns `[B]`, nats per dimension, or nats. Owned by the caller.
 * @throws {TypeError} If the shapes differ.
 * @throws {RangeError} If `reduce` is neither.
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
  step: { deviation: tf.Tensor; logDeviation: tf.Tensor },
  options: TransitionLogDensityOptions = {},
): tf.Tensor1D {
  const { reduce = "mean" } = options;
  const { deviation, logDeviation } = step;
  const act = "take a log-density";
  checkOneOf(act, "reduce", reduce, ["mean", "sum"]);
  checkShape(act, "mean", mean, next.shape);
  if (deviation.rank > 0) {
    checkShape(act, "deviation", deviation, next.shape);
  }
  checkShape(act, "logDeviation", logDeviation, deviation.shape);
  return tf.tidy(() => {
    const rows = next.shape[0];
    const z = tf.div(tf.sub(next, mean), deviation);
    const constant = tf.add(logDeviation, 0.5 * Math.log(2 * Math.PI));
    const loss = tf.add(tf.mul(0.5, tf.square(z)), constant);
    const perSample = tf.reshape(loss, [rows, -1]);
    return tf.neg(
      reduce === "mean" ? tf.mean(perSample, 1) : tf.sum(perSample, 1),
    ) as tf.Tensor1D;
  });
}

/**
 * How much likelier a sample has become.
 *
 * @module
 */
import { checkShape } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import { clamp } from "./clamp.ts";

/** Largest |log r| that is told apart; e^20 is half a milliard. */
const LARGEST_LOG_RATIO = 20;

/**
 * Importance ratio r = p_θ / p_old = exp(log p_θ - log p_old), per sample.
 *
 * The exponent is held within [-20, 20], beyond which there is no gradient: log-densities that are *sums* over dimensions
 * differ by hundreds after one step, and single precision ends at e^88. What is not finite becomes NaN.
 *
 * @param logDensity log p_θ(x_{t-1} | x_t, c) under the weights that are trained, `[B]`. Borrowed.
 * @param oldLogDensity The same under the weights that drew the sample, `[B]`. Borrowed.
 * @returns r, `[B]`, above 0. Owned by the caller.
 * @throws {TypeError} If the shapes differ.
 *
 * @example
 * ```ts
 * import { importanceRatio } from "@outis/outis/policy";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * console.log(importanceRatio(tf.tensor1d([-1, 1000]), tf.tensor1d([-1, 0])).arraySync()); // [1, e^20]
 * ```
 */
export function importanceRatio(
  logDensity: tf.Tensor1D,
  oldLogDensity: tf.Tensor1D,
): tf.Tensor1D {
  const act = "take an importance ratio";
  checkShape(act, "logDensity", logDensity, [null]);
  checkShape(act, "oldLogDensity", oldLogDensity, logDensity.shape);
  return tf.tidy(() => {
    const log = tf.sub(logDensity, oldLogDensity);
    return tf.exp(
      clamp(log, -LARGEST_LOG_RATIO, LARGEST_LOG_RATIO),
    ) as tf.Tensor1D;
  });
}

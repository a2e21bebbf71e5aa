/**
 * What to log of importance ratios.
 *
 * @module
 */
import { checkRange } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import { importanceRatio } from "./importance_ratio.ts";
import type { PolicyLossInput } from "./policy_objective.ts";

/** Scalars that tell how far the weights have left those that drew the batch. A `type`, to go through `jit`. */
export type RatioStatistics = {
  /** Mean of r. */
  ratio: tf.Scalar;
  /** Share of samples with r outside [1 - clip, 1 + clip]. */
  clipFraction: tf.Scalar;
  /** (Σ r)² / (B Σ r²), in (0, 1]: share of the batch that is still worth something; 1 where all r are equal. */
  effectiveSampleSize: tf.Scalar;
  /** mean (r - 1 - log r), at least 0: an estimate of KL(p_old || p_θ) in the unit of the log-densities. */
  approximateKl: tf.Scalar;
};

/** Options of {@linkcode ratioStatistics}. */
export interface RatioStatisticsOptions {
  /**
   * The objective's clip.
   *
   * @default {1e-4}
   */
  clip?: number;
}

/**
 * Statistics of a batch's importance ratios.
 *
 * @param input Log-densities under both weights, `[B]`. Borrowed.
 * @param options The clip that is counted.
 * @returns Scalars. Owned by the caller.
 * @throws {TypeError} If the shapes differ.
 * @throws {RangeError} If `clip` is not above 0.
 *
 * @example
 * ```ts
 * import { ratioStatistics } from "@outis/outis/policy";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const { effectiveSampleSize } = ratioStatistics({
 *   logDensity: tf.tensor1d([0, Math.log(3)]),
 *   oldLogDensity: tf.tensor1d([0, 0]),
 * });
 * console.log(effectiveSampleSize.arraySync()); // (1 + 3)² / (2 (1 + 9)) = 0.8
 * ```
 */
export function ratioStatistics(
  input: Pick<PolicyLossInput, "logDensity" | "oldLogDensity">,
  options: RatioStatisticsOptions = {},
): RatioStatistics {
  const { clip = 1e-4 } = options;
  if (clip !== Infinity) {
    checkRange("take ratio statistics", "clip", clip, {
      min: 0,
      exclusive: true,
    });
  }
  return tf.tidy(() => {
    const ratio = importanceRatio(input.logDensity, input.oldLogDensity);
    const excess = tf.sub(ratio, 1);
    const outside = tf.greater(tf.abs(excess), clip);
    // Of r / max r, whose squares stay in range.
    const share = tf.div(ratio, tf.max(ratio));
    return {
      ratio: tf.mean(ratio),
      clipFraction: tf.mean(tf.cast(outside, "float32")),
      effectiveSampleSize: tf.div(
        tf.square(tf.mean(share)),
        tf.mean(tf.square(share)),
      ),
      approximateKl: tf.mean(tf.sub(excess, tf.log(ratio))),
    };
  }) as RatioStatistics;
}

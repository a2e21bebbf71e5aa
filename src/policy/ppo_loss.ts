/**
 * PPO's clipped objective.
 *
 * @module
 */
import { checkRange } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import { clamp } from "./clamp.ts";
import { importanceRatio } from "./importance_ratio.ts";
import {
  objectiveOf,
  type PenaltyOptions,
  type PolicyObjective,
} from "./policy_objective.ts";

/** Options of {@linkcode ppoLoss}. */
export interface PpoLossOptions extends PenaltyOptions {
  /**
   * Half the range [1 - clip, 1 + clip] of the importance ratio beyond which a sample pulls no further. 1e-4 (DDPO's) is
   * for log-densities that are means over dimensions; `Infinity` does not clip.
   *
   * @default {1e-4}
   */
  clip?: number;
}

/**
 * PPO with pessimistic clipping (Schulman et al., 2017, eq. 7), as DDPO and, with group-relative advantages, Flow-GRPO:
 *
 * L = -mean_b min(r_b A_b, clamp(r_b, 1 - clip, 1 + clip) A_b) + klWeight mean_b kl_b
 *
 * @param options Range of the ratio, weight of the penalty.
 * @returns The objective.
 * @throws {RangeError} If `clip` is not above 0 or `klWeight` below 0.
 * @throws {TypeError} At a call, if shapes differ or a weighted `kl` is missing.
 *
 * @example
 * ```ts
 * import { ppoLoss } from "@outis/outis/policy";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const loss = ppoLoss({ clip: 0.1 })({
 *   logDensity: tf.tensor1d([Math.log(2), Math.log(2)]),
 *   oldLogDensity: tf.tensor1d([0, 0]),
 *   advantage: tf.tensor1d([3, -3]),
 * });
 * console.log(loss.arraySync()); // -(3 · 1.1 - 3 · 2) / 2 = 1.35
 * ```
 */
export function ppoLoss(options: PpoLossOptions = {}): PolicyObjective {
  const { clip = 1e-4, ...penalty } = options;
  const act = "compute PPO's loss";
  if (clip !== Infinity) {
    checkRange(act, "clip", clip, { min: 0, exclusive: true });
  }
  return objectiveOf(
    act,
    ({ logDensity, oldLogDensity, advantage }) => {
      const ratio = importanceRatio(logDensity, oldLogDensity);
      const free = tf.mul(ratio, advantage);
      if (clip === Infinity) return free;
      const bounded = clamp(ratio, 1 - clip, 1 + clip);
      return tf.minimum(free, tf.mul(bounded, advantage));
    },
    penalty,
  );
}

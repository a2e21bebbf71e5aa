/**
 * DPOK's objective.
 *
 * @module
 */
import { checkRange } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import { clamp } from "./clamp.ts";
import { importanceRatio } from "./importance_ratio.ts";
import { objectiveOf, type PolicyObjective } from "./policy_objective.ts";

/** Options of {@linkcode dpokLoss}. */
export interface DpokLossOptions {
  /**
   * Half the range [1 - clip, 1 + clip] that the importance ratio is clamped to. 1e-4 is for log-densities that are means
   * over dimensions; `Infinity` does not clamp.
   *
   * @default {1e-4}
   */
  clip?: number;
  /**
   * Weight of the divergence from the cold start; 0.01 is DPOK's.
   *
   * @default {0.01}
   */
  klWeight?: number;
}

/**
 * DPOK (Fan et al., 2023): the importance ratio is clamped *hard*, whatever the advantage's sign, and the policy is held
 * to the cold start:
 *
 * L = -mean_b A_b clamp(r_b, 1 - clip, 1 + clip) + klWeight mean_b kl_b
 *
 * Outside the range a sample has no gradient at all, not even the one that would bring it back; PPO's clipping keeps that
 * one. The divergence is `gaussianKl` as in the paper, or `epsilonKl` as in the authors' code.
 *
 * @param options Range of the ratio, weight of the penalty.
 * @returns The objective.
 * @throws {RangeError} If `clip` is not above 0 or `klWeight` below 0.
 * @throws {TypeError} At a call, if shapes differ or a weighted `kl` is missing.
 *
 * @example
 * ```ts
 * import { dpokLoss } from "@outis/outis/policy";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const loss = dpokLoss({ clip: 0.1, klWeight: 0.5 })({
 *   logDensity: tf.tensor1d([Math.log(2)]),
 *   oldLogDensity: tf.tensor1d([0]),
 *   advantage: tf.tensor1d([3]),
 *   kl: tf.tensor1d([0.2]),
 * });
 * console.log(loss.arraySync()); // -3 · 1.1 + 0.5 · 0.2 = -3.2
 * ```
 */
export function dpokLoss(options: DpokLossOptions = {}): PolicyObjective {
  const { clip = 1e-4, klWeight = 0.01 } = options;
  const act = "compute DPOK's loss";
  if (clip !== Infinity) {
    checkRange(act, "clip", clip, { min: 0, exclusive: true });
  }
  return objectiveOf(
    act,
    ({ logDensity, oldLogDensity, advantage }) => {
      const ratio = importanceRatio(logDensity, oldLogDensity);
      const clamped = clip === Infinity
        ? ratio
        : clamp(ratio, 1 - clip, 1 + clip);
      return tf.mul(advantage, clamped);
    },
    { klWeight },
  );
}

/**
 * Eq. 1 as a loss.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import {
  objectiveOf,
  type PenaltyOptions,
  type PolicyObjective,
} from "./policy_objective.ts";

/**
 * REINFORCE: the loss whose gradient is eq. 1's for one transition, negated:
 *
 * L = -mean_b A_b log p_θ(x_{t-1} | x_t, c) + klWeight mean_b kl_b
 *
 * For the first update on a batch, as it does not know that a sample was drawn with other weights; `oldLogDensity` goes
 * unused.
 *
 * @param options Weight of the penalty; 0 is eq. 1.
 * @returns The objective.
 * @throws {RangeError} If `klWeight` is below 0.
 * @throws {TypeError} At a call, if shapes differ or a weighted `kl` is missing.
 *
 * @example
 * ```ts
 * import { reinforceLoss } from "@outis/outis/policy";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const logDensity = tf.tensor1d([-1, -2]);
 * const loss = reinforceLoss()({ logDensity, oldLogDensity: logDensity, advantage: tf.tensor1d([1, 3]) });
 * console.log(loss.arraySync()); // -(1 · -1 + 3 · -2) / 2 = 3.5
 * ```
 */
export function reinforceLoss(options: PenaltyOptions = {}): PolicyObjective {
  return objectiveOf(
    "compute the REINFORCE loss",
    ({ logDensity, advantage }) => tf.mul(advantage, logDensity),
    options,
  );
}

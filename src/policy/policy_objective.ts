/**
 * What all objectives of policy optimisation have in common.
 *
 * @module
 */
import { checkRange, checkShape } from "../core/mod.ts";
import { stopGradient, tf } from "../engine/mod.ts";

/** What an objective is computed from: one transition of each sample, `[B]` each. A `type`, to go through `jit`. */
export type PolicyLossInput = {
  /** log p_θ(x_{t-1} | x_t, c) under the weights that are trained; by default of this project the mean over dimensions. */
  logDensity: tf.Tensor1D;
  /** The same under the weights that drew the sample: held constant, even if it is `logDensity` itself. */
  oldLogDensity: tf.Tensor1D;
  /** How much better than expected the sample came out: held constant. */
  advantage: tf.Tensor1D;
  /** Divergence from the cold start, in closed form (`gaussianKl`) or of predictions (`epsilonKl`). */
  kl?: tf.Tensor1D;
};

/**
 * A loss, to be minimised: a scalar, owned by the caller. A new objective is a function of this type, nothing else.
 *
 * Where the sample was drawn with the very weights that are trained, so that the ratio is 1, the gradient of each is
 * REINFORCE's, -mean_b A_b ∇ log p_θ, plus the penalty's.
 */
export type PolicyObjective = (input: PolicyLossInput) => tf.Scalar;

/** Options that every objective has. */
export interface PenaltyOptions {
  /**
   * Weight of the mean divergence from the cold start, at least 0; above 0 the input has to have `kl`.
   *
   * @default {0}
   */
  klWeight?: number;
}

/**
 * An objective from its gain: L = -mean_b gain_b + klWeight mean_b kl_b, after the checks.
 *
 * @param act What the objective is about to do, for messages.
 * @param gain What is to grow, `[B]`; called inside a tidy.
 * @param options Weight of the penalty.
 * @returns The objective.
 * @throws {RangeError} If `klWeight` is below 0.
 * @throws {TypeError} At a call, if shapes differ or a weighted `kl` is missing.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { objectiveOf } from "./policy_objective.ts";
 *
 * const objective = objectiveOf("explain", ({ advantage }) => advantage, {});
 * const one = tf.tensor1d([1]);
 * console.log(objective({ logDensity: one, oldLogDensity: one, advantage: one }).arraySync()); // -1
 * ```
 */
export function objectiveOf(
  act: string,
  gain: (input: PolicyLossInput) => tf.Tensor,
  options: PenaltyOptions,
): PolicyObjective {
  const { klWeight = 0 } = options;
  checkRange(act, "klWeight", klWeight, { min: 0 });
  return (input) => {
    const shape = [input.logDensity.shape[0]];
    for (const [name, values] of Object.entries(input)) {
      // A column would be broadcast to a matrix: every sample by every advantage.
      if (values !== undefined) checkShape(act, name, values, shape);
    }
    const { kl } = input;
    if (klWeight > 0 && kl === undefined) {
      throw new TypeError(
        `Cannot ${act} as 'kl' must be given with a 'klWeight' of ${klWeight}: current value is undefined`,
      );
    }
    return tf.tidy(() => {
      const loss = tf.neg(tf.mean(gain({
        ...input,
        oldLogDensity: stopGradient(input.oldLogDensity),
        advantage: stopGradient(input.advantage),
      })));
      return kl === undefined || klWeight === 0
        ? loss
        : tf.add(loss, tf.mul(klWeight, tf.mean(kl)));
    }) as tf.Scalar;
  };
}

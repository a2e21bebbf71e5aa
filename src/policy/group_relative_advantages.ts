/**
 * GRPO's advantages.
 *
 * @module
 */
import type { tf } from "../engine/mod.ts";
import { advantages, type AdvantagesOptions } from "./advantages.ts";

/** Options of {@linkcode groupRelativeAdvantages}. */
export interface GroupRelativeAdvantagesOptions
  extends Pick<AdvantagesOptions, "clip"> {
  /**
   * Whose standard deviation divides: the group's own (GRPO), that of all `"rewards"` of the batch (Flow-GRPO's global
   * one), that over the `"batch"` of what the groups' means leave, or `"none"` (which does not favour groups that are all
   * but decided).
   *
   * @default {"identity"}
   */
  scale?: "identity" | "rewards" | "batch" | "none";
  /**
   * Added to the standard deviation, above 0; 1e-4 is Flow-GRPO's.
   *
   * @default {1e-4}
   */
  epsilon?: number;
}

/**
 * Group-relative advantages (Shao et al., 2024; Flow-GRPO): a group is the samples of one identity.
 *
 * A_j = (R_j - mean_g R) / (std_g R + epsilon), with the population standard deviation
 *
 * Together with `ppoLoss` and a divergence's weight they make GRPO.
 *
 * @param rewards One number per sample, `[B]`. Borrowed.
 * @param labels Group of each sample, `[B]`: numbers, or an int32 tensor inside `jit`. Borrowed.
 * @param options Scale and clip.
 * @returns `[B]`, mean 0 in each group unless clipped; no gradient flows through it. Owned by the caller.
 * @throws {TypeError} If the shapes differ.
 * @throws {RangeError} If `clip` or `epsilon` is not above 0, or there is no such scale.
 *
 * @example
 * ```ts
 * import { groupRelativeAdvantages } from "@outis/outis/policy";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const rewards = tf.tensor1d([1, 3, 10, 16]);
 * console.log(groupRelativeAdvantages(rewards, [0, 0, 1, 1]).arraySync()); // about [-1, 1, -1, 1]
 * ```
 */
export function groupRelativeAdvantages(
  rewards: tf.Tensor1D,
  labels: tf.Tensor1D | ArrayLike<number>,
  options: GroupRelativeAdvantagesOptions = {},
): tf.Tensor1D {
  const { scale = "identity", epsilon = 1e-4, clip } = options;
  return advantages(rewards, labels, {
    baseline: "identity",
    scale,
    epsilon,
    clip,
  });
}

/**
 * How much better than expected a sample came out.
 *
 * @module
 */
import {
  checkLength,
  checkOneOf,
  checkRange,
  checkShape,
} from "../core/mod.ts";
import { stopGradient, tf } from "../engine/mod.ts";
import { clamp } from "./clamp.ts";

/** Options of {@linkcode advantages}. */
export interface AdvantagesOptions {
  /**
   * What is expected of a sample, and subtracted: the mean of the `"batch"`, of its `"identity"`, of its identity without
   * it (`"leaveOneOut"`, unbiased), or `"none"`. Over several identities the batch's mean spends most of the signal on
   * which identity is easy.
   *
   * @default {"identity"}
   */
  baseline?: "batch" | "identity" | "leaveOneOut" | "none";
  /**
   * What it is divided by: the population standard deviation of what the baseline has left, over the `"batch"` or each
   * `"identity"`; that of the `"rewards"` themselves over the batch; or `"none"`.
   *
   * @default {"batch"}
   */
  scale?: "batch" | "identity" | "rewards" | "none";
  /**
   * Advantages are clipped to [-clip, clip]; DDPO and Flow-GRPO take 5.
   *
   * @default {Infinity}
   */
  clip?: number;
  /**
   * Added to the standard deviation, above 0, in the unit of the rewards.
   *
   * @default {1e-6}
   */
  epsilon?: number;
}

/** Stands in for a variance of 0, whose own root vanishes beside any epsilon. */
const NO_VARIANCE = 1e-30;

/**
 * Advantages from rewards: clamp((R - baseline) / (σ + epsilon), -clip, clip).
 *
 * A sample alone in its identity has nothing to be compared with: with that baseline its advantage is 0.
 *
 * @param rewards One number per sample, `[B]`. Borrowed.
 * @param labels Identity of each sample, `[B]`: numbers, or an int32 tensor inside `jit`. Borrowed.
 * @param options Baseline, scale, clip.
 * @returns `[B]`; no gradient flows through it. Owned by the caller.
 * @throws {TypeError} If the shapes differ.
 * @throws {RangeError} If `clip` or `epsilon` is not above 0, or there is no such baseline or scale.
 *
 * @example
 * ```ts
 * import { advantages } from "@outis/outis/policy";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const rewards = tf.tensor1d([1, 3, 10, 16]);
 * console.log(advantages(rewards, [0, 0, 1, 1], { scale: "none" }).arraySync()); // [-1, 1, -3, 3]
 * ```
 */
export function advantages(
  rewards: tf.Tensor1D,
  labels: tf.Tensor1D | ArrayLike<number>,
  options: AdvantagesOptions = {},
): tf.Tensor1D {
  const {
    baseline = "identity",
    scale = "batch",
    clip = Infinity,
    epsilon = 1e-6,
  } = options;
  const act = "take advantages";
  const above = { min: 0, exclusive: true };
  checkOneOf(act, "baseline", baseline, [
    "batch",
    "identity",
    "leaveOneOut",
    "none",
  ]);
  checkOneOf(act, "scale", scale, ["batch", "identity", "rewards", "none"]);
  if (clip !== Infinity) checkRange(act, "clip", clip, above);
  checkRange(act, "epsilon", epsilon, above);
  checkShape(act, "rewards", rewards, [null]);
  if (labels instanceof tf.Tensor) {
    checkShape(act, "labels", labels, rewards.shape);
  } else checkLength(act, "labels", labels, rewards.size);

  return tf.tidy(() => {
    const overBatch = (x: tf.Tensor): tf.Tensor => tf.mean(x);
    const byIdentity = (scale === "identity" ||
        baseline === "identity" || baseline === "leaveOneOut")
      ? identityMeans(labels)
      : undefined;
    const overIdentity = (x: tf.Tensor) => byIdentity!.mean(x);

    const centred = baseline === "none"
      ? rewards
      : centre(rewards, baseline === "batch" ? overBatch : overIdentity);
    const left = baseline === "leaveOneOut"
      ? tf.mul(centred, byIdentity!.withoutOne)
      : centred;
    const scaled = scale === "none" ? left : tf.div(
      left,
      tf.add(
        deviation(
          scale === "rewards" ? rewards : left,
          scale === "identity" ? overIdentity : overBatch,
        ),
        epsilon,
      ),
    );
    return stopGradient(
      clip === Infinity ? scaled : clamp(scaled, -clip, clip),
    ) as tf.Tensor1D;
  });
}

/** Means over each sample's identity, by a matrix of who belongs together. */
function identityMeans(labels: tf.Tensor1D | ArrayLike<number>): {
  mean: (x: tf.Tensor) => tf.Tensor;
  /** n / (n - 1): R - (n mean - R) / (n - 1) = (R - mean) n / (n - 1); 1 for a sample alone. */
  withoutOne: tf.Tensor;
} {
  const ids = labels instanceof tf.Tensor
    ? labels
    : tf.tensor1d(Int32Array.from(labels), "int32");
  const same = tf.cast(
    tf.equal(tf.expandDims(ids, 1), tf.expandDims(ids, 0)),
    "float32",
  ) as tf.Tensor2D; // [B, B]
  const count = tf.sum(same, 1); // [B]
  return {
    mean: (x) => tf.div(tf.dot(same, x), count),
    withoutOne: tf.div(count, tf.maximum(tf.sub(count, 1), 1)),
  };
}

/** Subtracts a mean, and then what rounding left of it, which the division by epsilon would make visible. */
function centre(x: tf.Tensor, mean: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  const centred = tf.sub(x, mean(x));
  return tf.sub(centred, mean(centred));
}

function deviation(
  x: tf.Tensor,
  mean: (x: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const variance = mean(tf.square(centre(x, mean)));
  return tf.sqrt(tf.maximum(variance, NO_VARIANCE));
}

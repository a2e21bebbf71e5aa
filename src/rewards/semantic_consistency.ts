/**
 * Eq. 3: semantic consistency.
 *
 * @module
 */
import { checkShape } from "../core/mod.ts";
import { l2Normalize, tf } from "../engine/mod.ts";
import { checkDirection, checkFeatures } from "./check_features.ts";

/**
 * Semantic consistency: how close generated features lie to their identity's prototype.
 *
 * R_sem = (f̂_g · f̂_y + 1) / 2, in [0, 1] (eq. 3).
 *
 * @param features Features of generated images of one identity, `[B, D]`, any norm. Borrowed.
 * @param prototype Class prototype (eq. 2), `[D]`, any norm. Borrowed.
 * @returns One reward per image, `[B]`, unitless. Owned by the caller.
 * @throws {TypeError} If the widths differ.
 * @throws {RangeError} If a feature or the prototype has no direction ({@linkcode checkFeatures}).
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { semanticConsistency } from "@outis/outis/rewards";
 *
 * const features = tf.tensor2d([[3, 0], [0, 5], [-2, 0]]);
 * semanticConsistency(features, tf.tensor1d([1, 0])).print(); // [1, 0.5, 0]
 * ```
 */
export function semanticConsistency(
  features: tf.Tensor2D,
  prototype: tf.Tensor1D,
): tf.Tensor1D {
  const act = "score semantic consistency";
  checkFeatures(act, "features", features);
  checkShape(act, "prototype", prototype, [features.shape[1]]);
  checkDirection(act, "prototype", prototype);
  return tf.tidy(() => {
    const cosine = tf.dot(l2Normalize(features), l2Normalize(prototype)); // [B]
    return cosineReward(cosine) as tf.Tensor1D;
  });
}

/**
 * Maps a cosine to [0, 1], the last step of eq. 3.
 *
 * @param cosine Cosines, any shape. Borrowed.
 * @returns (cosine + 1) / 2, held within [0, 1] against rounding. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { assertEquals } from "@std/assert";
 * import { cosineReward } from "./semantic_consistency.ts";
 *
 * const rewards = cosineReward(tf.tensor1d([-1, 0, 1]));
 * assertEquals(rewards.arraySync(), [0, 0.5, 1]);
 * ```
 */
export function cosineReward<T extends tf.Tensor>(cosine: T): T {
  return tf.tidy(() =>
    tf.clipByValue(tf.mul(tf.add(cosine, 1), 0.5), 0, 1) as T
  );
}

/**
 * Eq. 2: the class prototype.
 *
 * @module
 */
import { checkShape } from "../core/mod.ts";
import { l2Normalize, tf } from "../engine/mod.ts";

/** Options of {@linkcode classPrototype}. */
export interface ClassPrototypeOptions {
  /**
   * Whether features are scaled to length one before the mean. The paper prints plain features; with `true` a feature's
   * length no longer weighs it (our reading offers both).
   * @default false
   */
  normalizeFirst?: boolean;
}

/**
 * Class prototype: the direction of an identity's mean feature.
 *
 * f̄_y = mean_i f_i, f̂_y = f̄_y / ‖f̄_y‖ (eq. 2).
 *
 * @param features Reference features of one identity, `[N, D]`, any norm. Borrowed.
 * @param options Whether to normalise before the mean.
 * @returns The prototype, `[D]`, length one (zero if the features cancel). Owned by the caller.
 * @throws {TypeError} If the tensor has not two axes.
 * @throws {RangeError} If there are no features.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { classPrototype } from "@outis/outis/rewards";
 *
 * classPrototype(tf.tensor2d([[6, 0], [0, 8]])).print(); // [0.6, 0.8]
 * ```
 */
export function classPrototype(
  features: tf.Tensor2D,
  options: ClassPrototypeOptions = {},
): tf.Tensor1D {
  const { normalizeFirst = false } = options;
  checkShape("make a class prototype", "features", features, [null, null]);
  if (features.shape[0] === 0) {
    throw new RangeError(
      "Cannot make a class prototype as 'features' must hold at least one row: current value is 0 rows",
    );
  }
  return tf.tidy(() => {
    const rows = normalizeFirst ? l2Normalize(features) : features;
    return l2Normalize(tf.mean(rows, 0)) as tf.Tensor1D; // [D]
  });
}

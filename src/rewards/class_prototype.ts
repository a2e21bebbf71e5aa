/**
 * Eq. 2: the class prototype.
 *
 * @module
 */
import { l2Normalize, tf } from "../engine/mod.ts";
import { checkFeatures, hasValues } from "./check_features.ts";

/** Share of the features' length below which their mean is rounding. */
const ROUNDING = 1e-6;

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
 * @returns The prototype, `[D]`, length one. Owned by the caller.
 * @throws {TypeError} If the tensor has not two axes.
 * @throws {RangeError} If there are no features, one has no direction ({@linkcode checkFeatures}), or they cancel. While
 * `jit` traces there are no values to look at: there a mean of zero stays zero.
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
  const act = "make a class prototype";
  checkFeatures(act, "features", features);
  return tf.tidy(() => {
    const rows = normalizeFirst ? l2Normalize(features) : features;
    const mean = tf.mean(rows, 0, true); // [1, D]
    const squares = tf.mean(tf.sum(tf.square(rows), 1, true), 0); // [1]
    checkMeans(act, () => "features", mean, squares);
    return tf.squeeze(l2Normalize(mean), [0]) as tf.Tensor1D; // [D]
  });
}

/**
 * Checks that features do not cancel: of their mean only rounding would be left then, which points anywhere.
 *
 * @param act What the caller is about to do.
 * @param name Name of the features of which the mean is row y.
 * @param means Means of features, `[I, D]`. Borrowed; read where there are values.
 * @param squares Means of the features' squared lengths, `[I]`. Borrowed.
 * @throws {RangeError} If a mean is shorter than a millionth of the features.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { assertThrows } from "@std/assert";
 * import { checkMeans } from "./class_prototype.ts";
 *
 * const [opposed, squares] = [tf.tensor2d([[0, 0]]), tf.tensor1d([1])];
 * const name = () => "features";
 * assertThrows(() => checkMeans("score", name, opposed, squares), RangeError);
 * ```
 */
export function checkMeans(
  act: string,
  name: (y: number) => string,
  means: tf.Tensor,
  squares: tf.Tensor,
): void {
  if (!hasValues()) return;
  const shares = tf.tidy(() =>
    tf.div(tf.norm(means, 2, 1), tf.sqrt(squares)).dataSync()
  );
  const y = shares.findIndex((share) => !(share > ROUNDING));
  if (y < 0) return;
  throw new RangeError(
    `Cannot ${act} as '${
      name(y)
    }' must not cancel: current value has a mean of ${
      shares[y]
    } of the features' length`,
  );
}

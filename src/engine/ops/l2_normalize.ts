/**
 * Scaling vectors to length 1.
 *
 * @module
 */
import { tf } from "../tf.ts";
import { checkDtype, checkEpsilon, checkNumber } from "./check.ts";
import { withGradient } from "./own_gradient.ts";

/** Options of {@linkcode l2Normalize}. */
export interface L2NormalizeOptions {
  /** Axis the vectors lie along; negative counts from the last. @default {-1} */
  axis?: number;
  /** Smallest length that is divided by. @default {1e-12} */
  epsilon?: number;
}

/**
 * Scales vectors to length 1, y = x / max(‖x‖, ε).
 *
 * The gradient is dx = (dy - y (y · dy)) / ‖x‖, and dy / ε for vectors shorter than ε: finite for the zero vector, too.
 * As PyTorch's `normalize`.
 *
 * @param x Any shape, float32. Borrowed.
 * @returns The same shape. Owned by the caller.
 * @throws {TypeError} If `x` is not float32.
 * @throws {RangeError} If `axis` is not one of `x`, or `epsilon` is not positive.
 *
 * @example
 * ```ts
 * import { l2Normalize, tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * l2Normalize(tf.tensor([[3, 4], [0, 0]])).print(); // [[0.6, 0.8], [0, 0]]
 * ```
 */
export function l2Normalize<R extends tf.Rank>(
  x: tf.Tensor<R>,
  options: L2NormalizeOptions = {},
): tf.Tensor<R> {
  const { axis = -1, epsilon = 1e-12 } = options;
  const act = "normalise vectors";
  checkDtype(act, "x", x);
  const isAxis = Number.isInteger(axis) && axis >= -x.rank && axis < x.rank;
  checkNumber(act, "axis", axis, `an axis of [${x.shape.join(", ")}]`, isAxis);
  checkEpsilon(act, epsilon);
  return tf.tidy(() =>
    withGradient<tf.Tensor<R>>([x], () => {
      const norm = tf.sqrt(tf.sum(tf.square(x), axis, true));
      const length = tf.maximum(norm, epsilon);
      const value = tf.div<tf.Tensor<R>>(x, length);
      return {
        value,
        saved: [value, norm, length],
        gradient: (slope, [value, norm, length]) => {
          const along = tf.sum(tf.mul(slope, value), axis, true);
          // Where the length is held at ε it does not depend on x.
          const moving = tf.cast(tf.greater(norm, epsilon), "float32");
          const tangent = tf.sub(slope, tf.mul(value, tf.mul(along, moving)));
          return [tf.div(tangent, length)];
        },
      };
    })
  );
}

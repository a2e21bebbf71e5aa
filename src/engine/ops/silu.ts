/**
 * The sigmoid-weighted linear unit.
 *
 * @module
 */
import { tf } from "../tf.ts";
import { checkDtype } from "./check.ts";
import { withGradient } from "./own_gradient.ts";

/**
 * Sigmoid-weighted linear unit ("swish"), y = x σ(x) with σ(x) = 1 / (1 + e^-x).
 *
 * The gradient keeps x alone: dx = dy σ (1 + x (1 - σ)). As PyTorch's `silu`.
 *
 * @param x Any shape, float32. Borrowed.
 * @returns The same shape. Owned by the caller.
 * @throws {TypeError} If `x` is not float32.
 *
 * @example
 * ```ts
 * import { silu, tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * silu(tf.tensor([-1, 0, 1])).print(); // [-0.2689, 0, 0.7311]
 * ```
 */
export function silu<R extends tf.Rank>(x: tf.Tensor<R>): tf.Tensor<R> {
  checkDtype("apply SiLU", "x", x);
  return tf.tidy(() =>
    withGradient<tf.Tensor<R>>([x], () => ({
      value: tf.mul(tf.sigmoid(x), x),
      saved: [x],
      gradient: (slope, [x]) => {
        const gate = tf.sigmoid(x);
        const inner = tf.mul(x, tf.sub(1, gate));
        return [tf.mul(slope, tf.mul(gate, tf.add(1, inner)))];
      },
    }))
  );
}

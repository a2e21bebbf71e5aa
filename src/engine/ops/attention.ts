/**
 * Softmax attention.
 *
 * @module
 */
import { tf } from "../tf.ts";
import { checkTensor } from "./check.ts";
import { withGradient } from "./own_gradient.ts";

/**
 * Scaled dot-product attention, y = softmax(q kᵀ / √D) v, over B independent samples and H heads.
 *
 * The gradient keeps the probabilities P and the result: dv = Pᵀ dy, dS = P (dy vᵀ - Σ dy y), dq = dS k / √D,
 * dk = dSᵀ q / √D. As PyTorch's `scaled_dot_product_attention` without mask and dropout.
 *
 * @param q Queries, `[B, H, T, D]`, float32. Borrowed.
 * @param k Keys, `[B, H, S, D]`. Borrowed.
 * @param v Values, `[B, H, S, E]`. Borrowed.
 * @returns `[B, H, T, E]`. Owned by the caller.
 * @throws {TypeError} If the shapes do not fit each other or a tensor is not float32.
 *
 * @example
 * ```ts
 * import { attention, tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const q = tf.zeros<tf.Rank.R4>([1, 1, 1, 2]); // attends to all alike
 * const kv = tf.tensor4d([[[[1, 2], [3, 4]]]]);
 * attention(q, kv, kv).print(); // [[[[2, 3]]]]
 * ```
 */
export function attention(
  q: tf.Tensor4D,
  k: tf.Tensor4D,
  v: tf.Tensor4D,
): tf.Tensor4D {
  const act = "attend";
  checkTensor(act, "q", q, [null, null, null, null]);
  const [samples, heads, , width] = q.shape;
  checkTensor(act, "k", k, [samples, heads, null, width]);
  checkTensor(act, "v", v, [samples, heads, k.shape[2], null]);
  const factor = 1 / Math.sqrt(width);
  return tf.tidy(() =>
    withGradient<tf.Tensor4D>([q, k, v], () => {
      // Scaling q costs D / S of what scaling the scores would.
      const scaled = tf.mul(q, factor);
      const scores = tf.matMul(scaled, k, false, true); // [B, H, T, S]
      const probabilities = tf.softmax(scores);
      const value = tf.matMul<tf.Tensor4D>(probabilities, v); // [B, H, T, E]
      return {
        value,
        saved: [scaled, k, v, probabilities, value],
        gradient: (slope, [scaled, k, v, probabilities, value]) => {
          const along = tf.sum(tf.mul(slope, value), -1, true); // [B, H, T, 1]
          const inner = tf.sub(tf.matMul(slope, v, false, true), along);
          const dScores = tf.mul(probabilities, inner); // [B, H, T, S]
          return [
            tf.mul(tf.matMul(dScores, k), factor),
            tf.matMul(dScores, scaled, true),
            tf.matMul(probabilities, slope, true),
          ];
        },
      };
    })
  );
}

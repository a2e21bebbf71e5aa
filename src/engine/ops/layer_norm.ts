/**
 * Layer normalisation.
 *
 * @module
 */
import { tf } from "../tf.ts";
import { checkDtype, checkEpsilon, refusal, shapeOf } from "./check.ts";
import { sumTo, withGradient } from "./own_gradient.ts";

/** Options of {@linkcode layerNorm}. */
export interface LayerNormOptions {
  /** Factor γ, of any shape that broadcasts to that of `x`; usually `[D]`. Borrowed. @default 1 */
  scale?: tf.Tensor;
  /** Summand β, of any shape that broadcasts to that of `x`; usually `[D]`. Borrowed. @default 0 */
  offset?: tf.Tensor;
  /** What is added to the variance. @default {1e-5} */
  epsilon?: number;
}

/**
 * Normalises the last axis to mean 0 and variance 1.
 *
 * y = γ x̂ + β with x̂ = (x - mean) r, r = 1 / √(variance + ε); mean and (biased) variance over the last axis. The
 * gradient with g = γ dy is dx = r (g - mean(g) - x̂ mean(g x̂)).
 *
 * As PyTorch's `layer_norm`; beyond it, `scale` and `offset` may differ from row to row, as the modulation of a
 * transformer does that is conditioned through its norms (`[B, 1, D]` for `[B, T, D]`).
 *
 * @param x `[..., D]`, float32. Borrowed.
 * @returns The same shape. Owned by the caller.
 * @throws {TypeError} If `scale` or `offset` does not broadcast to the shape of `x`, or a tensor is not float32.
 * @throws {RangeError} If `epsilon` is not positive.
 *
 * @example
 * ```ts
 * import { layerNorm, tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * layerNorm(tf.tensor([[1, 3], [10, 30]])).print(); // [[-1, 1], [-1, 1]]
 * ```
 */
export function layerNorm<R extends tf.Rank>(
  x: tf.Tensor<R>,
  options: LayerNormOptions = {},
): tf.Tensor<R> {
  const { scale, offset, epsilon = 1e-5 } = options;
  check(x, scale, offset, epsilon);
  const inputs = [x, scale, offset].filter((input) => input !== undefined);
  return tf.tidy(() =>
    withGradient<tf.Tensor<R>>(inputs, () => {
      const centred = tf.sub(x, tf.mean(x, -1, true));
      const variance = tf.mean(tf.square(centred), -1, true);
      const inverse = tf.rsqrt(tf.add(variance, epsilon));
      const normal = tf.mul(centred, inverse);
      const scaled = scale === undefined ? normal : tf.mul(normal, scale);
      const value = offset === undefined ? scaled : tf.add(scaled, offset);
      return {
        value: value as tf.Tensor<R>,
        saved: scale === undefined
          ? [normal, inverse]
          : [normal, inverse, scale],
        gradient: (slope, [normal, inverse, scale]) => {
          const inner = scale === undefined ? slope : tf.mul(slope, scale);
          const along = tf.mean(tf.mul(inner, normal), -1, true);
          const dx = tf.mul(
            inverse,
            tf.sub(
              tf.sub(inner, tf.mul(normal, along)),
              tf.mean(inner, -1, true),
            ),
          );
          const gradients: tf.Tensor[] = [dx];
          if (scale !== undefined) {
            gradients.push(sumTo(tf.mul(slope, normal), scale.shape));
          }
          if (offset !== undefined) gradients.push(sumTo(slope, offset.shape));
          return gradients;
        },
      };
    })
  );
}

function check(
  x: tf.Tensor,
  scale: tf.Tensor | undefined,
  offset: tf.Tensor | undefined,
  epsilon: number,
): void {
  const act = "apply layer normalisation";
  if (x.rank === 0) {
    throw refusal(act, "x", "of one axis or more", shapeOf(x));
  }
  checkDtype(act, "x", x);
  for (const [name, tensor] of Object.entries({ scale, offset })) {
    if (tensor === undefined) continue;
    checkDtype(act, name, tensor);
    const lead = x.rank - tensor.rank;
    const fits = lead >= 0 &&
      tensor.shape.every((size, axis) =>
        size === 1 || size === x.shape[lead + axis]
      );
    if (!fits) {
      const rule = `of a shape that broadcasts to [${x.shape.join(", ")}]`;
      throw refusal(act, name, rule, shapeOf(tensor));
    }
  }
  checkEpsilon(act, epsilon);
}

/**
 * The affine map of the last axis.
 *
 * @module
 */
import { tf } from "../tf.ts";

/**
 * y = x W + b on the last axis.
 *
 * All leading axes go through one matrix product, in the gradient too: dx = dy Wᵀ, dW = xᵀ dy, db = Σ dy.
 *
 * @param x `[..., I]`. Borrowed.
 * @param weight `[I, O]`. Borrowed.
 * @param bias `[O]`, or nothing. Borrowed.
 * @returns `[..., O]`. Owned by the caller.
 * @throws {TypeError} If the widths differ.
 *
 * @example
 * ```ts
 * import { linear, tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const y = linear(tf.ones([2, 5, 3]), tf.ones([3, 4]), tf.ones([4]));
 * console.log(y.shape); // [2, 5, 4], every value 4
 * ```
 */
export function linear(
  x: tf.Tensor,
  weight: tf.Tensor2D,
  bias?: tf.Tensor1D,
): tf.Tensor {
  const [inputs, outputs] = weight.shape;
  const width = x.shape[x.shape.length - 1];
  if (width !== inputs) {
    throw new TypeError(
      `Cannot apply a linear map as 'x' must end in ${inputs} values: current value is shape [${x.shape}]`,
    );
  }
  if (bias !== undefined && bias.shape[0] !== outputs) {
    throw new TypeError(
      `Cannot apply a linear map as 'bias' must have ${outputs} values: current value is shape [${bias.shape}]`,
    );
  }
  return tf.tidy(() => {
    const rows = tf.reshape(x, [-1, inputs]) as tf.Tensor2D;
    const y = bias === undefined
      ? tf.matMul(rows, weight)
      : affine(rows, weight, bias);
    return tf.reshape(y, [...x.shape.slice(0, -1), outputs]);
  });
}

/** `[N, I] [I, O] + [O]`; the gradients stand here so that the bias costs one sum and no broadcasting. */
function affine(
  rows: tf.Tensor2D,
  weight: tf.Tensor2D,
  bias: tf.Tensor1D,
): tf.Tensor2D {
  const op = tf.customGrad((...args) => {
    const [x, w, b, save] = args as [
      tf.Tensor2D,
      tf.Tensor2D,
      tf.Tensor1D,
      tf.GradSaveFunc,
    ];
    save([x, w]);
    return {
      value: tf.add(tf.matMul(x, w), b),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [savedX, savedW] = saved as tf.Tensor2D[];
        const slope = dy as tf.Tensor2D;
        return [
          tf.matMul(slope, savedW, false, true),
          tf.matMul(savedX, slope, true, false),
          tf.sum(slope, 0),
        ];
      },
    };
  });
  return op(rows, weight, bias) as tf.Tensor2D;
}

/**
 * The affine map of the last axis.
 *
 * @module
 */
import { tf } from "../tf.ts";
import { checkDtype, checkTensor, refusal, shapeOf } from "./check.ts";
import { native } from "./native.ts";
import { withGradient } from "./own_gradient.ts";

/**
 * y = x W + b on the last axis.
 *
 * All leading axes go through one matrix product, in the gradient too: dx = dy Wᵀ, dW = xᵀ dy, db = Σ dy.
 *
 * @param x `[..., I]`. Borrowed.
 * @param weight `[I, O]`. Borrowed.
 * @param bias `[O]`, or nothing. Borrowed.
 * @returns `[..., O]`. Owned by the caller.
 * @throws {TypeError} If the widths differ or a tensor is not float32.
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
  const act = "apply a linear map";
  checkTensor(act, "weight", weight, [null, null]);
  const [inputs, outputs] = weight.shape;
  if (x.rank === 0 || x.shape[x.rank - 1] !== inputs) {
    throw refusal(act, "x", `of shape [..., ${inputs}]`, shapeOf(x));
  }
  checkDtype(act, "x", x);
  if (bias !== undefined) checkTensor(act, "bias", bias, [outputs]);
  return tf.tidy(() => {
    const rows = tf.reshape(x, [-1, inputs]) as tf.Tensor2D;
    const y = affine(rows, weight, bias);
    return tf.reshape(y, [...x.shape.slice(0, -1), outputs]);
  });
}

/** `[N, I] [I, O] + [O]`; the gradients stand here so that the bias costs one sum and no broadcasting. */
function affine(
  x: tf.Tensor2D,
  weight: tf.Tensor2D,
  bias: tf.Tensor1D | undefined,
): tf.Tensor2D {
  const inputs = bias === undefined ? [x, weight] : [x, weight, bias];
  return withGradient<tf.Tensor2D>(inputs, () => {
    const product = multiply(x, weight);
    return {
      value: bias === undefined ? product : addBias(product, bias),
      saved: [x, weight],
      gradient: (slope, saved) => {
        const [x, weight] = saved as tf.Tensor2D[];
        const gradients: tf.Tensor[] = [
          multiply(slope, weight, false, true),
          multiply(x, slope, true, false),
        ];
        if (bias !== undefined) gradients.push(tf.sum(slope, 0));
        return gradients;
      },
    };
  });
}

/** TensorFlow.js would emit the batched product, which XLA is slower at and the graph optimiser does not join. */
function multiply(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  transposeA = false,
  transposeB = false,
): tf.Tensor2D {
  const kernels = native();
  if (kernels === undefined) return tf.matMul(a, b, transposeA, transposeB);
  return kernels.run("MatMul", [a, b], {
    transpose_a: transposeA,
    transpose_b: transposeB,
  })[0] as tf.Tensor2D;
}

/** Written so that the graph optimiser makes one operation of product, bias and activation. */
function addBias(x: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  const kernels = native();
  if (kernels === undefined) return tf.add(x, bias);
  return kernels.run("BiasAdd", [x, bias])[0] as tf.Tensor2D;
}

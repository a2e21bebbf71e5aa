/**
 * Convolution of images.
 *
 * @module
 */
import { tf } from "../tf.ts";
import { checkNumber, checkTensor, refusal, shapeOf } from "./check.ts";
import { type Native, native } from "./native.ts";
import { withGradient } from "./own_gradient.ts";

/** Options of {@linkcode conv2d}. */
export interface Conv2dOptions {
  /** Step between windows, in pixels. @default {1} */
  stride?: number;
  /** Zeros added at each of the four sides, in pixels, as PyTorch's `padding`. @default {0} */
  padding?: number;
  /** `[O]`, added to every pixel. Borrowed. @default 0 */
  bias?: tf.Tensor1D;
}

/**
 * Convolves images, y[b, i, j, o] = bias_o + Σ x̃[b, s i + m, s j + n, c] kernel[m, n, c, o] with x̃ the images with
 * `padding` zeros around them and s the stride (no flipping of the kernel).
 *
 * As PyTorch's `conv2d` with the axes in the order of TensorFlow; unlike TensorFlow's "same", padding is the same at
 * all sides whatever the stride.
 *
 * @param x Images `[B, H, W, C]`, float32. Borrowed.
 * @param kernel `[M, N, C, O]`. Borrowed.
 * @returns `[B, ⌊(H + 2 padding - M) / s⌋ + 1, ⌊(W + 2 padding - N) / s⌋ + 1, O]`. Owned by the caller.
 * @throws {TypeError} If shapes or dtypes do not fit, or the kernel is larger than the padded images.
 * @throws {RangeError} If `stride` is not a whole number above 0 or `padding` not one of 0 or more.
 *
 * @example
 * ```ts
 * import { conv2d, tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const image = tf.ones<tf.Rank.R4>([1, 4, 4, 1]);
 * const box = tf.ones<tf.Rank.R4>([3, 3, 1, 1]);
 * const y = conv2d(image, box, { stride: 2, padding: 1 });
 * console.log(y.dataSync()); // 4 6 6 9
 * ```
 */
export function conv2d(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  options: Conv2dOptions = {},
): tf.Tensor4D {
  const { stride = 1, padding = 0, bias } = options;
  check(x, kernel, stride, padding, bias);
  return tf.tidy(() => {
    const kernels = native();
    if (kernels === undefined) {
      // Not as one number, which TensorFlow.js takes to mean a square kernel.
      const sides: [number, number] = [padding, padding];
      const pad: Explicit = [[0, 0], sides, sides, [0, 0]];
      const y = tf.conv2d(x, kernel, stride, pad); // has its gradients
      return bias === undefined ? y : tf.add(y, bias);
    }
    return convolve(kernels, x, kernel, stride, padding, bias);
  });
}

type Explicit = Parameters<typeof tf.conv2d>[3] & unknown[];

/**
 * TensorFlow's operations. TensorFlow.js's own gradients refuse explicit padding; TensorFlow's take it, but not in the
 * fast kernels, so padding is written as "SAME" where that means the same, else done before.
 */
function convolve(
  kernels: Native,
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  stride: number,
  padding: number,
  bias: tf.Tensor1D | undefined,
): tf.Tensor4D {
  const [height, width] = kernel.shape;
  const span = 2 * padding + 1;
  const isSame = stride === 1 && height === span && width === span;
  const margin = isSame ? 0 : padding;
  const attributes = {
    strides: [1, stride, stride, 1],
    data_format: "NHWC",
    padding: isSame ? "SAME" : "VALID",
  };
  const inputs = bias === undefined ? [x, kernel] : [x, kernel, bias];
  return withGradient<tf.Tensor4D>(inputs, () => {
    const sides: [number, number] = [margin, margin];
    const padded = margin === 0 ? x : tf.pad(x, [[0, 0], sides, sides, [0, 0]]);
    const [products] = kernels.run("Conv2D", [padded, kernel], attributes);
    const value = bias === undefined
      ? products
      : kernels.run("BiasAdd", [products, bias])[0];
    return {
      value: value as tf.Tensor4D,
      saved: [padded, kernel],
      gradient: (slope, [padded, kernel]) => {
        const [dPadded] = kernels.run(
          "Conv2DBackpropInput",
          [tf.tensor1d(padded.shape, "int32"), kernel, slope],
          attributes,
        );
        const gradients = [
          margin === 0
            ? dPadded
            : tf.slice(dPadded, [0, margin, margin, 0], x.shape),
          kernelGradient(kernels, padded, kernel, slope, attributes),
        ];
        if (bias !== undefined) gradients.push(tf.sum(slope, [0, 1, 2]));
        return gradients;
      },
    };
  });
}

/** Of a convolution of one pixel it is a matrix product: TensorFlow's operation corrupts memory on few channels then. */
function kernelGradient(
  kernels: Native,
  x: tf.Tensor,
  kernel: tf.Tensor,
  slope: tf.Tensor4D,
  attributes: { strides: number[]; data_format: string; padding: string },
): tf.Tensor {
  const [height, width, inputs, outputs] = kernel.shape;
  const { strides } = attributes;
  if (height > 1 || width > 1 || strides[1] === 1) {
    const shape = tf.tensor1d(kernel.shape, "int32");
    return kernels.run(
      "Conv2DBackpropFilter",
      [x, shape, slope],
      attributes,
    )[0];
  }
  const seen = tf.stridedSlice(x, [0, 0, 0, 0], x.shape, strides);
  const [pixels, slopes] = [
    tf.reshape(seen, [-1, inputs]),
    tf.reshape(slope, [-1, outputs]),
  ];
  const [product] = kernels.run("MatMul", [pixels, slopes], {
    transpose_a: true,
    transpose_b: false,
  });
  return tf.reshape(product, kernel.shape);
}

function check(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  stride: number,
  padding: number,
  bias: tf.Tensor1D | undefined,
): void {
  const act = "convolve";
  checkTensor(act, "x", x, [null, null, null, null]);
  checkTensor(act, "kernel", kernel, [null, null, x.shape[3], null]);
  if (bias !== undefined) {
    checkTensor(act, "bias", bias, [kernel.shape[3]]);
  }
  const isStride = Number.isInteger(stride) && stride > 0;
  checkNumber(act, "stride", stride, "a whole number above 0", isStride);
  const isPadding = Number.isInteger(padding) && padding >= 0;
  checkNumber(act, "padding", padding, "a whole number, 0 or more", isPadding);
  const padded = [x.shape[1] + 2 * padding, x.shape[2] + 2 * padding];
  if (kernel.shape[0] > padded[0] || kernel.shape[1] > padded[1]) {
    const rule = `no larger than the padded images, [${padded.join(", ")}]`;
    throw refusal(act, "kernel", rule, shapeOf(kernel));
  }
}

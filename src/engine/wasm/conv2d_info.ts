import { tf } from "../tf.ts";

/** Sizes of a tensor of images, or of a filter. */
export type Shape4D = [number, number, number, number];

/** Settings of a convolution and of its gradients, as tfjs passes them. */
export interface Conv2DAttributes {
  strides: number | [number, number];
  pad: "same" | "valid" | number | tf.backend_util.ExplicitPadding;
  dataFormat: "NHWC" | "NCHW";
  dilations?: number | [number, number];
  dimRoundingMode?: "floor" | "round" | "ceil";
}

/**
 * All sizes of a convolution.
 *
 * @param inputShape Shape of the images, `[B, H, W, C]`.
 * @param filterShape Shape of the filter, `[H, W, C, D]`.
 * @param attributes Its settings.
 * @returns tfjs's description of it.
 * @throws {RangeError} If the images are channels-first.
 */
export function conv2DInfo(
  inputShape: number[],
  filterShape: number[],
  attributes: Conv2DAttributes,
): tf.backend_util.Conv2DInfo {
  const { strides, dilations = 1, dimRoundingMode, dataFormat } = attributes;
  if (dataFormat !== "NHWC") {
    throw new RangeError(
      `Cannot convolve on wasm as 'dataFormat' must be NHWC: current value is ${dataFormat}`,
    );
  }
  return tf.backend_util.computeConv2DInfo(
    inputShape as Shape4D,
    filterShape as Shape4D,
    strides,
    dilations,
    explicitPadding(attributes),
    dimRoundingMode,
  );
}

/**
 * The padding with a number written out for each side: given a number, tfjs takes the filter's height for its width
 * as well when it computes the size of the result.
 *
 * @param attributes Settings of a convolution.
 * @returns `"same"`, `"valid"` or zeros at each side, in pixels.
 */
export function explicitPadding(
  { pad }: Conv2DAttributes,
): "same" | "valid" | tf.backend_util.ExplicitPadding {
  return typeof pad === "number"
    ? [[0, 0], [pad, pad], [pad, pad], [0, 0]]
    : pad;
}

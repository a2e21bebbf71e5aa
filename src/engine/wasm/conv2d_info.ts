import { tf } from "../tf.ts";

/** Sizes of a tensor of images, or of a filter. */
export type Shape4D = [number, number, number, number];

/** Settings of a convolution and of its gradients, as tfjs passes them. */
export interface Conv2DAttributes {
  /** Step of the filter down and right, pixels. */
  strides: number | [number, number];
  /** Zeros around the images: by TensorFlow's rule, none, or in pixels. */
  pad: "same" | "valid" | number | tf.backend_util.ExplicitPadding;
  /** Order of the axes; only `"NHWC"` can be computed. */
  dataFormat: "NHWC" | "NCHW";
  /** Distance between the filter's taps, pixels. */
  dilations?: number | [number, number];
  /** How the size of the result is rounded. */
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
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { conv2DInfo } from "./conv2d_info.ts";
 *
 * const attributes = { strides: 2, pad: 1, dataFormat: "NHWC" } as const;
 * const { outShape } = conv2DInfo([1, 8, 8, 3], [3, 3, 3, 16], attributes);
 * assertEquals(outShape, [1, 4, 4, 16]);
 * ```
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
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { explicitPadding } from "./conv2d_info.ts";
 *
 * const padding = explicitPadding({ strides: 1, pad: 2, dataFormat: "NHWC" });
 * assertEquals(padding, [[0, 0], [2, 2], [2, 2], [0, 0]]);
 * ```
 */
export function explicitPadding(
  { pad }: Conv2DAttributes,
): "same" | "valid" | tf.backend_util.ExplicitPadding {
  return typeof pad === "number"
    ? [[0, 0], [pad, pad], [pad, pad], [0, 0]]
    : pad;
}

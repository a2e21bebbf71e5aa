/** Settings of a resize operation, as tfjs passes them to the kernels and to the gradients' kernels. */
export interface ResizeAttributes {
  /** Whether the outermost pixel centres of input and output coincide. */
  alignCorners: boolean;
  /** Whether pixels are sampled at their centres. */
  halfPixelCenters: boolean;
  /** Height and width of the output. */
  size: [number, number];
}

/**
 * Where the pixels of a resized image lie in the original, along one dimension.
 *
 * @param inSize Pixels of the original.
 * @param outSize Pixels of the result.
 * @param attributes How the two are laid over each other.
 * @returns From a pixel of the result to a position in the original, in pixels, not clipped.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { sourcePosition } from "./resize_position.ts";
 *
 * const position = sourcePosition(4, 8, {
 *   alignCorners: false,
 *   halfPixelCenters: true,
 *   size: [8, 8],
 * });
 * assertEquals([0, 1, 2].map(position), [-0.25, 0.25, 0.75]);
 * ```
 */
export function sourcePosition(
  inSize: number,
  outSize: number,
  { alignCorners, halfPixelCenters }: ResizeAttributes,
): (index: number) => number {
  if (alignCorners && outSize > 1) {
    return (index) => index * (inSize - 1) / (outSize - 1);
  }
  return halfPixelCenters
    ? (index) => (index + 0.5) * inSize / outSize - 0.5
    : (index) => index * inSize / outSize;
}

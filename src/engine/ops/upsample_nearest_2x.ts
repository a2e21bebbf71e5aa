/**
 * Doubling the size of images.
 *
 * @module
 */
import { tf } from "../tf.ts";
import { checkTensor } from "./check.ts";
import { withGradient } from "./own_gradient.ts";

/**
 * Doubles height and width by repeating every pixel 2 x 2 times. The gradient sums over those four.
 *
 * As PyTorch's `interpolate(scale_factor=2, mode="nearest")`.
 *
 * @param x Images `[B, H, W, C]`, float32. Borrowed.
 * @returns `[B, 2H, 2W, C]`. Owned by the caller.
 * @throws {TypeError} If `x` is not of rank 4 or not float32.
 *
 * @example
 * ```ts
 * import { tf, upsampleNearest2x, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const image = tf.tensor4d([1, 2], [1, 1, 2, 1]);
 * console.log(upsampleNearest2x(image).dataSync()); // 1 1 2 2, twice
 * ```
 */
export function upsampleNearest2x(x: tf.Tensor4D): tf.Tensor4D {
  checkTensor("double images", "x", x, [null, null, null, null]);
  const [, height, width] = x.shape;
  return tf.tidy(() =>
    withGradient<tf.Tensor4D>([x], () => ({
      value: tf.image.resizeNearestNeighbor(x, [2 * height, 2 * width]),
      saved: [],
      // Four times the mean: pooling is the fastest sum over blocks on every backend.
      gradient: (slope) => [tf.mul(tf.avgPool(slope, 2, 2, "valid"), 4)],
    }))
  );
}

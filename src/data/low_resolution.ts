/**
 * Images as a worse camera would have taken them.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";

/**
 * Takes detail away: shrinks each image by a whole factor and brings it back to size.
 *
 * Shrinking averages the area under each of the ceil(H / f) by ceil(W / f) new pixels; bringing back interpolates
 * linearly between their centres. Both are linear along rows and columns, so an image takes two products with matrices.
 *
 * @param images `[B, H, W, 3]`. Borrowed.
 * @param choice Which factor each image gets, an index into `factors`, `[B]` int32. Borrowed.
 * @param factors Whole numbers from 1; 1 leaves the image as it is.
 * @returns `[B, H, W, 3]`. Owned by the caller.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { lowerResolution } from "@outis/outis/data";
 *
 * await useBackend("auto");
 * const images = tf.tensor4d([0, 0, 0, 1, 1, 1], [1, 1, 2, 3]);
 * const choice = tf.tensor1d([0], "int32");
 * const blurred = lowerResolution(images, choice, [2]);
 * assert(blurred.dataSync()[0] === 0.5);
 * tf.dispose([images, choice, blurred]);
 * ```
 */
export function lowerResolution(
  images: tf.Tensor4D,
  choice: tf.Tensor1D,
  factors: readonly number[],
): tf.Tensor4D {
  const [count, height, width] = images.shape;
  return tf.tidy(() => {
    const pick = (length: number) =>
      tf.gather(
        tf.tensor3d(
          Float32Array.from(
            factors.flatMap((factor) => resolutionMatrix(length, factor)),
          ),
          [factors.length, length, length],
        ),
        choice,
      ); // [B, length, length]
    const flat = tf.reshape(images, [count, height, width * 3]);
    const rows = tf.matMul(pick(height), flat); // [B, H, W · 3]
    const columns = tf.transpose(
      tf.reshape(rows, [count, height, width, 3]),
      [0, 2, 1, 3],
    ); // [B, W, H, 3]
    const both = tf.matMul(
      pick(width),
      tf.reshape(columns, [count, width, height * 3]),
    );
    return tf.transpose(
      tf.reshape(both, [count, width, height, 3]),
      [0, 2, 1, 3],
    ) as tf.Tensor4D;
  });
}

/** Shrinking by the factor and bringing back, as one matrix `[length, length]` in row-major order. */
function resolutionMatrix(length: number, factor: number): number[] {
  const few = Math.ceil(length / factor);
  const step = length / few;
  // Pixel i lies at i + 1/2; so does small pixel j, on its own scale.
  const rows = Array.from({ length }, (_, i) => {
    const at = Math.min(Math.max((i + 0.5) / step - 0.5, 0), few - 1);
    const low = Math.min(Math.floor(at), Math.max(few - 2, 0));
    const share = few === 1 ? 0 : at - low;
    return Array.from(
      { length },
      (_, k) =>
        (1 - share) * overlap(low, k, step) +
        share * overlap(low + 1, k, step),
    );
  });
  return rows.flat();
}

/** How much of small pixel j lies on pixel k. */
function overlap(j: number, k: number, step: number): number {
  const covered = Math.min(k + 1, (j + 1) * step) - Math.max(k, j * step);
  return Math.max(covered, 0) / step;
}

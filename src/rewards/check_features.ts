/**
 * Checks on values. They read tensors, so they belong outside traced functions.
 *
 * @module
 */
import { checkShape } from "../core/mod.ts";
import type { tf } from "../engine/mod.ts";

/**
 * Checks that features are finite and that each has a direction.
 *
 * The reward functions look at shapes only, because they run inside `jit`, where values do not exist yet: they give a
 * zero vector the cosine 0 and let NaN through. Call this once where features enter from outside, on the host.
 *
 * @param act What the caller is about to do, as in "build a memory bank".
 * @param name Name of the argument.
 * @param features Feature vectors, `[B, D]`. Borrowed; their values are read.
 * @throws {TypeError} If the tensor has not two axes.
 * @throws {RangeError} If there are no rows, a value is NaN or infinite, or a row is zero; the sentence names the row.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { checkFeatures } from "@outis/outis/rewards";
 *
 * checkFeatures("score images", "features", tf.tensor2d([[0, 2], [1, 1]]));
 * ```
 */
export function checkFeatures(
  act: string,
  name: string,
  features: tf.Tensor2D,
): void {
  checkShape(act, name, features, [null, null]);
  const [rows, width] = features.shape;
  if (rows === 0 || width === 0) {
    throw new RangeError(
      `Cannot ${act} as '${name}' must be non-empty: current value is of shape [${rows}, ${width}]`,
    );
  }
  const values = features.dataSync();
  for (let row = 0; row < rows; row++) {
    let squares = 0;
    for (let i = row * width; i < (row + 1) * width; i++) {
      squares += values[i] * values[i];
    }
    if (!(squares > 0 && squares < Infinity)) {
      const found = squares === 0
        ? "a zero vector"
        : "a vector with NaN or Infinity";
      throw new RangeError(
        `Cannot ${act} as '${name}[${row}]' must be finite and not zero: current value is ${found}`,
      );
    }
  }
}

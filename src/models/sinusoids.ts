/**
 * Sinusoids that tell a transformer where and when it is.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";

/** Width of the time embedding. */
export const TIME_WIDTH = 256;

/**
 * Sinusoids of the time step, cosines first: frequencies 10000^(-i / 128).
 *
 * @param times Time steps, `[B]`, float32. Borrowed.
 * @returns `[B, 256]`, in [-1, 1]. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { assertEquals } from "@std/assert";
 * import { timeEmbedding } from "./sinusoids.ts";
 *
 * const embedded = timeEmbedding(tf.tensor1d([0, 500]));
 * assertEquals(embedded.shape, [2, 256]);
 * ```
 */
export function timeEmbedding(times: tf.Tensor1D): tf.Tensor2D {
  const half = TIME_WIDTH / 2;
  const frequencies = Float32Array.from(
    { length: half },
    (_, i) => Math.exp(-Math.log(10000) * i / half),
  );
  return tf.tidy(() => {
    const angles = tf.mul(tf.expandDims(times, 1), tf.tensor1d(frequencies));
    return tf.concat([tf.cos(angles), tf.sin(angles)], 1) as tf.Tensor2D;
  });
}

/**
 * Fixed sin-cos positions: the first half of the width tells the column, the second the row, sines before cosines, as
 * in the published model, whose grid has the width go first.
 *
 * @param rows Rows of tokens.
 * @param columns Columns of tokens.
 * @param hidden Width of a token, a multiple of 4.
 * @returns `[rows · columns, hidden]`, row-major.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { positionValues } from "./sinusoids.ts";
 *
 * const values = positionValues(1, 2, 4); // sin and cos of the column, then of the row
 * assertEquals(values.slice(0, 4), new Float32Array([0, 1, 0, 1]));
 * ```
 */
export function positionValues(
  rows: number,
  columns: number,
  hidden: number,
): Float32Array<ArrayBuffer> {
  const quarter = hidden / 4;
  const values = new Float32Array(rows * columns * hidden);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = (row * columns + column) * hidden;
      for (let i = 0; i < quarter; i++) {
        const frequency = 10000 ** (-i / quarter);
        values[at + i] = Math.sin(column * frequency);
        values[at + quarter + i] = Math.cos(column * frequency);
        values[at + 2 * quarter + i] = Math.sin(row * frequency);
        values[at + 3 * quarter + i] = Math.cos(row * frequency);
      }
    }
  }
  return values;
}

/**
 * {@linkcode positionValues} as a tensor.
 *
 * @param rows Rows of tokens.
 * @param columns Columns of tokens.
 * @param hidden Width of a token, a multiple of 4.
 * @returns Makes the tensor `[1, rows · columns, hidden]`, owned by the caller; the values are computed once.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { positionEmbedding } from "./sinusoids.ts";
 *
 * const positions = positionEmbedding(2, 3, 8);
 * assertEquals(positions().shape, [1, 6, 8]);
 * ```
 */
export function positionEmbedding(
  rows: number,
  columns: number,
  hidden: number,
): () => tf.Tensor {
  const values = positionValues(rows, columns, hidden);
  return () => tf.tensor(values, [1, rows * columns, hidden]);
}

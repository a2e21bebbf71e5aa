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
 * in the published model.
 *
 * @param hidden Width of a token, a multiple of 4.
 * @returns Makes the tensor `[1, rows · columns, hidden]`, owned by the caller; the values are computed once.
 */
export function positionEmbedding(
  rows: number,
  columns: number,
  hidden: number,
): () => tf.Tensor {
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
  return () => tf.tensor(values, [1, rows * columns, hidden]);
}

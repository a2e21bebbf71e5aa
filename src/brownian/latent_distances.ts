/**
 * How far latents lie from each other.
 *
 * @module
 */
import { jit, tf } from "../engine/mod.ts";

/** Rows and columns of a tile. */
const ROWS = 1024;
const COLUMNS = 4096;

/** Share of the latents' squared lengths below which a squared distance is rounding. */
const ROUNDING = 4e-6;

/**
 * Smallest distance of two distinct latents: min_{i<j} ‖w_i - w_j‖ over pairs that do not coincide. Distances come from
 * products in float32, so what is nearer than 0.3 % of its distance from the middle of all counts as coinciding.
 *
 * @param latents w, `[N, D]`. Borrowed.
 * @returns The distance; `Infinity` where there is no such pair.
 *
 * @example
 * ```ts
 * import { smallestLatentDistance } from "@outis/outis/brownian";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * console.log(smallestLatentDistance(tf.tensor2d([[0, 0], [3, 4], [3, 4]]))); // 5
 * ```
 */
export function smallestLatentDistance(latents: tf.Tensor2D): number {
  const [count, dimensions] = latents.shape;
  return tf.tidy(() => {
    // About their middle, so that products do not cancel.
    const centred = tf.sub(latents, tf.mean(latents, 0)) as tf.Tensor2D;
    let least = Infinity;
    for (let i = 0; i < count; i += ROWS) {
      for (let j = i - i % COLUMNS; j < count; j += COLUMNS) {
        const square = tf.tidy(() => {
          const from = tf.slice(centred, [i, 0], [
            Math.min(ROWS, count - i),
            dimensions,
          ]);
          const to = tf.slice(centred, [j, 0], [
            Math.min(COLUMNS, count - j),
            dimensions,
          ]);
          const self = tf.scalar(i - j, "int32");
          return leastSquare(from, to, self).dataSync()[0];
        });
        least = Math.min(least, square);
      }
    }
    return Math.sqrt(least);
  });
}

const leastSquare = jit((
  from: tf.Tensor2D,
  to: tf.Tensor2D,
  self: tf.Scalar,
) => {
  const own = tf.sum(tf.square(from), 1, true); // [R, 1]
  const other = tf.sum(tf.square(to), 1); // [C]
  const lengths = tf.add(own, other); // [R, C]
  const squares = tf.sub(lengths, tf.mul(2, tf.matMul(from, to, false, true)));
  const distinct = tf.greater(squares, tf.mul(ROUNDING, lengths));
  // Row i of the tile is the latent of column i + self: its distance to itself is rounding, however large.
  const row = tf.add(tf.range(0, from.shape[0], 1, "int32"), self);
  const column = tf.range(0, to.shape[0], 1, "int32");
  const isPair = tf.notEqual(tf.expandDims(row, 1), tf.expandDims(column, 0));
  const counts = tf.logicalAnd(distinct, isPair);
  return tf.min(tf.where(counts, squares, Infinity));
});

/**
 * Whom of a crowd an embedding is nearest to.
 *
 * @module
 */
import { checkShape } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";

/** The nearest of others to each embedding. */
export interface NearestDirections {
  /** Angle to it, radians, `[N]`. */
  angles: Float64Array;
  /** Its number, `[N]`. */
  indices: Int32Array;
}

/** Rows at a time. */
const ROWS = 1024;

/**
 * Finds the nearest of others to each embedding, by angle.
 *
 * @param embeddings `[N, E]`, any norm but zero. Borrowed.
 * @param others `[M, E]`, at least one, any norm but zero. Borrowed.
 * @param isSelf Whether both are the same set, so that nobody is near to themselves; then at least two. Off unless given.
 * @returns Angles and numbers.
 * @throws {TypeError} If the widths differ.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { nearestDirections } from "./nearest_directions.ts";
 *
 * const { angles, indices } = nearestDirections(
 *   tf.tensor2d([[1, 0]]),
 *   tf.tensor2d([[0, 1], [2, 2]]),
 * );
 * console.log(angles[0], indices[0]); // π/4, 1
 * ```
 */
export function nearestDirections(
  embeddings: tf.Tensor2D,
  others: tf.Tensor2D,
  isSelf = false,
): NearestDirections {
  const [count, width] = embeddings.shape;
  checkShape("find the nearest", "others", others, [null, width]);
  const angles = new Float64Array(count);
  const indices = new Int32Array(count);
  tf.tidy(() => {
    const to = unit(others);
    const from = unit(embeddings);
    const own = tf.range(0, others.shape[0], 1, "int32");
    for (let first = 0; first < count; first += ROWS) {
      tf.tidy(() => {
        const rows = Math.min(ROWS, count - first);
        const part = tf.slice(from, [first, 0], [rows, width]);
        const cosines = tf.matMul(part, to, false, true); // [rows, M]
        const row = tf.range(first, first + rows, 1, "int32");
        const self = tf.equal(tf.expandDims(row, 1), tf.expandDims(own, 0));
        const seen = isSelf ? tf.where(self, -2, cosines) : cosines;
        indices.set(tf.argMax(seen, 1).dataSync(), first);
        tf.max(seen, 1).dataSync().forEach((cosine, i) =>
          angles[first + i] = Math.acos(Math.max(-1, Math.min(1, cosine)))
        );
      });
    }
  });
  return { angles, indices };
}

function unit(vectors: tf.Tensor2D): tf.Tensor2D {
  return tf.div(vectors, tf.norm(vectors, 2, 1, true)) as tf.Tensor2D;
}

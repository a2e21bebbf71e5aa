/**
 * Rows of a table.
 *
 * @module
 */
import { tf } from "../tf.ts";
import { checkTensor } from "./check.ts";
import { withGradient } from "./own_gradient.ts";

/**
 * Picks the rows of a table, y_b = table[ids_b]. The gradient adds each slope to the row it came from; rows that were
 * not picked get zero. As PyTorch's `embedding`.
 *
 * Ids live on the device and are not checked here: one out of range is an error of the kernel on the CPU, and reads a
 * row of zeros or the nearest row on a GPU and in functions compiled by XLA.
 *
 * @param table `[V, D]`, float32. Borrowed.
 * @param ids `[B]`, int32, each in [0, V). Borrowed.
 * @returns `[B, D]`. Owned by the caller.
 * @throws {TypeError} If shapes or dtypes do not fit.
 *
 * @example
 * ```ts
 * import { embeddingLookup, tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const table = tf.tensor2d([[1, 2], [3, 4]]);
 * const ids = tf.tensor1d([1, 1, 0], "int32");
 * embeddingLookup(table, ids).print(); // [[3, 4], [3, 4], [1, 2]]
 * ```
 */
export function embeddingLookup(
  table: tf.Tensor2D,
  ids: tf.Tensor1D,
): tf.Tensor2D {
  const act = "look up embeddings";
  checkTensor(act, "table", table, [null, null]);
  checkTensor(act, "ids", ids, [null], "int32");
  const [rows] = table.shape;
  return tf.tidy(() =>
    withGradient<tf.Tensor2D>([table], () => ({
      value: tf.gather(table, ids),
      saved: [ids],
      gradient: (slope, [ids]) => [sumRows(slope, ids as tf.Tensor1D, rows)],
    }))
  );
}

/** Adds each row of `x` to the row of the result that `ids` names. */
function sumRows(
  x: tf.Tensor2D,
  ids: tf.Tensor1D,
  rows: number,
): tf.Tensor2D {
  if (tf.getKernel("UnsortedSegmentSum", tf.getBackend()) !== undefined) {
    return tf.unsortedSegmentSum(x, ids, rows);
  }
  const places = tf.cast(tf.oneHot(ids, rows), "float32"); // [B, V]
  return tf.matMul(places as tf.Tensor2D, x, true);
}

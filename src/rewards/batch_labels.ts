/**
 * Identity labels of a batch, from the host or as a tensor.
 *
 * @module
 */
import { checkLength, checkShape } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";

/**
 * Identity of each sample, `[B]`: numbers of the host, or an int32 tensor inside `jit`, where numbers of the host would
 * be frozen into the traced function.
 */
export type BatchLabels = tf.Tensor1D | ArrayLike<number>;

/**
 * Tells labels that can be looked at from those that may not exist yet.
 *
 * @param labels Labels of a batch.
 * @returns Whether they are a tensor.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { assert } from "@std/assert";
 * import { isTensorLabels } from "./batch_labels.ts";
 *
 * assert(isTensorLabels(tf.tensor1d([0, 1], "int32")));
 * assert(!isTensorLabels([0, 1]));
 * ```
 */
export function isTensorLabels(labels: BatchLabels): labels is tf.Tensor1D {
  return labels instanceof tf.Tensor;
}

/**
 * Labels as a tensor, after a check of their number.
 *
 * @param act What the caller is about to do.
 * @param labels Labels of a batch. Borrowed.
 * @param count Number of samples in the batch.
 * @returns int32 labels, `[B]`. Owned by the caller.
 * @throws {TypeError} If the number of labels differs from `count`.
 *
 * @example
 * ```ts
 * import { labelTensor } from "./batch_labels.ts";
 *
 * console.log(labelTensor("score a batch", [0, 1, 1], 3).dtype); // int32
 * ```
 */
export function labelTensor(
  act: string,
  labels: BatchLabels,
  count: number,
): tf.Tensor1D {
  if (isTensorLabels(labels)) {
    checkShape(act, "labels", labels, [count]);
    return tf.cast(labels, "int32");
  }
  checkLength(act, "labels", labels, count);
  return tf.tensor1d(Int32Array.from(labels), "int32");
}

/**
 * Which samples of a batch share an identity.
 *
 * @param labels int32 labels, `[B]`. Borrowed.
 * @returns 1 where row and column have the same label, else 0, `[B, B]`. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { assertEquals } from "@std/assert";
 * import { sameIdentity } from "./batch_labels.ts";
 *
 * const same = sameIdentity(tf.tensor1d([7, 8], "int32"));
 * assertEquals(same.arraySync(), [[1, 0], [0, 1]]);
 * ```
 */
export function sameIdentity(labels: tf.Tensor1D): tf.Tensor2D {
  return tf.tidy(() =>
    tf.cast(
      tf.equal(tf.expandDims(labels, 1), tf.expandDims(labels, 0)),
      "float32",
    ) as tf.Tensor2D
  );
}

/**
 * One row per sample with a 1 in its identity's column.
 *
 * Made by comparison, because tfjs's one-hot refuses a single column.
 *
 * @param labels int32 labels, `[B]`. Borrowed.
 * @param identities Number of identities I.
 * @returns Membership, `[B, I]`. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { assertEquals } from "@std/assert";
 * import { membership } from "./batch_labels.ts";
 *
 * const rows = membership(tf.tensor1d([1, 0], "int32"), 2);
 * assertEquals(rows.arraySync(), [[0, 1], [1, 0]]);
 * ```
 */
export function membership(
  labels: tf.Tensor1D,
  identities: number,
): tf.Tensor2D {
  return tf.tidy(() =>
    tf.cast(
      tf.equal(tf.expandDims(labels, 1), tf.range(0, identities, 1, "int32")),
      "float32",
    ) as tf.Tensor2D
  );
}

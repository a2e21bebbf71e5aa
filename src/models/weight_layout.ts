/**
 * Orders of axes: a checkpoint's and ours.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import type { WeightLayout } from "./weight_names.ts";

/**
 * The shape that a weight of ours has in a checkpoint.
 *
 * @param layout How it lies there.
 * @param shape Ours.
 * @returns Theirs.
 *
 * @example
 * ```ts
 * import { layoutShape } from "@outis/outis/models";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(layoutShape("conv", [3, 3, 4, 64]), [64, 4, 3, 3]);
 * ```
 */
export function layoutShape(
  layout: WeightLayout,
  shape: readonly number[],
): number[] {
  switch (layout) {
    case "same":
      return [...shape];
    case "dense":
      return [shape[1], shape[0]];
    case "conv":
      return [shape[3], shape[2], shape[0], shape[1]];
    case "pointwise":
      return [shape[1], shape[0], 1, 1];
  }
}

/**
 * A tensor of a checkpoint in our order of axes.
 *
 * @param layout How it lies there.
 * @param theirs The tensor, shaped as {@linkcode layoutShape} says. Borrowed.
 * @returns Ours. Owned by the caller.
 *
 * @example
 * ```ts
 * import { fromLayout } from "@outis/outis/models";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * fromLayout("dense", tf.tensor2d([[1, 2], [3, 4]])).print(); // [[1, 3], [2, 4]]
 * ```
 */
export function fromLayout(layout: WeightLayout, theirs: tf.Tensor): tf.Tensor {
  switch (layout) {
    case "same":
      return tf.clone(theirs);
    case "dense":
      return tf.transpose(theirs, [1, 0]);
    case "conv":
      return tf.transpose(theirs, [2, 3, 1, 0]);
    case "pointwise": {
      const [outputs, inputs] = theirs.shape;
      return tf.tidy(() =>
        tf.transpose(tf.reshape(theirs, [outputs, inputs]), [1, 0])
      );
    }
  }
}

/**
 * A weight of ours as a checkpoint stores it; undoes {@linkcode fromLayout}.
 *
 * @param layout How it lies there.
 * @param ours The weight. Borrowed.
 * @returns Theirs. Owned by the caller.
 *
 * @example
 * ```ts
 * import { toLayout } from "@outis/outis/models";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * console.log(toLayout("pointwise", tf.zeros([4, 8])).shape); // [8, 4, 1, 1]
 * ```
 */
export function toLayout(layout: WeightLayout, ours: tf.Tensor): tf.Tensor {
  switch (layout) {
    case "same":
      return tf.clone(ours);
    case "dense":
      return tf.transpose(ours, [1, 0]);
    case "conv":
      return tf.transpose(ours, [3, 2, 0, 1]);
    case "pointwise":
      return tf.tidy(() =>
        tf.reshape(tf.transpose(ours, [1, 0]), layoutShape(layout, ours.shape))
      );
  }
}

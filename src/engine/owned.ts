/**
 * Tensors that free themselves at the end of a block.
 *
 * @module
 */
import { tf } from "./tf.ts";

/** A value whose tensors are disposed when the `using` block that holds it ends. */
export interface Owned<T extends tf.TensorContainer> {
  /** The tensors. */
  readonly value: T;
  /** Disposes all tensors in `value`; called by `using`. */
  [Symbol.dispose](): void;
}

/**
 * Gives tensors that live across an `await`, where no `tf.tidy` reaches, an owner that frees them.
 *
 * @param value A tensor, or records and arrays of tensors.
 * @returns The owner, to be declared with `using`.
 *
 * @example
 * ```ts
 * import { owned, tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * {
 *   using x = owned(tf.tensor1d([1, 2, 3]));
 *   console.log(await tf.sum(x.value).data());
 * } // x is disposed here
 * ```
 */
export function owned<T extends tf.TensorContainer>(value: T): Owned<T> {
  return {
    value,
    [Symbol.dispose]: () => tf.dispose(value),
  };
}

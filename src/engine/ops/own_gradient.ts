/**
 * Operations that bring their own gradient, so that they are few operations when run one by one and few nodes when
 * traced.
 *
 * @module
 */
import { tf } from "../tf.ts";

/** What the forward half of an operation hands over. */
export interface Forward<T extends tf.Tensor> {
  /** The result. */
  value: T;
  /** What the gradient needs; kept only while a gradient is being taken. */
  saved: tf.Tensor[];
  /**
   * The gradients of a scalar with respect to each input, in order, from its gradient with respect to the result. Must
   * read no values: it runs inside traces, too.
   */
  gradient: (slope: T, saved: tf.Tensor[]) => tf.Tensor[];
}

/**
 * Runs an operation with its own gradient.
 *
 * @param inputs The tensors gradients flow to. Borrowed.
 * @param forward Computes the result from them.
 * @returns The result. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { assertEquals } from "@std/assert";
 * import { withGradient } from "./own_gradient.ts";
 *
 * const double = (x: tf.Tensor) =>
 *   withGradient([x], () => ({
 *     value: tf.mul(x, 2),
 *     saved: [],
 *     gradient: (slope) => [tf.mul(slope, 2)],
 *   }));
 * assertEquals(tf.grad(double)(tf.scalar(5)).arraySync(), 2);
 * ```
 */
export function withGradient<T extends tf.Tensor>(
  inputs: readonly tf.Tensor[],
  forward: () => Forward<T>,
): T {
  const operation = tf.customGrad((...args) => {
    const save = args[args.length - 1] as tf.GradSaveFunc;
    const { value, saved, gradient } = forward();
    save(saved);
    return {
      value,
      gradFunc: (slope: tf.Tensor, kept: tf.Tensor[]) =>
        gradient(slope as T, kept),
    };
  });
  return operation(...inputs) as T;
}

/**
 * The values of a tensor, as a constant: no gradient flows to it.
 *
 * @param x Any shape. Borrowed.
 * @returns A copy. Owned by the caller.
 *
 * @example
 * ```ts
 * import { stopGradient, tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const slope = tf.grad((x) => tf.mul(x, stopGradient(tf.square(x))));
 * slope(tf.tensor([3])).print(); // [9], not 3 x² = 27
 * ```
 */
export function stopGradient<T extends tf.Tensor>(x: T): T {
  return withGradient([x], () => ({
    value: tf.clone(x),
    saved: [x],
    gradient: (_slope, [saved]) => [tf.zerosLike(saved)],
  }));
}

/**
 * Whether operations are being recorded for a gradient at this moment.
 *
 * @returns `true` inside `tf.grad` and its like, but not inside the operations they record.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { assert } from "@std/assert";
 * import { isTakingGradient } from "./own_gradient.ts";
 *
 * assert(!isTakingGradient());
 * tf.grad((x) => {
 *   assert(isTakingGradient());
 *   return tf.square(x);
 * })(tf.scalar(1));
 * ```
 */
export function isTakingGradient(): boolean {
  const { state } = tf.engine() as unknown as {
    state: { gradientDepth: number; kernelDepth: number };
  };
  return state.gradientDepth > 0 && state.kernelDepth === 0;
}

/**
 * Sums over the axes along which a smaller shape was broadcast, the gradient of that broadcasting.
 *
 * @param x Any shape. Borrowed.
 * @param shape A shape that broadcasts to that of `x`.
 * @returns A tensor of that shape. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { assertEquals } from "@std/assert";
 * import { sumTo } from "./own_gradient.ts";
 *
 * assertEquals(sumTo(tf.ones([2, 3]), [3]).arraySync(), [2, 2, 2]);
 * ```
 */
export function sumTo(x: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const lead = x.rank - shape.length;
  const axes = x.shape.map((_, axis) => axis).filter((axis) =>
    axis < lead || (shape[axis - lead] === 1 && x.shape[axis] !== 1)
  );
  const sum = axes.length === 0 ? x : tf.sum(x, axes);
  return tf.reshape(sum, [...shape]);
}

/**
 * Weights: flat records of plain tensors.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";

/**
 * Weights by name, as `blocks.0.attention.query.kernel`: flat, so that a checkpoint is this record and nothing else.
 *
 * Dense kernels are `[in, out]`, convolution kernels `[height, width, in, out]`. A `type`, because `tf.tidy` and
 * `tf.dispose` take no interfaces.
 */
export type Params = { [name: string]: tf.Tensor };

/** A tensor's content in plain memory. */
export interface PlainTensor {
  /** Length along each axis. */
  shape: number[];
  /** Values in row-major order. */
  data: Float32Array;
}

/**
 * Copies a record of weights.
 *
 * @param params Weights. Borrowed.
 * @returns New handles to the same values. Owned by the caller.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { tf } from "@outis/outis/engine";
 * import { cloneParams, disposeParams } from "@outis/outis/core";
 *
 * const params = { scale: tf.ones([3]) };
 * const copy = cloneParams(params);
 * disposeParams(params);
 * assert(!copy.scale.isDisposed);
 * disposeParams(copy);
 * ```
 */
export function cloneParams<T extends Params>(params: T): T {
  const copy: Params = {};
  for (const name of Object.keys(params)) copy[name] = tf.clone(params[name]);
  return copy as T;
}

/**
 * Frees weights.
 *
 * @param params Weights. Not usable afterwards.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { disposeParams } from "@outis/outis/core";
 *
 * disposeParams({ scale: tf.ones([3]) });
 * ```
 */
export function disposeParams(params: Params): void {
  for (const name of Object.keys(params)) params[name].dispose();
}

/**
 * Counts the numbers in a record of weights.
 *
 * @param params Weights. Borrowed.
 * @returns Sum of the sizes.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { tf } from "@outis/outis/engine";
 * import { countParams, disposeParams } from "@outis/outis/core";
 *
 * const params = { kernel: tf.zeros([4, 3]), bias: tf.zeros([3]) };
 * assert(countParams(params) === 15);
 * disposeParams(params);
 * ```
 */
export function countParams(params: Params): number {
  return Object.values(params).reduce((sum, { size }) => sum + size, 0);
}

/**
 * Picks weights by name.
 *
 * @param params Weights. Borrowed.
 * @param pattern What the names must match.
 * @returns The same tensors (still borrowed), in the same order.
 * @throws {RangeError} If none matches: a typing error must not freeze a whole model silently.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { tf } from "@outis/outis/engine";
 * import { disposeParams, selectParams } from "@outis/outis/core";
 *
 * const params = { "label.table": tf.zeros([4, 3]), bias: tf.zeros([3]) };
 * assert("bias" in selectParams(params, /bias$/));
 * disposeParams(params);
 * ```
 */
export function selectParams(params: Params, pattern: RegExp): Params {
  const names = Object.keys(params).filter((name) => name.search(pattern) >= 0);
  if (names.length === 0) {
    throw new RangeError(
      `Cannot select weights as 'pattern' must be matched by at least one name: current value is ${pattern}`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, params[name]]));
}

/**
 * Makes weights from plain memory.
 *
 * @param arrays Shape and values by name.
 * @returns float32 tensors. Owned by the caller.
 * @throws {Error} If a shape does not fit its values (from tfjs).
 *
 * @example
 * ```ts
 * import { disposeParams, paramsFromArrays } from "@outis/outis/core";
 *
 * const params = paramsFromArrays({
 *   scale: { shape: [2], data: new Float32Array([1, 2]) },
 * });
 * disposeParams(params);
 * ```
 */
export function paramsFromArrays(
  arrays: {
    [name: string]: { shape: readonly number[]; data: ArrayLike<number> };
  },
): Params {
  const params: Params = {};
  for (const [name, { shape, data }] of Object.entries(arrays)) {
    params[name] = tf.tensor(Float32Array.from(data), [...shape], "float32");
  }
  return params;
}

/**
 * Copies weights to plain memory.
 *
 * @param params Weights. Borrowed.
 * @returns Shape and values by name, in the same order.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { tf } from "@outis/outis/engine";
 * import { arraysFromParams, disposeParams } from "@outis/outis/core";
 *
 * const params = { scale: tf.ones([3]) };
 * const { scale } = await arraysFromParams(params);
 * assert(scale.data.length === 3);
 * disposeParams(params);
 * ```
 */
export async function arraysFromParams(
  params: Params,
): Promise<{ [name: string]: PlainTensor }> {
  const arrays: { [name: string]: PlainTensor } = {};
  for (const [name, tensor] of Object.entries(params)) {
    const data = await tensor.data();
    arrays[name] = { shape: [...tensor.shape], data: Float32Array.from(data) };
  }
  return arrays;
}

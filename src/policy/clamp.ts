/**
 * A clamp that hides nothing.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";

/**
 * Values held within bounds, NaN and infinities becoming NaN on every backend: wasm's own clamp would turn a NaN into a
 * bound, and a broken sample into one that looks clipped.
 *
 * @param values Any shape. Borrowed.
 * @param low Lower bound.
 * @param high Upper bound.
 * @returns Same shape; no gradient where a value is out of bounds. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { clamp } from "./clamp.ts";
 *
 * console.log(clamp(tf.tensor1d([-3, 0.5, NaN]), -1, 1).arraySync()); // [-1, 0.5, NaN]
 * ```
 */
export function clamp<T extends tf.Tensor>(
  values: T,
  low: number,
  high: number,
): T {
  return tf.tidy(() =>
    tf.add(tf.clipByValue(values, low, high), tf.mul(values, 0))
  );
}

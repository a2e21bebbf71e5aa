/**
 * Records of weights taken apart and put together for training.
 *
 * @module
 */
import type { Params } from "../core/mod.ts";

/**
 * Splits a record in two by name.
 *
 * @param params Weights. Borrowed, as are the results.
 * @param isChosen Tells by name.
 * @returns Those chosen, and the others.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { divide } from "./training_state.ts";
 *
 * const params = { "encoder.bias": tf.zeros([1]), "decoder.bias": tf.zeros([1]) };
 * const { chosen } = divide(params, (name) => name.startsWith("decoder."));
 * console.log(Object.keys(chosen)); // ["decoder.bias"]
 * ```
 */
export function divide(
  params: Params,
  isChosen: (name: string) => boolean,
): { chosen: Params; rest: Params } {
  const entries = Object.entries(params);
  return {
    chosen: Object.fromEntries(entries.filter(([name]) => isChosen(name))),
    rest: Object.fromEntries(entries.filter(([name]) => !isChosen(name))),
  };
}

/**
 * Weights and optimiser state in one record, as checkpoints keep them; {@linkcode part} takes them apart.
 *
 * @param weights Weights. Borrowed.
 * @param optimizer The optimiser's state. Borrowed.
 * @returns The same tensors under longer names.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { assertEquals } from "@std/assert";
 * import { join, part } from "./training_state.ts";
 *
 * const weight = tf.zeros([2]);
 * const state = join({ bias: weight }, { "m/bias": tf.zeros([2]) });
 * assertEquals(Object.keys(state), ["weights/bias", "optimizer/m/bias"]);
 * assertEquals(part(state).weights.bias, weight);
 * ```
 */
export function join(weights: Params, optimizer: Params): Params {
  const entries = [
    ...Object.entries(weights).map(([name, w]) => [`weights/${name}`, w]),
    ...Object.entries(optimizer).map(([name, s]) => [`optimizer/${name}`, s]),
  ];
  return Object.fromEntries(entries);
}

/**
 * The inverse of {@linkcode join}.
 *
 * @param state What it made. Borrowed.
 * @returns The same tensors under their own names.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { assertEquals } from "@std/assert";
 * import { join, part } from "./training_state.ts";
 *
 * const weight = tf.zeros([2]);
 * const state = join({ bias: weight }, { "m/bias": tf.zeros([2]) });
 * assertEquals(Object.keys(state), ["weights/bias", "optimizer/m/bias"]);
 * assertEquals(part(state).weights.bias, weight);
 * ```
 */
export function part(state: Params): { weights: Params; optimizer: Params } {
  const weights: Params = {};
  const optimizer: Params = {};
  for (const [name, tensor] of Object.entries(state)) {
    const at = name.indexOf("/");
    const own = name.slice(at + 1);
    (name.slice(0, at) === "weights" ? weights : optimizer)[own] = tensor;
  }
  return { weights, optimizer };
}

/**
 * The shape of every part of a network.
 *
 * @module
 */
import type { tf } from "../engine/mod.ts";
import type { Params, RandomStream } from "../core/mod.ts";

/**
 * A part of a network: no state of its own, only how to make its weights and how to use them. Weights stand under the
 * part's full name (`"blocks.0.attn.qkv.weight"`) in one flat record, the names of the original checkpoints.
 */
export interface Layer<Input = tf.Tensor, Output = tf.Tensor> {
  /** Makes the weights. Owned by the caller. */
  init: (random: RandomStream) => Params;
  /** Computes the output. Weights and input are borrowed, the output is owned by the caller. */
  apply: (params: Params, input: Input) => Output;
}

/** Shapes of weights by name. */
export type WeightShapes = { [name: string]: number[] };

/** A part that tells the shapes of its weights without making them, as loading a large checkpoint needs. */
export interface ShapedLayer<Input = tf.Tensor, Output = tf.Tensor>
  extends Layer<Input, Output> {
  /** Shapes of the weights by name. */
  shapes: WeightShapes;
}

/**
 * The shapes of several parts in one record.
 *
 * @param parts The parts, in a list or by names of the caller's choice.
 * @returns Shapes by name.
 *
 * @example
 * ```ts
 * import { dense, shapesOf } from "@outis/outis/nn";
 *
 * const parts = ["a", "b"].map((name) => dense(name, { inputs: 2, outputs: 3 }));
 * console.log(shapesOf(parts)["b.weight"]); // [2, 3]
 * ```
 */
export function shapesOf(
  parts:
    | Record<string, Pick<ShapedLayer, "shapes">>
    | Pick<ShapedLayer, "shapes">[],
): WeightShapes {
  return Object.assign({}, ...Object.values(parts).map(({ shapes }) => shapes));
}

/**
 * Makes the weights of several parts into one record; every part draws from a stream of its own name, so that adding a
 * part moves no other.
 *
 * @param parts The parts, in a list or by names of the caller's choice.
 * @param random Where the draws come from.
 * @returns All weights. Owned by the caller.
 *
 * @example
 * ```ts
 * import { dense, initAll } from "@outis/outis/nn";
 * import { useBackend } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 *
 * await useBackend("auto");
 * const parts = ["a", "b"].map((name) => dense(name, { inputs: 2, outputs: 2 }));
 * console.log(Object.keys(initAll(parts, randomStream(1)))); // a.weight, a.bias, b.weight, b.bias
 * ```
 */
export function initAll(
  parts: Record<string, Pick<Layer, "init">> | Pick<Layer, "init">[],
  random: RandomStream,
): Params {
  return Object.assign(
    {},
    ...Object.values(parts).map((part) => part.init(random)),
  );
}

/**
 * A table of vectors.
 *
 * @module
 */
import { embeddingLookup, type tf } from "../engine/mod.ts";
import type { ShapedLayer } from "./layer.ts";
import { normalTensor } from "./initial.ts";

/** Options of {@linkcode embedding}. */
export interface EmbeddingOptions {
  /** Number of rows. */
  count: number;
  /** Width of a row. */
  width: number;
  /**
   * Spread of the first values.
   *
   * @default {0.02}
   */
  spread?: number;
}

/**
 * Rows of a table by number: ids `[B]` (int32) to `[B, width]`. Weight: `<name>.weight` `[count, width]`.
 *
 * @example
 * ```ts
 * import { embedding } from "@outis/outis/nn";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 *
 * await useBackend("auto");
 * const table = embedding("table", { count: 5, width: 4 });
 * const params = table.init(randomStream(1));
 * console.log(table.apply(params, tf.tensor1d([0, 3], "int32")).shape); // [2, 4]
 * ```
 */
export function embedding(
  name: string,
  options: EmbeddingOptions,
): ShapedLayer<tf.Tensor1D, tf.Tensor2D> {
  const { count, width, spread = 0.02 } = options;
  const weight = `${name}.weight`;
  return {
    shapes: { [weight]: [count, width] },
    init: (random) => ({
      [weight]: normalTensor(random, weight, [count, width], spread),
    }),
    apply: (params, ids) => embeddingLookup(params[weight] as tf.Tensor2D, ids),
  };
}

/**
 * Layer normalisation as a layer.
 *
 * @module
 */
import { layerNorm, tf } from "../engine/mod.ts";
import type { ShapedLayer } from "./layer.ts";

/** Options of {@linkcode layerNormalization}. */
export interface LayerNormalizationOptions {
  /** Width of the last axis. */
  width: number;
  /**
   * What is added to the variance.
   *
   * @default {1e-6}, as in vision transformers
   */
  epsilon?: number;
}

/**
 * Layer normalisation of the last axis, `[..., width]`, with a learned scale (`<name>.weight`) and offset
 * (`<name>.bias`), both `[width]`, beginning at 1 and 0.
 *
 * @example
 * ```ts
 * import { layerNormalization } from "@outis/outis/nn";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 *
 * await useBackend("auto");
 * const layer = layerNormalization("norm", { width: 2 });
 * layer.apply(layer.init(randomStream(1)), tf.tensor2d([[1, 3]])).print(); // [[-1, 1]]
 * ```
 */
export function layerNormalization(
  name: string,
  options: LayerNormalizationOptions,
): ShapedLayer {
  const { width, epsilon = 1e-6 } = options;
  return {
    shapes: { [`${name}.weight`]: [width], [`${name}.bias`]: [width] },
    init: () => ({
      [`${name}.weight`]: tf.ones([width]),
      [`${name}.bias`]: tf.zeros([width]),
    }),
    apply: (params, x) =>
      layerNorm(x, {
        scale: params[`${name}.weight`],
        offset: params[`${name}.bias`],
        epsilon,
      }),
  };
}

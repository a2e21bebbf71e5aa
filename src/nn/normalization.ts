/**
 * Group normalisation as a layer.
 *
 * @module
 */
import { groupNorm, tf } from "../engine/mod.ts";
import type { ShapedLayer } from "./layer.ts";

/** Options of {@linkcode groupNormalization}. */
export interface GroupNormalizationOptions {
  /** Channels of the input. */
  channels: number;
  /**
   * Groups the channels are split into; a divisor of `channels`.
   *
   * @default {8}
   */
  groups?: number;
  /**
   * What is added to the variance.
   *
   * @default {1e-5}
   */
  epsilon?: number;
}

/**
 * Group normalisation of images `[B, H, W, channels]` with a learned scale (`<name>.weight`) and offset (`<name>.bias`),
 * both `[channels]`, beginning at 1 and 0.
 *
 * @example
 * ```ts
 * import { groupNormalization } from "@outis/outis/nn";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 *
 * await useBackend("auto");
 * const layer = groupNormalization("norm", { channels: 8, groups: 2 });
 * const params = layer.init(randomStream(1));
 * console.log(layer.apply(params, tf.ones([1, 2, 2, 8])).shape); // [1, 2, 2, 8]
 * ```
 */
export function groupNormalization(
  name: string,
  options: GroupNormalizationOptions,
): ShapedLayer<tf.Tensor4D, tf.Tensor4D> {
  const { channels, groups = 8, epsilon = 1e-5 } = options;
  return {
    shapes: {
      [`${name}.weight`]: [channels],
      [`${name}.bias`]: [channels],
    },
    init: () => ({
      [`${name}.weight`]: tf.ones([channels]),
      [`${name}.bias`]: tf.zeros([channels]),
    }),
    apply: (params, x) =>
      groupNorm(x, {
        groups,
        scale: params[`${name}.weight`] as tf.Tensor1D,
        offset: params[`${name}.bias`] as tf.Tensor1D,
        epsilon,
      }) as tf.Tensor4D,
  };
}

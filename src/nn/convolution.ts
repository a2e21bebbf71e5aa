/**
 * The convolutional layer.
 *
 * @module
 */
import { conv2d, tf } from "../engine/mod.ts";
import type { Params, RandomStream } from "../core/mod.ts";
import type { ShapedLayer } from "./layer.ts";
import { normalTensor } from "./initial.ts";

/** Options of {@linkcode convolution}. */
export interface ConvolutionOptions {
  /** Channels of the input. */
  inputs: number;
  /** Channels of the output. */
  outputs: number;
  /**
   * Side of the square kernel, pixels.
   *
   * @default {3}
   */
  kernel?: number;
  /**
   * Step between outputs, pixels.
   *
   * @default {1}
   */
  stride?: number;
  /**
   * Zeros added on each side, pixels, as in PyTorch.
   *
   * @default {(kernel - 1) / 2}, which keeps the size at stride 1
   */
  padding?: number;
  /**
   * Whether an offset is added.
   *
   * @default {true}
   */
  bias?: boolean;
  /**
   * Factor on the first weights' spread, which is He-normal by fan-in at 1.
   *
   * @default {1}
   */
  gain?: number;
}

/**
 * A 2-D convolution on images `[B, H, W, inputs]`.
 *
 * Weights: `<name>.weight` `[kernel, kernel, inputs, outputs]` (PyTorch stores `[outputs, inputs, kernel, kernel]`) and
 * `<name>.bias` `[outputs]`.
 *
 * @example
 * ```ts
 * import { convolution } from "@outis/outis/nn";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 *
 * await useBackend("auto");
 * const layer = convolution("stem", { inputs: 3, outputs: 8, stride: 2 });
 * const params = layer.init(randomStream(1));
 * console.log(layer.apply(params, tf.zeros([1, 16, 16, 3])).shape); // [1, 8, 8, 8]
 * ```
 */
export function convolution(
  name: string,
  options: ConvolutionOptions,
): ShapedLayer<tf.Tensor4D, tf.Tensor4D> {
  const { inputs, outputs, kernel = 3, stride = 1, bias = true, gain = 1 } =
    options;
  const padding = options.padding ?? (kernel - 1) / 2;
  const shape = [kernel, kernel, inputs, outputs];
  return {
    shapes: {
      [`${name}.weight`]: shape,
      ...(bias ? { [`${name}.bias`]: [outputs] } : {}),
    },
    init(random: RandomStream): Params {
      const weight = `${name}.weight`;
      const spread = gain * Math.sqrt(2 / (kernel * kernel * inputs));
      return {
        [weight]: normalTensor(random, weight, shape, spread),
        ...(bias ? { [`${name}.bias`]: tf.zeros([outputs]) } : {}),
      };
    },
    apply(params, x) {
      return conv2d(x, params[`${name}.weight`] as tf.Tensor4D, {
        stride,
        padding,
        bias: params[`${name}.bias`] as tf.Tensor1D | undefined,
      });
    },
  };
}

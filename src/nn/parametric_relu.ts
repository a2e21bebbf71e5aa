/**
 * The rectifier with a learned slope.
 *
 * @module
 */
import { relu, tf } from "../engine/mod.ts";
import type { ShapedLayer } from "./layer.ts";

/** Options of {@linkcode parametricRelu}. */
export interface ParametricReluOptions {
  /** Channels of the input, each with a slope of its own. */
  channels: number;
}

/**
 * PReLU (He et al., 2015): y = max(x, 0) + a min(x, 0), with a slope a for each channel, on `[..., channels]`.
 *
 * Weight: `<name>.weight` `[channels]`, beginning at 0.25, as PyTorch's.
 *
 * @example
 * ```ts
 * import { parametricRelu } from "@outis/outis/nn";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 *
 * await useBackend("auto");
 * const layer = parametricRelu("prelu", { channels: 2 });
 * layer.apply(layer.init(randomStream(1)), tf.tensor2d([[-4, 4]])).print(); // [[-1, 4]]
 * ```
 */
export function parametricRelu(
  name: string,
  options: ParametricReluOptions,
): ShapedLayer {
  const { channels } = options;
  const weight = `${name}.weight`;
  return {
    shapes: { [weight]: [channels] },
    init: () => ({ [weight]: tf.fill([channels], 0.25) }),
    apply: (params, x) =>
      tf.tidy(() => tf.add(relu(x), tf.mul(params[weight], tf.minimum(x, 0)))),
  };
}

/**
 * The residual block of the small convolutional networks.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import {
  convolution,
  groupNormalization,
  initAll,
  type ShapedLayer,
  shapesOf,
} from "../nn/mod.ts";

/** Options of {@linkcode residualBlock}. */
export interface ResidualBlockOptions {
  /** Channels in and out. */
  channels: number;
}

/**
 * x + conv(relu(norm(conv(relu(norm(x)))))), pre-activation (He et al., 2016) with group normalisation, so that a
 * sample's result does not depend on the rest of its batch.
 *
 * The second convolution starts at a tenth of the usual spread: a deep stack begins close to the identity.
 *
 * @example
 * ```ts
 * import { residualBlock } from "@outis/outis/models";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 *
 * await useBackend("auto");
 * const block = residualBlock("block", { channels: 8 });
 * const params = block.init(randomStream(1));
 * console.log(block.apply(params, tf.zeros([1, 4, 4, 8])).shape); // [1, 4, 4, 8]
 * ```
 */
export function residualBlock(
  name: string,
  options: ResidualBlockOptions,
): ShapedLayer<tf.Tensor4D, tf.Tensor4D> {
  const { channels } = options;
  const size = { inputs: channels, outputs: channels };
  const norm1 = groupNormalization(`${name}.norm1`, { channels });
  const conv1 = convolution(`${name}.conv1`, size);
  const norm2 = groupNormalization(`${name}.norm2`, { channels });
  const conv2 = convolution(`${name}.conv2`, { ...size, gain: 0.1 });
  const parts = [norm1, conv1, norm2, conv2];
  return {
    shapes: shapesOf(parts),
    init: (random) => initAll(parts, random),
    apply: (params, x) =>
      tf.tidy(() => {
        let h = tf.relu(norm1.apply(params, x));
        h = conv1.apply(params, h);
        h = tf.relu(norm2.apply(params, h));
        h = conv2.apply(params, h);
        return tf.add(x, h) as tf.Tensor4D;
      }),
  };
}

/**
 * The parts of Stable Diffusion's autoencoder: residual block, attention over pixels, halving, doubling.
 *
 * @module
 */
import { attention, silu, tf, upsampleNearest2x } from "../engine/mod.ts";
import {
  convolution,
  dense,
  groupNormalization,
  initAll,
  type ShapedLayer,
  shapesOf,
} from "../nn/mod.ts";

/** A part of the autoencoder: images in, images out. */
export type ImageLayer = ShapedLayer<tf.Tensor4D, tf.Tensor4D>;

/** Channels of a part, and the groups of its normalisations. */
export interface KlBlockOptions {
  /** Channels in. */
  inputs: number;
  /** Channels out. @default {inputs} */
  outputs?: number;
  /** Groups of the normalisations. */
  groups: number;
}

const EPSILON = 1e-6;

/**
 * Group normalisation as everywhere in this autoencoder.
 *
 * @param name Name of the part.
 * @param options Channels and groups.
 * @returns The part.
 *
 * @example
 * ```ts
 * import { klNorm } from "./autoencoder_kl_blocks.ts";
 *
 * console.log(klNorm("norm", { inputs: 64, groups: 32 }).shapes["norm.bias"]); // [64]
 * ```
 */
export function klNorm(name: string, options: KlBlockOptions): ImageLayer {
  const { inputs: channels, groups } = options;
  return groupNormalization(name, { channels, groups, epsilon: EPSILON });
}

/**
 * shortcut(x) + conv(silu(norm(conv(silu(norm(x)))))), where the shortcut is a convolution of one pixel if the number of
 * channels changes.
 *
 * @param name Name of the part.
 * @param options Channels and groups.
 * @returns The part.
 *
 * @example
 * ```ts
 * import { klResidual } from "./autoencoder_kl_blocks.ts";
 *
 * const block = klResidual("block", { inputs: 32, outputs: 64, groups: 32 });
 * console.log(block.shapes["block.conv_shortcut.weight"]); // [1, 1, 32, 64]
 * ```
 */
export function klResidual(name: string, options: KlBlockOptions): ImageLayer {
  const { inputs, outputs = inputs, groups } = options;
  const norm1 = klNorm(`${name}.norm1`, { inputs, groups });
  const conv1 = convolution(`${name}.conv1`, { inputs, outputs });
  const norm2 = klNorm(`${name}.norm2`, { inputs: outputs, groups });
  const conv2 = convolution(`${name}.conv2`, {
    inputs: outputs,
    outputs,
    gain: 0.1, // a deep stack begins close to the identity
  });
  const shortcut = inputs === outputs
    ? undefined
    : convolution(`${name}.conv_shortcut`, { inputs, outputs, kernel: 1 });
  const parts = [
    norm1,
    conv1,
    norm2,
    conv2,
    ...(shortcut === undefined ? [] : [shortcut]),
  ];
  return {
    shapes: shapesOf(parts),
    init: (random) => initAll(parts, random),
    apply: (params, x) =>
      tf.tidy(() => {
        let h = silu(norm1.apply(params, x));
        h = conv1.apply(params, h);
        h = silu(norm2.apply(params, h));
        h = conv2.apply(params, h);
        return tf.add(shortcut?.apply(params, x) ?? x, h) as tf.Tensor4D;
      }),
  };
}

/**
 * x + projection(attention(norm(x))): every pixel attends to every other, with a single head.
 *
 * @param name Name of the part.
 * @param options Channels and groups.
 * @returns The part.
 *
 * @example
 * ```ts
 * import { klAttention } from "./autoencoder_kl_blocks.ts";
 *
 * const block = klAttention("mid", { inputs: 64, groups: 32 });
 * console.log(block.shapes["mid.to_q.weight"]); // [64, 64]
 * ```
 */
export function klAttention(name: string, options: KlBlockOptions): ImageLayer {
  const { inputs: channels, groups } = options;
  const size = { inputs: channels, outputs: channels };
  const norm = klNorm(`${name}.group_norm`, { inputs: channels, groups });
  const [toQuery, toKey, toValue, toOutput] = ["q", "k", "v", "out.0"]
    .map((part) => dense(`${name}.to_${part}`, size));
  const parts = { norm, toQuery, toKey, toValue, toOutput };
  return {
    shapes: shapesOf(parts),
    init: (random) => initAll(parts, random),
    apply: (params, x) =>
      tf.tidy(() => {
        const [batch, height, width] = x.shape;
        const pixels = [batch, 1, height * width, channels];
        const h = tf.reshape(norm.apply(params, x), pixels); // [B, 1, H W, C]
        const [q, k, v] = [toQuery, toKey, toValue]
          .map((part) => part.apply(params, h) as tf.Tensor4D);
        const y = toOutput.apply(params, attention(q, k, v));
        return tf.add(x, tf.reshape(y, x.shape)) as tf.Tensor4D;
      }),
  };
}

/**
 * Half the size by a convolution of stride 2 with zeros below and to the right only, as in the original.
 *
 * @param name Name of the part.
 * @param channels Channels in and out.
 * @returns The part.
 *
 * @example
 * ```ts
 * import { klDown } from "./autoencoder_kl_blocks.ts";
 *
 * console.log(klDown("down", 8).shapes["down.conv.weight"]); // [3, 3, 8, 8]
 * ```
 */
export function klDown(name: string, channels: number): ImageLayer {
  const conv = convolution(`${name}.conv`, {
    inputs: channels,
    outputs: channels,
    stride: 2,
    padding: 0,
  });
  return {
    ...conv,
    apply: (params, x) =>
      tf.tidy(() =>
        conv.apply(params, tf.pad(x, [[0, 0], [0, 1], [0, 1], [0, 0]]))
      ),
  };
}

/**
 * Double the size by repeating pixels, then a convolution.
 *
 * @param name Name of the part.
 * @param channels Channels in and out.
 * @returns The part.
 *
 * @example
 * ```ts
 * import { klUp } from "./autoencoder_kl_blocks.ts";
 *
 * console.log(klUp("up", 8).shapes["up.conv.weight"]); // [3, 3, 8, 8]
 * ```
 */
export function klUp(name: string, channels: number): ImageLayer {
  const conv = convolution(`${name}.conv`, {
    inputs: channels,
    outputs: channels,
  });
  return {
    ...conv,
    apply: (params, x) =>
      tf.tidy(() => conv.apply(params, upsampleNearest2x(x))),
  };
}

/**
 * The face recogniser of insightface: a residual network after "Deep Pyramidal Residual Networks" and "ArcFace" (Deng et
 * al., 2019), with normalisation before the first convolution of a block, PReLU, and nothing behind the sum.
 *
 * Weights bear the names of its checkpoints.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { checkShape, type Params, type RandomStream } from "../core/mod.ts";
import {
  batchNormalization,
  dense,
  initAll,
  parametricRelu,
  type Pass,
  type PassLayer,
  shapesOf,
  type WeightShapes,
} from "../nn/mod.ts";
import type { IresnetConfig } from "./iresnet_sizes.ts";
import { type BlockSizes, normalized } from "./residual_parts.ts";

/** Options of {@linkcode Iresnet}'s `apply`. */
export interface IresnetApplyOptions {
  /**
   * Whether to normalise by the statistics of this batch, and renew the running ones.
   *
   * @default {false}
   */
  training?: boolean;
}

/** What {@linkcode Iresnet}'s `apply` returns. Owned by the caller. */
export type IresnetResult = {
  /** `[B, features]`, any norm. */
  features: tf.Tensor2D;
  /** Running means and variances after this batch, under their names; empty without training. */
  statistics: Params;
};

/** A face recogniser: how to make its weights and how to use them. */
export interface Iresnet {
  /** The sizes it was made with. */
  config: IresnetConfig;
  /** Number of features. */
  width: number;
  /** Shapes of weights and running statistics by name. */
  shapes: WeightShapes;
  /** Makes weights and running statistics. Owned by the caller. */
  init: (random: RandomStream) => Params;
  /**
   * Features of aligned faces.
   *
   * Nothing is changed in place: after a training step the parameters are `{ ...params, ...statistics }`.
   *
   * @param images `[B, size, size, 3]`, float32.
   */
  apply: (
    params: Params,
    images: tf.Tensor4D,
    options?: IresnetApplyOptions,
  ) => IresnetResult;
}

/**
 * An IResNet for square images of one size.
 *
 * The scale of the last normalisation, `features.weight`, gets no gradient, as in the original.
 *
 * @throws {RangeError} If `size` is not a multiple of 16.
 * @throws {TypeError} At a call with images of another size.
 *
 * @example
 * ```ts
 * import { iresnet, iresnet18 } from "@outis/outis/models";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 *
 * await useBackend("auto");
 * const model = iresnet(iresnet18({ size: 32, channels: 8, features: 16 }));
 * const params = model.init(randomStream(1));
 * const images = tf.zeros<tf.Rank.R4>([2, 32, 32, 3]);
 * console.log(model.apply(params, images).features.shape); // [2, 16]
 * ```
 */
export function iresnet(config: IresnetConfig): Iresnet {
  const { depths, channels, size, features } = config;
  if (!(size > 0 && size % 16 === 0)) {
    throw new RangeError(
      `Cannot make an IResNet as 'size' must be a multiple of 16: current value is ${size}`,
    );
  }
  const stem = normalized("conv1", "bn1", { inputs: 3, outputs: channels });
  const rectify = parametricRelu("prelu", { channels });
  const blocks: PassLayer[] = [];
  let inputs = channels;
  depths.forEach((depth, stage) => {
    const inner = channels * 2 ** stage;
    for (let i = 0; i < depth; i++) {
      const stride = i === 0 ? 2 : 1;
      blocks.push(
        iresnetBlock(`layer${stage + 1}.${i}`, { inputs, inner, stride }),
      );
      inputs = inner;
    }
  });
  const norm = batchNormalization("bn2", { channels: inputs });
  const side = size / 16;
  const cells = side * side * inputs;
  const projection = dense("fc", { inputs: cells, outputs: features });
  const last = batchNormalization<tf.Tensor2D>("features", {
    channels: features,
    frozen: "scale",
  });
  const parts = [stem, rectify, ...blocks, norm, projection, last];

  return {
    config,
    width: features,
    shapes: shapesOf(parts),
    init: (random) => initAll(parts, random),
    apply(params, images, { training = false } = {}) {
      const batch = images.shape[0];
      checkShape("apply an IResNet", "images", images, [batch, size, size, 3]);
      return tf.tidy(() => {
        const pass: Pass = { params, training, statistics: {} };
        let h = rectify.apply(params, stem.apply(pass, images)) as tf.Tensor4D;
        for (const block of blocks) h = block.apply(pass, h); // to [B, size/16, size/16, 8 channels]
        h = norm.apply(pass, h);
        const byChannel = tf.transpose(h, [0, 3, 1, 2]); // the order of the original's flattening
        const flat = tf.reshape(byChannel, [batch, cells]);
        const y = projection.apply(params, flat) as tf.Tensor2D;
        return {
          features: last.apply(pass, y), // [B, features]
          statistics: pass.statistics,
        };
      });
    },
  };
}

/** bn(conv3x3(prelu(bn(conv3x3(bn(x)))))) + x; the step is that of the second convolution. */
function iresnetBlock(name: string, sizes: BlockSizes): PassLayer {
  const { inputs, inner, stride } = sizes;
  const before = batchNormalization(`${name}.bn1`, { channels: inputs });
  const first = normalized(`${name}.conv1`, `${name}.bn2`, {
    inputs,
    outputs: inner,
  });
  const rectify = parametricRelu(`${name}.prelu`, { channels: inner });
  const second = normalized(`${name}.conv2`, `${name}.bn3`, {
    inputs: inner,
    outputs: inner,
    stride,
  });
  const shortcut = stride === 1 && inputs === inner
    ? undefined
    : normalized(`${name}.downsample.0`, `${name}.downsample.1`, {
      inputs,
      outputs: inner,
      kernel: 1,
      stride,
    });
  const parts = [before, first, rectify, second, shortcut]
    .filter((part) => part !== undefined);
  return {
    shapes: shapesOf(parts),
    init: (random) => initAll(parts, random),
    apply(pass, x) {
      let h = first.apply(pass, before.apply(pass, x));
      h = rectify.apply(pass.params, h) as tf.Tensor4D;
      h = second.apply(pass, h);
      return tf.add(h, shortcut?.apply(pass, x) ?? x);
    },
  };
}

/**
 * Residual networks (He et al., 2016) with batch normalisation, the recognisers of the paper's section 5.1.
 *
 * The layout is torchvision's, "v1.5": a bottleneck halves the size in its 3 x 3 convolution. Weights bear the names of
 * its checkpoints.
 *
 * @module
 */
import { batchNorm, relu, tf } from "../engine/mod.ts";
import type { Params, RandomStream } from "../core/mod.ts";
import { convolution, dense, initAll, type Layer } from "../nn/mod.ts";
import type { ResnetConfig } from "./resnet_sizes.ts";

/** Options of {@linkcode Resnet}'s `apply`. */
export interface ResnetApplyOptions {
  /**
   * Whether to normalise by the statistics of this batch, and renew the running ones.
   *
   * @default {false}
   */
  training?: boolean;
}

/** What {@linkcode Resnet}'s `apply` returns. Owned by the caller. */
export type ResnetResult = {
  /** Means of the last map over its pixels, `[B, width]`. */
  features: tf.Tensor2D;
  /** The classifier's output, `[B, classes]`; nothing without a classifier. */
  logits: tf.Tensor2D | undefined;
  /** Running means and variances after this batch, under their names; empty without training. */
  statistics: Params;
};

/** A residual network: how to make its weights and how to use them. */
export interface Resnet {
  /** The sizes it was made with. */
  config: ResnetConfig;
  /** Number of features. */
  width: number;
  /** Makes weights and running statistics. Owned by the caller. */
  init: (random: RandomStream) => Params;
  /**
   * Features of images.
   *
   * Nothing is changed in place: after a training step the parameters are `{ ...params, ...statistics }`.
   *
   * @param images `[B, H, W, 3]`, float32; height and width of 32 pixels and more.
   */
  apply: (
    params: Params,
    images: tf.Tensor4D,
    options?: ResnetApplyOptions,
  ) => ResnetResult;
}

/** One forward pass: what every layer of it needs besides its input. */
interface Pass {
  params: Params;
  training: boolean;
  /** Where batch normalisations put their renewed statistics. */
  statistics: Params;
}

/** A layer of one pass. */
interface Part extends Pick<Layer, "init"> {
  apply: (pass: Pass, x: tf.Tensor4D) => tf.Tensor4D;
}

/** Channels out of a block for each of its own. */
const EXPANSION = { basic: 1, bottleneck: 4 } as const;

/**
 * A residual network for images of any size.
 *
 * @throws {RangeError} If `lastStride` is neither 1 nor 2.
 *
 * @example
 * ```ts
 * import { resnet, resnet18 } from "@outis/outis/models";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 *
 * await useBackend("auto");
 * const model = resnet(resnet18({ channels: 8, classes: 5 }));
 * const params = model.init(randomStream(1));
 * const images = tf.zeros([2, 32, 32, 3]) as tf.Tensor4D;
 * const { features, logits } = model.apply(params, images);
 * console.log(features.shape, logits?.shape); // [2, 64] [2, 5]
 * ```
 */
export function resnet(config: ResnetConfig): Resnet {
  const { block, depths, channels, lastStride, classes } = config;
  if (lastStride !== 1 && lastStride !== 2) {
    throw new RangeError(
      `Cannot make a ResNet as 'lastStride' must be 1 or 2: current value is ${lastStride}`,
    );
  }
  const make = block === "basic" ? basicBlock : bottleneck;
  const strides = [1, 2, 2, lastStride];
  const stem = normalized("conv1", "bn1", {
    inputs: 3,
    outputs: channels,
    kernel: 7,
    stride: 2,
  });
  const blocks: Part[] = [];
  let inputs = channels;
  depths.forEach((depth, stage) => {
    const inner = channels * 2 ** stage;
    for (let i = 0; i < depth; i++) {
      const stride = i === 0 ? strides[stage] : 1;
      blocks.push(make(`layer${stage + 1}.${i}`, { inputs, inner, stride }));
      inputs = inner * EXPANSION[block];
    }
  });
  const width = inputs;
  const classifier = classes > 0
    ? dense("fc", { inputs: width, outputs: classes })
    : undefined;
  const parts = [stem, ...blocks, ...(classifier ? [classifier] : [])];

  return {
    config,
    width,
    init: (random) => initAll(parts, random),
    apply(params, images, { training = false } = {}) {
      return tf.tidy(() => {
        const pass: Pass = { params, training, statistics: {} };
        let h = relu(stem.apply(pass, images)); // [B, H/2, W/2, channels]
        h = maxPool(h); // [B, H/4, W/4, channels]
        for (const block of blocks) h = block.apply(pass, h); // to [B, H/32, W/32, width], H/16 with lastStride 1
        const features = tf.mean(h, [1, 2]) as tf.Tensor2D; // [B, width]
        const logits = classifier?.apply(params, features) as
          | tf.Tensor2D
          | undefined; // [B, classes]
        return { features, logits, statistics: pass.statistics };
      });
    },
  };
}

/** Sizes of a block. */
interface BlockSizes {
  /** Channels in. */
  inputs: number;
  /** Channels inside. */
  inner: number;
  /** Step, pixels. */
  stride: number;
}

/** relu(bn(conv3x3(relu(bn(conv3x3(x))))) + x) */
function basicBlock(name: string, sizes: BlockSizes): Part {
  const { inputs, inner, stride } = sizes;
  const first = normalized(`${name}.conv1`, `${name}.bn1`, {
    inputs,
    outputs: inner,
    stride,
  });
  const second = normalized(`${name}.conv2`, `${name}.bn2`, {
    inputs: inner,
    outputs: inner,
  });
  return residual(name, [first, second], sizes, inner);
}

/** relu(bn(conv1x1(relu(bn(conv3x3(relu(bn(conv1x1(x)))))))) + x) */
function bottleneck(name: string, sizes: BlockSizes): Part {
  const { inputs, inner, stride } = sizes;
  const outputs = inner * EXPANSION.bottleneck;
  const reduce = normalized(`${name}.conv1`, `${name}.bn1`, {
    inputs,
    outputs: inner,
    kernel: 1,
  });
  const middle = normalized(`${name}.conv2`, `${name}.bn2`, {
    inputs: inner,
    outputs: inner,
    stride,
  });
  const expand = normalized(`${name}.conv3`, `${name}.bn3`, {
    inputs: inner,
    outputs,
    kernel: 1,
  });
  return residual(name, [reduce, middle, expand], sizes, outputs);
}

/** The branch of a block added to its input, which is projected where its shape changes. */
function residual(
  name: string,
  branch: Part[],
  { inputs, stride }: BlockSizes,
  outputs: number,
): Part {
  const shortcut = stride === 1 && inputs === outputs
    ? undefined
    : normalized(`${name}.downsample.0`, `${name}.downsample.1`, {
      inputs,
      outputs,
      kernel: 1,
      stride,
    });
  const parts = shortcut === undefined ? branch : [...branch, shortcut];
  return {
    init: (random) => initAll(parts, random),
    apply(pass, x) {
      let h = x;
      branch.forEach((part, i) => {
        h = part.apply(pass, i === 0 ? h : relu(h));
      });
      return relu(tf.add(h, shortcut?.apply(pass, x) ?? x));
    },
  };
}

/** Sizes of a convolution, as `nn`'s. */
type ConvolutionSizes = Parameters<typeof convolution>[1];

/** A convolution without bias, then batch normalisation. */
function normalized(
  convolutionName: string,
  normName: string,
  sizes: ConvolutionSizes,
): Part {
  const { kernel = 3, inputs, outputs } = sizes;
  const convolve = convolution(convolutionName, {
    ...sizes,
    bias: false,
    // He-normal by fan-out, as the original: the spread is kept in the backward pass.
    gain: Math.sqrt(inputs / outputs),
    padding: (kernel - 1) / 2,
  });
  const [meanName, varianceName] = ["running_mean", "running_var"]
    .map((statistic) => `${normName}.${statistic}`);
  const vector = (params: Params, name: string) => params[name] as tf.Tensor1D;
  return {
    init: (random) => ({
      ...convolve.init(random),
      [`${normName}.weight`]: tf.ones([outputs]),
      [`${normName}.bias`]: tf.zeros([outputs]),
      [meanName]: tf.zeros([outputs]),
      [varianceName]: tf.ones([outputs]),
    }),
    apply({ params, training, statistics }, x) {
      const { output, runningMean, runningVariance } = batchNorm(
        convolve.apply(params, x),
        {
          scale: vector(params, `${normName}.weight`),
          offset: vector(params, `${normName}.bias`),
          mean: vector(params, meanName),
          variance: vector(params, varianceName),
          training,
        },
      );
      if (training) {
        statistics[meanName] = runningMean;
        statistics[varianceName] = runningVariance;
      }
      return output;
    },
  };
}

/**
 * The largest of 3 x 3 pixels, every second one, of a map without negative values. Around such a map zeros never win
 * over a pixel, so they do as well as PyTorch's -∞; its gradient is that of the first of equals either way, up to zeros,
 * past which no gradient goes through the rectifier before it.
 */
function maxPool(x: tf.Tensor4D): tf.Tensor4D {
  const padded = tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]]) as tf.Tensor4D;
  return tf.maxPool(padded, 3, 2, "valid");
}

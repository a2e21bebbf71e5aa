/**
 * Residual networks (He et al., 2016) with batch normalisation, the recognisers of the paper's section 5.1.
 *
 * The layout is torchvision's, "v1.5": a bottleneck halves the size in its 3 x 3 convolution. Weights bear the names of
 * its checkpoints.
 *
 * @module
 */
import { relu, tf } from "../engine/mod.ts";
import type { Params, RandomStream } from "../core/mod.ts";
import {
  batchNormalization,
  dense,
  initAll,
  type Pass,
  type PassLayer,
  shapesOf,
  type WeightShapes,
} from "../nn/mod.ts";
import { generalizedMean } from "./generalized_mean.ts";
import { basicBlock, bottleneck, normalized } from "./residual_parts.ts";
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
  /** What images are compared by, `[B, width]`: the pooled last map, normalised where there is a neck. */
  features: tf.Tensor2D;
  /** The pooled last map before the neck, `[B, width]`, for losses on distances; without a neck the same. */
  pooled: tf.Tensor2D;
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
  /** Shapes of weights and running statistics by name. */
  shapes: WeightShapes;
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

/**
 * A residual network for images of any size.
 *
 * With `neck` (BNNeck; Luo et al., 2019) the pooled map is normalised by `neck`, whose offset stays 0, and the
 * classifier has no bias. `pooling` of a learned power adds `pool.p`. torchvision has neither of these names.
 *
 * @throws {RangeError} If `lastStride` is neither 1 nor 2, or the pooling's power is not above 0.
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
  const strides = [1, 2, 2, lastStride];
  const stem = normalized("conv1", "bn1", {
    inputs: 3,
    outputs: channels,
    kernel: 7,
    stride: 2,
  });
  const make = block === "basic" ? basicBlock : bottleneck;
  const blocks: PassLayer[] = [];
  let width = channels;
  depths.forEach((depth, stage) => {
    const inner = channels * 2 ** stage;
    for (let i = 0; i < depth; i++) {
      const stride = i === 0 ? strides[stage] : 1;
      const name = `layer${stage + 1}.${i}`;
      blocks.push(make(name, { inputs: width, inner, stride }));
      width = block === "basic" ? inner : 4 * inner;
    }
  });
  const pool = config.pooling === "average"
    ? undefined
    : generalizedMean("pool", config.pooling);
  const neck = config.neck
    ? batchNormalization<tf.Tensor2D>("neck", {
      channels: width,
      frozen: "offset",
    })
    : undefined;
  const classifier = classes > 0
    ? dense("fc", { inputs: width, outputs: classes, bias: !config.neck })
    : undefined;
  const parts = [stem, ...blocks, pool, neck, classifier]
    .filter((part) => part !== undefined);

  return {
    config,
    width,
    shapes: shapesOf(parts),
    init: (random) => initAll(parts, random),
    apply(params, images, { training = false } = {}) {
      return tf.tidy(() => {
        const pass: Pass = { params, training, statistics: {} };
        let h = relu(stem.apply(pass, images)); // [B, H/2, W/2, channels]
        h = maxPool(h); // [B, H/4, W/4, channels]
        for (const block of blocks) h = block.apply(pass, h); // to [B, H/32, W/32, width], H/16 with lastStride 1
        const pooled = pool?.apply(params, h) ??
          tf.mean(h, [1, 2]) as tf.Tensor2D; // [B, width]
        const features = neck?.apply(pass, pooled) ?? tf.clone(pooled);
        const logits = classifier?.apply(params, features) as
          | tf.Tensor2D
          | undefined; // [B, classes]
        return { features, pooled, logits, statistics: pass.statistics };
      });
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

/**
 * The small recogniser: a face to a feature vector, on a laptop.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import type { Params, RandomStream } from "../core/mod.ts";
import {
  convolution,
  dense,
  groupNormalization,
  initAll,
  normalTensor,
  shapesOf,
  type WeightShapes,
} from "../nn/mod.ts";
import { residualBlock } from "./residual_block.ts";

/** Sizes of a {@linkcode recognizer}. */
export interface RecognizerConfig {
  /** Image height, pixels, a multiple of 16. */
  height: number;
  /** Image width, pixels, a multiple of 16. */
  width: number;
  /** Channels after each of the four halvings, multiples of 8. */
  widths: readonly [number, number, number, number];
  /** Number of features. */
  features: number;
}

/**
 * The sizes used in the small studies: 64 x 64 images, 128 features, 0.9 million weights.
 *
 * @param options Sizes that differ.
 * @returns All sizes.
 *
 * @example
 * ```ts
 * import { smallRecognizer } from "@outis/outis/models";
 *
 * console.log(smallRecognizer({ features: 64 }).height); // 64
 * ```
 */
export function smallRecognizer(
  options: Partial<RecognizerConfig> = {},
): RecognizerConfig {
  return {
    height: 64,
    width: 64,
    widths: [24, 48, 96, 128],
    features: 128,
    ...options,
  };
}

/** A recogniser: how to make its weights and how to use them. */
export interface Recognizer {
  /** The sizes it was made with. */
  config: RecognizerConfig;
  /** Shapes of the weights without a classifier, by name. */
  shapes: WeightShapes;
  /** Makes the weights without a classifier. Owned by the caller. */
  init: (random: RandomStream) => Params;
  /** Makes the class vectors `head.weight` `[features, classes]`. Owned by the caller. */
  initHead: (random: RandomStream, classes: number) => Params;
  /** Images `[B, H, W, 3]` in [-1, 1] to features `[B, features]`, not normalised. */
  apply: (params: Params, images: tf.Tensor4D) => tf.Tensor2D;
}

/**
 * A residual network with group normalisation. A sample's features depend on that sample alone, so the virtual step of
 * lookahead selection (eq. 12) has no batch statistics to disturb.
 *
 * The last map is flattened, not averaged: where things are in an aligned face says who it is.
 *
 * @throws {RangeError} If height or width is no multiple of 16, a width is no multiple of 8, or the last map is so small
 * that normalisation would leave nothing of it.
 *
 * @example
 * ```ts
 * import { recognizer, smallRecognizer } from "@outis/outis/models";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 *
 * await useBackend("auto");
 * const model = recognizer(smallRecognizer({ height: 16, width: 16, widths: [8, 8, 8, 16] }));
 * const params = model.init(randomStream(1));
 * console.log(model.apply(params, tf.zeros([2, 16, 16, 3])).shape); // [2, 128]
 * ```
 */
export function recognizer(config: RecognizerConfig): Recognizer {
  const { height, width, widths, features } = config;
  for (const [name, size] of [["height", height], ["width", width]] as const) {
    if (!(size > 0 && size % 16 === 0)) {
      throw new RangeError(
        `Cannot make a recogniser as '${name}' must be a multiple of 16: current value is ${size}`,
      );
    }
  }
  const stages = widths.map((outputs, i) => ({
    down: convolution(`stages.${i}.down`, {
      inputs: i === 0 ? 3 : widths[i - 1],
      outputs,
      stride: 2,
    }),
    // At the first, largest size a block would cost more than all the rest.
    block: i === 0
      ? undefined
      : residualBlock(`stages.${i}.block`, { channels: outputs }),
  }));
  const last = widths[3];
  const norm = groupNormalization("norm", { channels: last });
  const cells = (height / 16) * (width / 16);
  widths.forEach((size, i) => {
    // Of one value per group, the mean is that value: all features would be zero.
    const least = i === 3 && cells === 1 ? 16 : 8;
    if (size >= least && size % 8 === 0) return;
    throw new RangeError(
      `Cannot make a recogniser as 'widths[${i}]' must be a multiple of 8 from ${least} on: current value is ${size}`,
    );
  });
  const projection = dense("projection", {
    inputs: cells * last,
    outputs: features,
  });
  const parts = [
    ...stages.flatMap(({ down, block }) => block ? [down, block] : [down]),
    norm,
    projection,
  ];

  return {
    config,
    shapes: shapesOf(parts),
    init: (random) => initAll(parts, random),
    initHead: (random, classes) => ({
      "head.weight": normalTensor(
        random,
        "head.weight",
        [features, classes],
        0.05,
      ),
    }),
    apply: (params, images) =>
      tf.tidy(() => {
        let h: tf.Tensor4D = images;
        for (const { down, block } of stages) {
          h = down.apply(params, h); // half the size each time
          h = block === undefined ? tf.relu(h) : block.apply(params, h);
        }
        h = tf.relu(norm.apply(params, h)); // [B, H/16, W/16, last]
        const flat = tf.reshape(h, [images.shape[0], cells * last]);
        return projection.apply(params, flat) as tf.Tensor2D;
      }),
  };
}

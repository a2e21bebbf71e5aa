/**
 * What turns images into features, with all that must be known to use it rightly.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { checkShape } from "./check.ts";

/** How an embedder wants its input, starting from this project's images: RGB in [-1, 1]. */
export interface Preprocessing {
  /** Height in pixels; images of another size are refused, not resized. */
  height: number;
  /** Width in pixels. */
  width: number;
  /** Order of the channels. */
  channels: "rgb" | "bgr";
  /** Subtracted from each channel, on the scale [-1, 1], in the order of `channels`. */
  mean: readonly [number, number, number];
  /** Divides each channel after that. */
  deviation: readonly [number, number, number];
}

/**
 * A frozen network that maps images to identity features.
 *
 * Every part that needs features takes one; none asks what network is behind it.
 */
export interface Embedder {
  /**
   * Features of images `[B, H, W, 3]` in [-1, 1] (borrowed): `[B, D]`, any norm, owned by the caller. Differentiable.
   * Applies `preprocessing` itself.
   */
  embed(images: tf.Tensor4D): tf.Tensor2D;
  /** D, the number of features. */
  width: number;
  /** What `embed` does to the pixels first. */
  preprocessing: Preprocessing;
  /** SHA-256 of weights and preprocessing: tells features of different embedders apart. */
  fingerprint: string;
}

/**
 * Preprocessing that leaves channels and scale as they are.
 *
 * @param height Height in pixels.
 * @param width Width in pixels.
 * @returns RGB, mean 0, deviation 1.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { plainPreprocessing } from "@outis/outis/core";
 *
 * assert(plainPreprocessing(112, 96).channels === "rgb");
 * ```
 */
export function plainPreprocessing(
  height: number,
  width: number,
): Preprocessing {
  return {
    height,
    width,
    channels: "rgb",
    mean: [0, 0, 0],
    deviation: [1, 1, 1],
  };
}

/** Mean and deviation of ImageNet's red, green and blue, on the scale [0, 1]. */
const IMAGENET = {
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
} as const;

/**
 * Preprocessing of the models that torchvision publishes: ImageNet's mean and deviation.
 *
 * @param height Height in pixels.
 * @param width Width in pixels.
 * @returns RGB; on this project's scale m becomes 2 m - 1 and s becomes 2 s.
 *
 * @example
 * ```ts
 * import { imagenetPreprocessing } from "@outis/outis/core";
 *
 * console.log(imagenetPreprocessing(256, 128).mean[0]); // -0.03
 * ```
 */
export function imagenetPreprocessing(
  height: number,
  width: number,
): Preprocessing {
  const scaled = (
    values: readonly [number, number, number],
    offset: number,
  ): [number, number, number] => [
    2 * values[0] + offset,
    2 * values[1] + offset,
    2 * values[2] + offset,
  ];
  return {
    height,
    width,
    channels: "rgb",
    mean: scaled(IMAGENET.mean, -1),
    deviation: scaled(IMAGENET.deviation, 0),
  };
}

/**
 * Brings images into the form an embedder was trained on: `(x - mean) / deviation` in its channel order.
 *
 * @param images `[B, H, W, 3]`, RGB in [-1, 1]. Borrowed.
 * @param preprocessing Size, channel order and scale.
 * @returns `[B, H, W, 3]`. Owned by the caller. Differentiable.
 * @throws {TypeError} If the images have another size or channel count: a silent resize ruins accuracy.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { plainPreprocessing, preprocess } from "@outis/outis/core";
 *
 * const images = tf.zeros<tf.Rank.R4>([2, 8, 8, 3]);
 * const input = preprocess(images, plainPreprocessing(8, 8));
 * tf.dispose([images, input]);
 * ```
 */
export function preprocess(
  images: tf.Tensor4D,
  preprocessing: Preprocessing,
): tf.Tensor4D {
  const { height, width, channels, mean, deviation } = preprocessing;
  checkShape("embed images", "images", images, [null, height, width, 3]);
  return tf.tidy(() => {
    const ordered = channels === "rgb" ? images : tf.reverse(images, 3);
    return tf.div(tf.sub(ordered, [...mean]), [...deviation]) as tf.Tensor4D;
  });
}

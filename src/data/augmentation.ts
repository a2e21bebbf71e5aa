/**
 * Random changes of training images on tensors, batch by batch.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { checkRange, type RandomStream } from "../core/mod.ts";
import { type ColourFactors, jitterColours } from "./colour_jitter.ts";
import { lowerResolution } from "./low_resolution.ts";
import { drawRectangle, type Rectangle } from "./random_erasing.ts";

/** Options of {@linkcode augmentation}. */
export interface AugmentationOptions {
  /** Height of the images in pixels. */
  height: number;
  /** Width of the images in pixels. */
  width: number;
  /** Probability of a left-right flip. @default 0.5 */
  flip?: number;
  /** Pixels added on each side before a crop back to size at a random place. @default 0 */
  padding?: number;
  /** What is added: a value, or the nearest pixel of the border. @default "edge" */
  paddingValue?: number | "edge";
  /** Largest change of brightness: factors from 1 - b to 1 + b, not below 0. @default 0 */
  brightness?: number;
  /** Largest change of contrast, likewise. @default 0 */
  contrast?: number;
  /** Largest change of saturation, likewise. @default 0 */
  saturation?: number;
  /** Largest turn of the hue, in turns: up to 0.5. @default 0 */
  hue?: number;
  /** Probability of a lower resolution. @default 0 */
  lowResolution?: number;
  /** By how much it may be lower, all equally likely. @default [2, 3, 4] */
  lowResolutionFactors?: readonly number[];
  /** Probability of erasing a rectangle. @default 0 */
  erase?: number;
  /** Area of the rectangle, as a fraction of the image: smallest and largest. @default [0.02, 0.4] */
  eraseArea?: readonly [number, number];
  /** Smallest height to width ratio of the rectangle; its inverse is the largest. @default 0.3 */
  eraseAspect?: number;
  /**
   * What the rectangle is filled with: uniform noise in [-1, 1], the mean colour of ImageNet (the paper's two good
   * choices), or a value. @default "random"
   */
  eraseValue?: "random" | "mean" | number;
}

/** What was drawn for a batch, one entry per image. A `type`, so that it can go through `jit`. */
export type AugmentationDraw = {
  /** 1 to flip or 0; rows and columns by which the crop is moved. `[B, 3]` int32. */
  move?: tf.Tensor2D;
  /** Factors of the colours. */
  colours: ColourFactors;
  /** Which of the resolutions, `[B]` int32. */
  resolution?: tf.Tensor1D;
  /** Top, left, bottom and right of the rectangle, all 0 for none. `[B, 4]` int32. */
  rectangle?: tf.Tensor2D;
  /** What fills the rectangles, `[B, H, W, 3]`. */
  noise?: tf.Tensor4D;
};

/** Made by {@linkcode augmentation}. */
export interface Augmentation {
  /**
   * Draws the changes of a batch. Those of an image depend on its stream only.
   *
   * @param streams One per image, as `sampleStreams` makes them.
   * @returns Owned by the caller.
   */
  draw(streams: readonly RandomStream[]): AugmentationDraw;
  /**
   * Applies drawn changes; may be jitted.
   *
   * @param images `[B, H, W, 3]` in [-1, 1]. Borrowed.
   * @param draw What `draw` returned. Borrowed.
   * @returns `[B, H, W, 3]` in [-1, 1]. Owned by the caller.
   */
  apply(images: tf.Tensor4D, draw: AugmentationDraw): tf.Tensor4D;
}

/** Mean of ImageNet's red, green and blue, on the scale from -1 to 1. */
const IMAGENET_MEAN = [0.485, 0.456, 0.406].map((mean) => 2 * mean - 1);
const COLOURS = ["brightness", "contrast", "saturation", "hue"] as const;

/**
 * Makes an augmentation: flip, padded crop, colours, lower resolution, Random Erasing, in this order.
 *
 * @param options Size, and how likely and strong each change is.
 * @returns How to draw and how to apply it.
 * @throws {RangeError} If a probability, strength, area or ratio is out of range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 * import { augmentation, sampleStreams } from "@outis/outis/data";
 *
 * await useBackend("auto");
 * const { draw, apply } = augmentation({ height: 16, width: 8, padding: 2, erase: 0.5 });
 * const streams = sampleStreams(randomStream(1, "augment"), [4, 9], 0);
 * const changed = tf.tidy(() => apply(tf.zeros([2, 16, 8, 3]), draw(streams)));
 * assertEquals(changed.shape, [2, 16, 8, 3]);
 * changed.dispose();
 * ```
 */
export function augmentation(options: AugmentationOptions): Augmentation {
  const {
    height,
    width,
    flip = 0.5,
    padding = 0,
    paddingValue = "edge",
    lowResolution = 0,
    lowResolutionFactors = [2, 3, 4],
    erase = 0,
    eraseArea: area,
    eraseAspect: aspect,
    eraseValue = "random",
  } = options;
  for (const [name, value] of Object.entries({ flip, lowResolution, erase })) {
    checkRange("augment", name, value, { min: 0, max: 1 });
  }
  checkRange("augment", "padding", padding, { min: 0, integer: true });
  const strengths = COLOURS.map((name) => [name, options[name] ?? 0] as const);
  for (const [name, strength] of strengths) {
    const max = name === "hue" ? 0.5 : Infinity;
    checkRange("augment", name, strength, { min: 0, max });
  }
  for (const [i, factor] of lowResolutionFactors.entries()) {
    const whole = { min: 1, integer: true };
    checkRange("augment", `lowResolutionFactors[${i}]`, factor, whole);
  }
  const used = strengths.filter(([, strength]) => strength > 0);
  const factors = [1, ...lowResolutionFactors];

  return {
    draw: (streams) => {
      const ofAll = <T>(kind: string, one: (random: RandomStream) => T): T[] =>
        streams.map((stream) => one(stream.fork(kind)));
      const shift = (random: RandomStream) =>
        random.integer(2 * padding + 1) - padding;
      const draw: AugmentationDraw = { colours: {} };
      if (flip > 0 || padding > 0) {
        draw.move = integers(ofAll("move", (random) => [
          random.uniform() < flip ? 1 : 0,
          shift(random),
          shift(random),
        ]));
      }
      for (const [name, strength] of used) {
        const centre = name === "hue" ? 0 : 1;
        const low = name === "hue" ? -strength : Math.max(0, 1 - strength);
        draw.colours[name] = tf.tensor1d(ofAll(
          name,
          (random) => low + (centre + strength - low) * random.uniform(),
        ));
      }
      if (lowResolution > 0) {
        const choices = ofAll(
          "resolution",
          (random) =>
            random.uniform() < lowResolution
              ? 1 + random.integer(lowResolutionFactors.length)
              : 0,
        );
        draw.resolution = tf.tensor1d(choices, "int32");
      }
      if (erase > 0) {
        const found = ofAll(
          "erase",
          (random) =>
            random.uniform() < erase
              ? drawRectangle(random, { height, width, area, aspect })
              : undefined,
        );
        draw.rectangle = integers(
          found.map((r) =>
            r ? [r.top, r.left, r.bottom, r.right] : [0, 0, 0, 0]
          ),
        );
        if (eraseValue === "random") {
          const noise = new Float32Array(streams.length * height * width * 3);
          streams.forEach((stream, i) => {
            const first = i * height * width;
            if (found[i]) fillNoise(noise, first, width, found[i], stream);
          });
          draw.noise = tf.tensor4d(noise, [streams.length, height, width, 3]);
        }
      }
      return draw;
    },
    apply: (images, draw) =>
      tf.tidy(() => {
        let x = images;
        if (draw.move) x = moveImages(x, draw.move, paddingValue);
        if (used.length > 0) x = jitterColours(x, draw.colours);
        if (draw.resolution) x = lowerResolution(x, draw.resolution, factors);
        if (draw.rectangle) {
          const fill = draw.noise ??
            (eraseValue === "mean" ? IMAGENET_MEAN : [Number(eraseValue)]);
          x = eraseRectangles(x, draw.rectangle, fill);
        }
        return x === images ? tf.clone(x) : x;
      }),
  };
}

// Uniform numbers in [-1, 1) in the rectangle of the image that begins at pixel `first`.
function fillNoise(
  noise: Float32Array,
  first: number,
  width: number,
  { top, left, bottom, right }: Rectangle,
  stream: RandomStream,
): void {
  const wide = 3 * (right - left);
  const values = stream.fork("noise").uniforms((bottom - top) * wide);
  for (let i = 0; i < values.length; i++) values[i] = 2 * values[i] - 1;
  for (let y = top; y < bottom; y++) {
    const row = values.subarray((y - top) * wide, (y - top + 1) * wide);
    noise.set(row, 3 * (first + y * width + left));
  }
}

function integers(rows: number[][]): tf.Tensor2D {
  return tf.tensor2d(rows, undefined, "int32");
}

/** Columns of a matrix of integers, each of shape [B, 1, 1]. */
function columnsOf(rows: tf.Tensor2D): tf.Tensor[] {
  return tf.split(rows, rows.shape[1], 1).map((column) =>
    tf.reshape(column, [-1, 1, 1])
  );
}

// Pixel (y, x) of the result is pixel (y + down, x + right) of the flipped, padded image.
function moveImages(
  images: tf.Tensor4D,
  move: tf.Tensor2D,
  paddingValue: number | "edge",
): tf.Tensor4D {
  const [count, height, width] = images.shape;
  const [flipped, down, right] = columnsOf(move);
  const ys = tf.add(tf.reshape(range(height), [1, -1, 1]), down); // [B, H, 1]
  const xs = tf.add(tf.reshape(range(width), [1, 1, -1]), right); // [B, 1, W]
  const within = (places: tf.Tensor, last: number) =>
    tf.minimum(tf.maximum(places, whole(0)), whole(last));
  const inY = within(ys, height - 1);
  const inX = within(xs, width - 1);
  // x, or W - 1 - x where flipped.
  const mirror = tf.sub(whole(width - 1), tf.mul(inX, whole(2)));
  const columns = tf.add(inX, tf.mul(flipped, mirror));
  const first = tf.mul(tf.reshape(range(count), [-1, 1, 1]), whole(height));
  const rows = tf.mul(tf.add(first, inY), whole(width));
  const index = tf.add(rows, columns) as tf.Tensor3D; // [B, H, W]
  const flat = tf.reshape(images, [count * height * width, 3]);
  const moved = tf.gather(flat, index);
  if (paddingValue === "edge") return moved as tf.Tensor4D;
  const inside = tf.logicalAnd(tf.equal(ys, inY), tf.equal(xs, inX));
  const shown = tf.cast(tf.expandDims(inside, 3), "float32"); // [B, H, W, 1]
  return tf.add(
    tf.mul(moved, shown),
    tf.mul(tf.sub(1, shown), paddingValue),
  ) as tf.Tensor4D;
}

function eraseRectangles(
  images: tf.Tensor4D,
  rectangle: tf.Tensor2D,
  fill: tf.Tensor4D | number[],
): tf.Tensor4D {
  const [, height, width] = images.shape;
  const [top, left, bottom, right] = columnsOf(rectangle);
  const ys = tf.reshape(range(height), [1, -1, 1]);
  const xs = tf.reshape(range(width), [1, 1, -1]);
  const rows = tf.logicalAnd(tf.greaterEqual(ys, top), tf.less(ys, bottom));
  const columns = tf.logicalAnd(tf.greaterEqual(xs, left), tf.less(xs, right));
  const inside = tf.expandDims(tf.logicalAnd(rows, columns), 3);
  const erased = tf.cast(inside, "float32"); // [B, H, W, 1]
  return tf.add(
    tf.mul(images, tf.sub(1, erased)),
    tf.mul(erased, fill),
  ) as tf.Tensor4D;
}

// Plain numbers would turn whole ones into float32, which counts to 2^24 only.
function whole(value: number): tf.Scalar {
  return tf.scalar(value, "int32");
}

function range(length: number): tf.Tensor1D {
  return tf.range(0, length, 1, "int32");
}

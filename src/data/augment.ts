/**
 * Random changes of training images that keep the identity.
 *
 * @module
 */
import { checkLength, checkRange, type RandomStream } from "../core/mod.ts";
import { drawRectangle } from "./random_erasing.ts";

/** Options of {@linkcode augment}. */
export interface AugmentOptions {
  /** Height of the images in pixels. */
  height: number;
  /** Width of the images in pixels. */
  width: number;
  /** Decides the changes; image i of the batch depends on the stream and i only. */
  random: RandomStream;
  /** Probability of a left-right flip. @default 0.5 */
  flip?: number;
  /** Pixels added on each side before a crop back to size at a random place. @default 0 */
  padding?: number;
  /** What is added: a value, or the nearest pixel of the border. @default "edge" */
  paddingValue?: number | "edge";
  /** Probability of erasing a rectangle. @default 0 */
  erase?: number;
  /** Area of the rectangle, as a fraction of the image: smallest and largest. @default [0.02, 0.4] */
  eraseArea?: readonly [number, number];
  /** Smallest height to width ratio of the rectangle; its inverse is the largest. @default 0.3 */
  eraseAspect?: number;
  /** What the rectangle is filled with. @default 0, mid grey */
  eraseValue?: number;
}

type Given<Name extends keyof AugmentOptions> = Required<
  Pick<AugmentOptions, "height" | "width" | Name>
>;
type Placement = Given<"paddingValue"> & {
  flipped: boolean;
  down: number;
  right: number;
};
type Erasure = Given<"eraseArea" | "eraseAspect" | "eraseValue">;

/**
 * Flips, pads and crops, and erases (Z. Zhong et al., "Random erasing data augmentation", AAAI 2020), in this order.
 *
 * @param pixels Batch, `[B, height, width, 3]` in row-major order. Not changed.
 * @param options Size, seed and strengths.
 * @returns The changed batch.
 * @throws {TypeError} If the pixels are no whole number of images.
 * @throws {RangeError} If a probability, area or ratio lies outside [0, 1], or the padding is negative.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { randomStream } from "@outis/outis/core";
 * import { augment } from "@outis/outis/data";
 *
 * const batch = new Float32Array(2 * 8 * 4 * 3);
 * const changed = augment(batch, {
 *   height: 8,
 *   width: 4,
 *   padding: 1,
 *   random: randomStream(1, "augment", 12),
 * });
 * assert(changed.length === batch.length);
 * ```
 */
export function augment(
  pixels: Float32Array,
  options: AugmentOptions,
): Float32Array<ArrayBuffer> {
  const {
    height,
    width,
    random,
    flip = 0.5,
    padding = 0,
    paddingValue = "edge",
    erase = 0,
    eraseArea = [0.02, 0.4],
    eraseAspect = 0.3,
    eraseValue = 0,
  } = options;
  const fraction = { min: 0, max: 1 };
  checkRange("augment", "flip", flip, fraction);
  checkRange("augment", "erase", erase, fraction);
  checkRange("augment", "eraseArea[0]", eraseArea[0], fraction);
  checkRange("augment", "eraseArea[1]", eraseArea[1], {
    min: eraseArea[0],
    max: 1,
  });
  checkRange("augment", "eraseAspect", eraseAspect, {
    ...fraction,
    exclusive: "min",
  });
  checkRange("augment", "padding", padding, { min: 0, integer: true });
  const size = height * width * 3;
  const count = Math.floor(pixels.length / size);
  checkLength("augment", "pixels", pixels, count * size);

  const out = new Float32Array(pixels.length);
  for (let i = 0; i < count; i++) {
    const own = random.fork(i);
    // Drawn whether used or not, so that a change of one option moves nothing else.
    const flipped = own.uniform() < flip;
    const down = own.integer(2 * padding + 1) - padding;
    const right = own.integer(2 * padding + 1) - padding;
    const image = out.subarray(i * size, (i + 1) * size);
    const source = pixels.subarray(i * size, (i + 1) * size);
    const offset = { flipped, down, right };
    place(source, image, { height, width, paddingValue, ...offset });
    if (own.uniform() < erase) {
      const shape = { height, width, eraseArea, eraseAspect, eraseValue };
      eraseRectangle(image, shape, own);
    }
  }
  return out;
}

// Output pixel (y, x) is input pixel (y + down, x + right) of the flipped, padded image.
function place(
  from: Float32Array,
  to: Float32Array,
  { height, width, paddingValue, flipped, down, right }: Placement,
): void {
  for (let y = 0; y < height; y++) {
    const inY = Math.min(Math.max(y + down, 0), height - 1);
    for (let x = 0; x < width; x++) {
      const inX = Math.min(Math.max(x + right, 0), width - 1);
      const at = (y * width + x) * 3;
      const outside = inY !== y + down || inX !== x + right;
      if (outside && paddingValue !== "edge") {
        to.fill(paddingValue, at, at + 3);
        continue;
      }
      const source = (inY * width + (flipped ? width - 1 - inX : inX)) * 3;
      to[at] = from[source];
      to[at + 1] = from[source + 1];
      to[at + 2] = from[source + 2];
    }
  }
}

function eraseRectangle(
  image: Float32Array,
  { height, width, eraseArea, eraseAspect, eraseValue }: Erasure,
  random: RandomStream,
): void {
  const rectangle = drawRectangle(random, {
    height,
    width,
    area: eraseArea,
    aspect: eraseAspect,
  });
  if (rectangle === undefined) return;
  const { top, left, bottom, right } = rectangle;
  for (let y = top; y < bottom; y++) {
    image.fill(eraseValue, (y * width + left) * 3, (y * width + right) * 3);
  }
}

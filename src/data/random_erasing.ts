/**
 * Random Erasing's choice of a rectangle.
 *
 * @module
 */
import { checkRange, type RandomStream } from "../core/mod.ts";

/** Options of {@linkcode drawRectangle}. */
export interface DrawRectangleOptions {
  /** Height of the image in pixels. */
  height: number;
  /** Width of the image in pixels. */
  width: number;
  /** Area as a fraction of the image: smallest and largest. @default [0.02, 0.4] */
  area?: readonly [number, number];
  /** Smallest ratio of height to width; its inverse is the largest. @default 0.3 */
  aspect?: number;
}

/** Pixels from (top, left) up to, not including, (bottom, right). */
export interface Rectangle {
  /** First row. */
  top: number;
  /** First column. */
  left: number;
  /** The row after the last. */
  bottom: number;
  /** The column after the last. */
  right: number;
}

/** Tries before the image is left whole, as in the paper's program. */
const TRIES = 100;

/**
 * Chooses a rectangle to erase, as Z. Zhong et al., "Random erasing data augmentation" (AAAI 2020), do.
 *
 * S_e = U(s_l, s_h) · H · W; r_e = U(r_1, 1 / r_1); H_e = √(S_e · r_e), W_e = √(S_e / r_e), both rounded; a place from
 * those where it fits. A rectangle as high or wide as the image is drawn anew, at most 100 times.
 *
 * @param random Where the numbers come from.
 * @param options Size of the image, range of area and aspect.
 * @returns The rectangle, or undefined if none fits.
 * @throws {RangeError} If an area or the aspect lies outside [0, 1], or the areas are in the wrong order.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { randomStream } from "@outis/outis/core";
 * import { drawRectangle } from "@outis/outis/data";
 *
 * const random = randomStream(1, "erase");
 * const { top, bottom } = drawRectangle(random, { height: 32, width: 16 })!;
 * assert(0 <= top && top < bottom && bottom <= 32);
 * ```
 */
export function drawRectangle(
  random: RandomStream,
  options: DrawRectangleOptions,
): Rectangle | undefined {
  const { height, width, area = [0.02, 0.4], aspect = 0.3 } = options;
  const fraction = { min: 0, max: 1 };
  checkRange("erase", "area[0]", area[0], fraction);
  checkRange("erase", "area[1]", area[1], { min: area[0], max: 1 });
  checkRange("erase", "aspect", aspect, { ...fraction, exclusive: "min" });
  const between = (low: number, high: number) =>
    low + (high - low) * random.uniform();
  for (let k = 0; k < TRIES; k++) {
    const size = between(...area) * height * width;
    const ratio = between(aspect, 1 / aspect);
    const tall = Math.round(Math.sqrt(size * ratio));
    const wide = Math.round(Math.sqrt(size / ratio));
    if (tall < 1 || wide < 1 || tall >= height || wide >= width) continue;
    const top = random.integer(height - tall + 1);
    const left = random.integer(width - wide + 1);
    return { top, left, bottom: top + tall, right: left + wide };
  }
  return undefined;
}

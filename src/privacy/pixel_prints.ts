/**
 * What is kept of images to find their copies: small grey pictures.
 *
 * @module
 */
import { checkLength, checkRange, digestBytes } from "../core/mod.ts";
import { cropPicture } from "./crop_picture.ts";

/** Side of a print, in pixels: a crop of two thirds still has the 32 that are compared. */
export const PRINT_SIDE = 48;
const PIXELS = PRINT_SIDE * PRINT_SIDE;

/** Prints of a set of images: about 2.4 kB each. */
export interface PixelPrints {
  /** Number of images. */
  count: number;
  /** Grey levels by the weights of ITU-R BT.601, `[count, 48, 48]`. */
  grey: Uint8Array;
  /** First half of the SHA-256 of each image's pixels: equal for equal images. */
  digests: string[];
}

/**
 * Makes room for the prints of a set.
 *
 * @param count Number of images.
 * @returns Empty prints, for {@linkcode addPrint}.
 *
 * @example
 * ```ts
 * import { pixelPrints } from "@outis/outis/privacy";
 *
 * console.log(pixelPrints(2).grey.length); // 4608
 * ```
 */
export function pixelPrints(count: number): PixelPrints {
  checkRange("print images", "count", count, { min: 1, integer: true });
  return {
    count,
    grey: new Uint8Array(count * PIXELS),
    digests: new Array(count).fill(""),
  };
}

/**
 * Takes the print of an image; one that is not square is stretched to a square.
 *
 * @param prints Where it goes.
 * @param index Number of the image.
 * @param pixels `[height, width, 3]` in row-major order, RGB in [-1, 1]. Borrowed.
 * @param height Rows.
 * @throws {TypeError} If there are not three numbers a pixel.
 * @throws {RangeError} If the index is out of range.
 *
 * @example
 * ```ts
 * import { addPrint, pixelPrints } from "@outis/outis/privacy";
 *
 * const prints = pixelPrints(1);
 * addPrint(prints, 0, new Float32Array(4 * 4 * 3), 4);
 * console.log(prints.grey[0]); // 128
 * ```
 */
export function addPrint(
  prints: PixelPrints,
  index: number,
  pixels: Float32Array,
  height: number,
): void {
  const act = "print images";
  const most = prints.count - 1;
  checkRange(act, "index", index, { min: 0, max: most, integer: true });
  const width = Math.floor(pixels.length / 3 / height);
  checkLength(act, "pixels", pixels, height * width * 3);
  const grey = new Float64Array(height * width);
  for (let i = 0; i < grey.length; i++) {
    const sum = 0.299 * pixels[3 * i] + 0.587 * pixels[3 * i + 1] +
      0.114 * pixels[3 * i + 2];
    grey[i] = (sum + 1) * 127.5;
  }
  const print = cropPicture(grey, height, PRINT_SIDE);
  for (const [i, value] of print.entries()) {
    const level = Math.max(0, Math.min(255, Math.round(value)));
    prints.grey[index * PIXELS + i] = level;
  }
  const bytes = new Uint8Array(
    pixels.buffer,
    pixels.byteOffset,
    pixels.byteLength,
  );
  prints.digests[index] = digestBytes(bytes).slice(0, 32);
}

/**
 * The print of one image.
 *
 * @param prints Prints.
 * @param index Which.
 * @returns Grey levels, `[48, 48]`; a view.
 *
 * @example
 * ```ts
 * import { pixelPrints, printOf } from "@outis/outis/privacy";
 *
 * console.log(printOf(pixelPrints(3), 2).length); // 2304
 * ```
 */
export function printOf(prints: PixelPrints, index: number): Uint8Array {
  return prints.grey.subarray(index * PIXELS, (index + 1) * PIXELS);
}

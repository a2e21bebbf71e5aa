/**
 * Image files to pixels.
 *
 * @module
 */
import {
  decodeImageBytes,
  type DecodeImageOptions,
} from "./decode_image_bytes.ts";

/** Pixels of one image. */
export interface DecodedImage {
  /** RGB in [-1, 1], `[height, width, 3]` in row-major order: byte b is b / 127.5 - 1. */
  pixels: Float32Array<ArrayBuffer>;
  /** Height in pixels. */
  height: number;
  /** Width in pixels. */
  width: number;
}

/**
 * Decodes an image file: PNG, JPEG, WebP, or whatever else sharp reads.
 *
 * Turned upright by its EXIF orientation, brought to sRGB, grey scale repeated over three channels, transparency put on
 * black, 16 bits a channel rounded to 8, CMYK through its profile. Of an animation, the first picture.
 *
 * @param source Path, or content of the file.
 * @param options Size and how to reach it.
 * @returns Pixels in [-1, 1] and their size.
 * @throws {SyntaxError} If the file is no image, damaged or truncated (half a picture is not accepted), or has more
 *   than 100 million pixels.
 * @throws {RangeError} If height or width is no whole number above 0.
 * @throws {Deno.errors.NotFound} If there is no such file.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { decodeImage, encodePng } from "@outis/outis/io";
 *
 * const png = await encodePng({
 *   pixels: new Float32Array(4 * 4 * 3),
 *   height: 4,
 *   width: 4,
 * });
 * const { pixels } = await decodeImage(png, { height: 2, width: 2 });
 * assert(pixels.length === 2 * 2 * 3);
 * ```
 */
export async function decodeImage(
  source: string | Uint8Array,
  options: DecodeImageOptions = {},
): Promise<DecodedImage> {
  const { bytes, height, width } = await decodeImageBytes(source, options);
  const pixels = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) pixels[i] = bytes[i] / 127.5 - 1;
  return { pixels, height, width };
}

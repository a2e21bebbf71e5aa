/**
 * Pixels to image files.
 *
 * @module
 */
import type { Sharp } from "sharp";
import { loadSharp } from "./load_sharp.ts";
import { markSynthetic, type Provenance } from "./provenance.ts";

/** Pixels to encode. */
export interface EncodableImage {
  /** RGB in [-1, 1], `[height, width, 3]` in row-major order; values beyond are clipped. */
  pixels: Float32Array;
  /** Height in pixels. */
  height: number;
  /** Width in pixels. */
  width: number;
}

/** Options of {@linkcode encodePng}. */
export interface EncodePngOptions {
  /**
   * Marks the file as made by a trained algorithm, in XMP (IPTC digital source type) and EXIF, with who made it from
   * what: all that is known, or one sentence. @default none
   */
  synthetic?: Provenance | string;
}

/** Options of {@linkcode encodeJpeg}. */
export interface EncodeJpegOptions extends EncodePngOptions {
  /** From 1 to 100. @default 90 */
  quality?: number;
}

/** Options of {@linkcode encodeWebp}. */
export interface EncodeWebpOptions extends EncodePngOptions {
  /** From 1 to 100, or without loss. @default 90 */
  quality?: number | "lossless";
}

/**
 * Encodes an image as PNG: lossless but for the rounding to 256 steps, round((x + 1) · 127.5).
 *
 * @param image Pixels and size.
 * @param options Mark of origin.
 * @returns Content of the file.
 * @throws {TypeError} If the number of pixels does not fit the size.
 * @throws {RangeError} If a pixel is NaN.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { encodePng } from "@outis/outis/io";
 *
 * const black = new Float32Array(2 * 2 * 3).fill(-1);
 * const png = await encodePng(
 *   { pixels: black, height: 2, width: 2 },
 *   { synthetic: "made by an example" },
 * );
 * assert(png[1] === "P".charCodeAt(0));
 * ```
 */
export async function encodePng(
  image: EncodableImage,
  options: EncodePngOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return await toBytes(mark(await toSharp(image), options).png());
}

/**
 * Encodes an image as JPEG, colours at full resolution (4:4:4): these pictures are small.
 *
 * @param image Pixels and size.
 * @param options Quality and mark of origin.
 * @returns Content of the file.
 * @throws {TypeError} If the number of pixels does not fit the size.
 * @throws {RangeError} If a pixel is NaN, or the quality no whole number from 1 to 100.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { encodeJpeg } from "@outis/outis/io";
 *
 * const grey = new Float32Array(8 * 8 * 3);
 * const jpeg = await encodeJpeg({ pixels: grey, height: 8, width: 8 });
 * assert(jpeg[0] === 0xff && jpeg[1] === 0xd8);
 * ```
 */
export async function encodeJpeg(
  image: EncodableImage,
  options: EncodeJpegOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { quality = 90 } = options;
  checkQuality(quality);
  const marked = mark(await toSharp(image), options);
  return await toBytes(marked.jpeg({ quality, chromaSubsampling: "4:4:4" }));
}

/**
 * Encodes an image as WebP.
 *
 * @param image Pixels and size.
 * @param options Quality and mark of origin.
 * @returns Content of the file.
 * @throws {TypeError} If the number of pixels does not fit the size.
 * @throws {RangeError} If a pixel is NaN, or the quality no whole number from 1 to 100.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodeWebp } from "@outis/outis/io";
 *
 * const grey = new Float32Array(8 * 8 * 3);
 * const webp = await encodeWebp({ pixels: grey, height: 8, width: 8 });
 * assertEquals(new TextDecoder().decode(webp.subarray(8, 12)), "WEBP");
 * ```
 */
export async function encodeWebp(
  image: EncodableImage,
  options: EncodeWebpOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { quality = 90 } = options;
  const marked = mark(await toSharp(image), options);
  if (quality === "lossless") {
    return await toBytes(marked.webp({ lossless: true }));
  }
  checkQuality(quality);
  return await toBytes(marked.webp({ quality }));
}

function checkQuality(quality: number): void {
  if (!(Number.isInteger(quality) && quality >= 1 && quality <= 100)) {
    throw new RangeError(
      `Cannot encode an image as 'quality' must be a whole number from 1 to 100: current value is ${quality}`,
    );
  }
}

async function toSharp(
  { pixels, height, width }: EncodableImage,
): Promise<Sharp> {
  if (pixels.length !== height * width * 3) {
    throw new TypeError(
      `Cannot encode an image as 'pixels' must be of length ${height} * ${width} * 3: current value is of length ${pixels.length}`,
    );
  }
  const bytes = new Uint8ClampedArray(pixels.length);
  for (let i = 0; i < pixels.length; i++) {
    if (Number.isNaN(pixels[i])) {
      throw new RangeError(
        `Cannot encode an image as 'pixels[${i}]' must be a number: current value is NaN`,
      );
    }
    // Clips, and rounds to the nearest.
    bytes[i] = (pixels[i] + 1) * 127.5;
  }
  const sharp = await loadSharp();
  return sharp(bytes, { raw: { height, width, channels: 3 } });
}

function mark(image: Sharp, { synthetic }: EncodePngOptions): Sharp {
  return synthetic === undefined ? image : markSynthetic(image, synthetic);
}

// Into memory of its own: sharp's buffers may share a pool.
async function toBytes(image: Sharp): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await image.toBuffer());
}

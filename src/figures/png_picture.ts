/**
 * A picture that travels inside a page.
 *
 * @module
 */

/** A PNG as a page holds it. */
export interface PngPicture {
  /** Its own address: a data URI. */
  address: string;
  /** Width in its own pixels. */
  width: number;
  /** Height in its own pixels. */
  height: number;
}

/**
 * Makes a PNG something a page can hold. Its size comes from the header every PNG begins with, so that the page keeps the
 * room free before it decodes.
 *
 * @param png Encoded PNG.
 * @param argument What messages call it.
 * @returns Address and size.
 * @throws {TypeError} If it is no PNG.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { pngPicture } from "./png_picture.ts";
 *
 * const png = Uint8Array.fromBase64(
 *   "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2sAAAAABJRU5ErkJggg==",
 * );
 * assertEquals(pngPicture(png, "png").width, 1);
 * ```
 */
export function pngPicture(png: Uint8Array, argument: string): PngPicture {
  const isPng = png.length >= 24 &&
    signature.every((byte, i) => png[i] === byte);
  if (!isPng) {
    throw new TypeError(
      `Cannot show an image as '${argument}' must be a PNG file: current value is ${png.length} bytes of something else`,
    );
  }
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  return {
    address: `data:image/png;base64,${png.toBase64()}`,
    width: view.getUint32(16),
    height: view.getUint32(20),
  };
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

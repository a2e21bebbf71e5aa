/**
 * Sizes of images, from the beginning of their files.
 *
 * @module
 */
import { loadSharp } from "./load_sharp.ts";

/** Size of an image as it is looked at. */
export interface ImageSize {
  /** Height in pixels. */
  height: number;
  /** Width in pixels. */
  width: number;
}

/**
 * Reads the size of an image without decoding it. A file whose end is missing may pass.
 *
 * @param source Path, or content of the file.
 * @returns Size, after turning the image upright by its EXIF orientation.
 * @throws {SyntaxError} If the beginning is not that of an image.
 * @throws {Deno.errors.NotFound} If there is no such file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodePng, readImageSize } from "@outis/outis/io";
 *
 * const pixels = new Float32Array(4 * 6 * 3);
 * const png = await encodePng({ pixels, height: 4, width: 6 });
 * assertEquals(await readImageSize(png), { height: 4, width: 6 });
 * ```
 */
export async function readImageSize(
  source: string | Uint8Array,
): Promise<ImageSize> {
  if (typeof source === "string") await Deno.stat(source);
  const sharp = await loadSharp();
  try {
    const { autoOrient } = await sharp(source).metadata();
    return { height: autoOrient.height, width: autoOrient.width };
  } catch (cause) {
    const path = typeof source === "string" ? source : "bytes";
    const [reason] = (cause as Error).message.split("\n");
    throw new SyntaxError(
      `Cannot read the size of an image as '${path}' must be an image file: current value is another kind (${reason})`,
      { cause },
    );
  }
}

/**
 * Image files to pixels.
 *
 * @module
 */
import sharp from "sharp";

/** Options of {@linkcode decodeImage}. */
export interface DecodeImageOptions {
  /** Height of the result in pixels. @default the image's own */
  height?: number;
  /** Width of the result in pixels. @default the image's own */
  width?: number;
  /**
   * Where the aspect ratio differs: `"cover"` fills the frame and crops around the centre, `"contain"` shows all on
   * black, `"fill"` stretches. @default "cover"
   */
  fit?: "cover" | "contain" | "fill";
  /** Resampling; all are anti-aliased when shrinking. @default "lanczos3" */
  kernel?: "lanczos3" | "cubic" | "linear" | "nearest";
}

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
 * black. Of an animation, the first picture.
 *
 * @param source Path, or content of the file.
 * @param options Size and how to reach it.
 * @returns Pixels in [-1, 1] and their size.
 * @throws {SyntaxError} If the file is no image, damaged or truncated: half a picture is not accepted.
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
  const { height, width, fit = "cover", kernel = "lanczos3" } = options;
  checkSide("height", height);
  checkSide("width", width);
  const path = typeof source === "string" ? source : "bytes";
  const bytes = typeof source === "string"
    ? await Deno.readFile(source)
    : source;
  try {
    const { data, info } = await sharp(bytes, { failOn: "warning" })
      .autoOrient()
      .flatten({ background: "#000" })
      .toColourspace("srgb")
      .resize({ height, width, fit, kernel, background: "#000" })
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    const pixels = new Float32Array(data.length);
    for (let i = 0; i < data.length; i++) pixels[i] = data[i] / 127.5 - 1;
    return { pixels, height: info.height, width: info.width };
  } catch (cause) {
    const [reason] = (cause as Error).message.split("\n");
    throw new SyntaxError(
      `Cannot decode an image as '${path}' must be a complete image file: current value is ${bytes.length} bytes (${reason})`,
      { cause },
    );
  }
}

function checkSide(name: string, value: number | undefined): void {
  if (value !== undefined && !(Number.isInteger(value) && value > 0)) {
    throw new RangeError(
      `Cannot decode an image as '${name}' must be a whole number above 0: current value is ${value}`,
    );
  }
}

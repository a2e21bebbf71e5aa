/**
 * Image files to bytes: a quarter of the memory of `decodeImage`'s pixels.
 *
 * @module
 */
import { decodePlainJpeg } from "./decode_plain_jpeg.ts";
import { loadSharp } from "./load_sharp.ts";

/** Options of {@linkcode decodeImageBytes} and `decodeImage`. */
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
  /** What errors call the image. @default its path, or "bytes" */
  name?: string;
}

/** Bytes of one image. */
export interface DecodedBytes {
  /** RGB, 0 to 255, `[height, width, 3]` in row-major order. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Height in pixels. */
  height: number;
  /** Width in pixels. */
  width: number;
}

/** Larger pictures are taken for an attack on memory: 12,000 x 8,000 pixels still pass. */
const MOST_PIXELS = 100_000_000;

/**
 * Decodes an image file, as `decodeImage` does, to bytes.
 *
 * A JPEG file of the wanted size without orientation or colour profile goes through the engine, where that is
 * TensorFlow, in a third of the time: the same algorithm, the same bytes.
 *
 * @param source Path, or content of the file.
 * @param options Size and how to reach it.
 * @returns Bytes and size.
 * @throws {SyntaxError} If the file is no image, damaged or truncated, or has more than 100 million pixels.
 * @throws {RangeError} If height or width is no whole number above 0.
 * @throws {Deno.errors.NotFound} If there is no such file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decodeImageBytes, encodePng } from "@outis/outis/io";
 *
 * const white = new Float32Array(4 * 4 * 3).fill(1);
 * const png = await encodePng({ pixels: white, height: 4, width: 4 });
 * const { bytes } = await decodeImageBytes(png, { height: 2, width: 2 });
 * assertEquals([bytes.length, bytes[0]], [2 * 2 * 3, 255]);
 * ```
 */
export async function decodeImageBytes(
  source: string | Uint8Array,
  options: DecodeImageOptions = {},
): Promise<DecodedBytes> {
  const { height, width, fit = "cover", kernel = "lanczos3" } = options;
  checkSide("height", height);
  checkSide("width", width);
  const { name = typeof source === "string" ? source : "bytes" } = options;
  const file = typeof source === "string"
    ? await Deno.readFile(source)
    : source;
  const plain = decodePlainJpeg(file, { height, width });
  if (plain !== undefined) return plain;
  const sharp = await loadSharp();
  try {
    const { data, info } = await sharp(file, {
      failOn: "warning",
      limitInputPixels: MOST_PIXELS,
    })
      .autoOrient()
      .flatten({ background: "#000" })
      .toColourspace("srgb")
      .resize({ height, width, fit, kernel, background: "#000" })
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    // Into memory of its own: sharp's buffers may share a pool.
    const bytes = new Uint8Array(data);
    return { bytes, height: info.height, width: info.width };
  } catch (cause) {
    const [reason] = (cause as Error).message.split("\n");
    throw new SyntaxError(
      `Cannot decode an image as '${name}' must be a complete image file: current value is ${file.length} bytes (${reason})`,
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

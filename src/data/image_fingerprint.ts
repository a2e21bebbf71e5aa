/**
 * What two images are compared by: the bytes of their files, and what they look like.
 *
 * @module
 */
import { digestBytes } from "../core/mod.ts";
import { decodeImageBytes } from "../io/mod.ts";
import type { ImageRecord } from "./image_record.ts";
import {
  HASH_SIDE,
  type PerceptualHash,
  perceptualHash,
} from "./perceptual_hash.ts";

/** Fingerprint of an image. */
export interface ImageFingerprint {
  /** Path of the image. */
  path: string;
  /** Name of its identity. */
  identity: string;
  /** SHA-256 of the encoded image; undefined if it cannot be read. */
  digest?: string;
  /** What it looks like; undefined if it cannot be decoded, or shows nothing. */
  hash?: PerceptualHash;
  /** Grey levels of 16 x 16 pixels, to confirm what the hash finds; there if `hash` is. */
  thumbnail?: Uint8Array;
  /** Why it cannot be read or decoded, in one sentence. */
  problem?: string;
}

/** Options of {@linkcode fingerprintImages}. */
export interface FingerprintImagesOptions {
  /** Called after each image. */
  onProgress?: (done: number, total: number) => void;
  /** Stops it. */
  signal?: AbortSignal;
}

/** Side of a thumbnail, in pixels. */
export const THUMBNAIL_SIDE = 16;
/** Images in work at the same time. */
const IN_FLIGHT = 4;

/**
 * Takes the fingerprints of images; a few hundred bytes each are kept.
 *
 * For the perceptual hash an image is stretched to 32 x 32 pixels and made grey by the weights of ITU-R BT.601.
 *
 * @param records Images.
 * @param options Progress and signal.
 * @returns Fingerprints in the order of the records.
 * @throws {DOMException} `AbortError`, if the signal stops it.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { encodePng } from "@outis/outis/io";
 * import { fingerprintImages } from "@outis/outis/data";
 *
 * const pixels = new Float32Array(4 * 4 * 3).map((_, i) => (i % 7) / 7);
 * const png = await encodePng({ pixels, height: 4, width: 4 });
 * const bytes = () => Promise.resolve(png);
 * const [print] = await fingerprintImages([
 *   { path: "1.png", identity: "ada", bytes },
 * ]);
 * assert(print.digest?.length === 64 && print.hash !== undefined);
 * ```
 */
export async function fingerprintImages(
  records: readonly ImageRecord[],
  options: FingerprintImagesOptions = {},
): Promise<ImageFingerprint[]> {
  const { onProgress, signal } = options;
  const prints = new Array<ImageFingerprint>(records.length);
  let next = 0;
  let done = 0;
  async function takeSome(): Promise<void> {
    while (next < records.length && !signal?.aborted) {
      const i = next++;
      prints[i] = await fingerprint(records[i]);
      onProgress?.(++done, records.length);
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, takeSome));
  signal?.throwIfAborted();
  return prints;
}

async function fingerprint(record: ImageRecord): Promise<ImageFingerprint> {
  const { path, identity } = record;
  const print: ImageFingerprint = { path, identity };
  try {
    const content = await (record.bytes?.() ?? Deno.readFile(path));
    print.digest = digestBytes(content);
    const { bytes } = await decodeImageBytes(content, {
      height: HASH_SIDE,
      width: HASH_SIDE,
      fit: "fill",
    });
    const grey = new Float32Array(HASH_SIDE * HASH_SIDE);
    for (let i = 0; i < grey.length; i++) {
      const [r, g, b] = [bytes[3 * i], bytes[3 * i + 1], bytes[3 * i + 2]];
      grey[i] = 0.299 * r + 0.587 * g + 0.114 * b;
    }
    const hash = perceptualHash(grey);
    if (hash !== undefined) {
      print.hash = hash;
      print.thumbnail = shrink(grey);
    } else print.problem = `${path} is compared by its bytes only: it is flat`;
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound
      ? "it is not there"
      : (error as Error).message;
    print.problem = `${path} cannot be compared: ${reason}`;
  }
  return print;
}

/** Means of 2 x 2 pixels. */
function shrink(grey: Float32Array): Uint8Array {
  const small = new Uint8Array(THUMBNAIL_SIDE * THUMBNAIL_SIDE);
  for (let i = 0; i < small.length; i++) {
    const y = 2 * Math.floor(i / THUMBNAIL_SIDE);
    const at = y * HASH_SIDE + 2 * (i % THUMBNAIL_SIDE);
    const below = at + HASH_SIDE;
    const sum = grey[at] + grey[at + 1] + grey[below] + grey[below + 1];
    small[i] = Math.round(sum / 4);
  }
  return small;
}

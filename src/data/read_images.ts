/**
 * Records to pixels.
 *
 * @module
 */
import { decodeImageBytes, type DecodeImageOptions } from "../io/mod.ts";
import { byteImageSet } from "./byte_image_set.ts";
import { type ImageCache, openImageCache } from "./image_cache.ts";
import { type ImageRecord, labelRecords } from "./image_record.ts";
import type { ImageSet } from "./image_set.ts";

/** Options of {@linkcode readImages}. */
export interface ReadImagesOptions {
  /** Size to bring all images to, in pixels; one number for a square. */
  size: number | { height: number; width: number };
  /** How to reach it where the aspect ratio differs. @default "cover" */
  fit?: DecodeImageOptions["fit"];
  /** Resampling. @default "lanczos3" */
  kernel?: DecodeImageOptions["kernel"];
  /** Folder that keeps decoded images for later runs, or such a folder already open. @default none */
  cache?: string | ImageCache;
  /** Leave out images that cannot be read, naming them in `problems`. @default false: they are errors */
  skipBad?: boolean;
  /** Called after each image. */
  onProgress?: (done: number, total: number) => void;
  /** Stops reading. */
  signal?: AbortSignal;
}

/** Images decoded at the same time: more gain nothing and cost memory. */
const IN_FLIGHT = 4;
/** Images after which others may have their turn, where nothing had to be waited for. */
const TURN = 64;
/** Version of the way images are decoded: cached ones of another are not taken. */
const DECODING = 1;

/**
 * Decodes the images of some records; their pixels are kept as bytes.
 *
 * Labels follow the sorted names of the identities.
 *
 * @param records Images, as a reader lists them.
 * @param options Size, cache, and what to do about broken images.
 * @returns The images, in the order of the records.
 * @throws {SyntaxError} If an image is broken; of several, the first in order is named.
 * @throws {RangeError} If not one image can be read.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { encodePng } from "@outis/outis/io";
 * import { readImages } from "@outis/outis/data";
 *
 * const png = await encodePng({
 *   pixels: new Float32Array(8 * 8 * 3),
 *   height: 8,
 *   width: 8,
 * });
 * const bytes = () => Promise.resolve(png);
 * const records = [{ path: "a.zip#1.png", identity: "ada", bytes }];
 * const set = await readImages(records, { size: { height: 8, width: 4 } });
 * assert(set.count === 1 && set.width === 4);
 * ```
 */
export async function readImages(
  records: readonly ImageRecord[],
  options: ReadImagesOptions,
): Promise<ImageSet> {
  const { size, skipBad = false, onProgress, signal } = options;
  const { fit = "cover", kernel = "lanczos3" } = options;
  const { height, width } = typeof size === "number"
    ? { height: size, width: size }
    : size;
  const settings = `${height}x${width}-${fit}-${kernel}-${DECODING}`;
  using opened = typeof options.cache === "string"
    ? await openImageCache(options.cache)
    : undefined;
  const cache = opened ?? options.cache as ImageCache | undefined;
  const length = height * width * 3;
  const all = new Uint8Array(records.length * length);
  const faults: (Error | undefined)[] = new Array(records.length);
  let next = 0;
  let done = 0;
  let failed = false;

  async function readOne(i: number): Promise<void> {
    const { path, bytes } = records[i];
    const place = all.subarray(i * length, (i + 1) * length);
    const file = bytes === undefined ? Deno.readFileSync(path) : await bytes();
    if (cache?.read(file, settings, place)) return;
    const how = { height, width, fit, kernel, name: path };
    const decoded = await decodeImageBytes(file, how);
    place.set(decoded.bytes);
    await cache?.add(file, settings, decoded.bytes);
  }

  // Records are taken in order, and those taken are finished: so the first broken one is found whatever the timing.
  async function readSome(): Promise<void> {
    while (next < records.length && !failed && !signal?.aborted) {
      const i = next++;
      try {
        await readOne(i);
      } catch (error) {
        faults[i] = error as Error;
        failed ||= !skipBad;
      }
      onProgress?.(++done, records.length);
      if (i % TURN === 0) await new Promise((resolve) => setTimeout(resolve));
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, readSome));
  await cache?.flush();
  signal?.throwIfAborted();
  const broken = faults.filter((fault) => fault !== undefined);
  if (failed) throw broken[0];
  const kept = records.filter((_, i) => faults[i] === undefined);
  if (kept.length === 0) {
    throw new RangeError(
      `Cannot read images as at least one must be readable: current value is ${records.length} broken ones, first ${
        records[0]?.path
      }`,
    );
  }
  if (broken.length > 0) moveTogether(all, length, faults);
  const { identities, labels } = labelRecords(kept);
  const lost = new Set(records.map(({ identity }) => identity))
    .difference(new Set(identities));
  return byteImageSet(all.subarray(0, kept.length * length), {
    height,
    width,
    count: kept.length,
    labels,
    identities,
    paths: kept.map(({ path }) => path),
    problems: [
      ...broken.map(({ message }) => message),
      ...Array.from(
        lost,
        (name) => `${name} is left out: none of its images can be read`,
      ),
    ],
  });
}

// Closes the gaps that broken images left.
function moveTogether(
  all: Uint8Array,
  length: number,
  faults: (Error | undefined)[],
): void {
  let to = 0;
  for (let i = 0; i < faults.length; i++) {
    if (faults[i] !== undefined) continue;
    all.copyWithin(to * length, i * length, (i + 1) * length);
    to++;
  }
}

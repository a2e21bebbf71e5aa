/**
 * Images from a folder of folders, decoded.
 *
 * @module
 */
import { decodeImage, type DecodeImageOptions } from "../io/mod.ts";
import type { ImageSet } from "./image_set.ts";
import { type ImageRecord, listImageFolder } from "./list_image_folder.ts";

/** Options of {@linkcode readImageFolder}. */
export interface ReadImageFolderOptions {
  /** Size to bring all images to, in pixels; one number for a square. */
  size: number | { height: number; width: number };
  /** How to reach it where the aspect ratio differs. @default "cover" */
  fit?: DecodeImageOptions["fit"];
  /** Leave out broken images and empty identities, naming them in `problems`. @default false: they are errors */
  skipBad?: boolean;
  /** Called after each image. */
  onProgress?: (done: number, total: number) => void;
  /** Stops reading. */
  signal?: AbortSignal;
}

/** Images decoded at the same time: more gain nothing and cost memory. */
const IN_FLIGHT = 4;

/**
 * Reads a folder that holds one folder per identity.
 *
 * First all names are listed and checked, then the images decoded; nothing is written anywhere. Labels follow the
 * sorted names of the identities, not the order on disk.
 *
 * @param folder Path.
 * @param options Size, and what to do about broken images.
 * @returns The images.
 * @throws {RangeError} If the folder is missing, holds no identities, or an empty one.
 * @throws {SyntaxError} If an image is broken; of several, the first in the sorted order is named.
 * @throws {DOMException} `AbortError`, if the signal stops it.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { encodePng } from "@outis/outis/io";
 * import { readImageFolder } from "@outis/outis/data";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.mkdir(`${folder}/ada`);
 * const pixels = new Float32Array(8 * 8 * 3);
 * const png = await encodePng({ pixels, height: 8, width: 8 });
 * await Deno.writeFile(`${folder}/ada/1.png`, png);
 * const set = await readImageFolder(folder, { size: 4 });
 * assert(set.count === 1 && set.images.length === 4 * 4 * 3);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function readImageFolder(
  folder: string,
  options: ReadImageFolderOptions,
): Promise<ImageSet> {
  const { size, fit, skipBad = false, onProgress, signal } = options;
  const { height, width } = typeof size === "number"
    ? { height: size, width: size }
    : size;
  const listing = await listImageFolder(folder, { skipBad });
  const { records } = listing;
  const decoded = new Array<Float32Array | Error>(records.length);
  let next = 0;
  let done = 0;
  let failed = false;

  // Records are taken in order, and those taken are finished: so the first broken one is found whatever the timing.
  async function decodeSome(): Promise<void> {
    while (next < records.length && !failed && !signal?.aborted) {
      const i = next++;
      try {
        const { path } = records[i];
        decoded[i] = (await decodeImage(path, { height, width, fit })).pixels;
      } catch (error) {
        decoded[i] = error as Error;
        failed = !skipBad;
      }
      onProgress?.(++done, records.length);
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, decodeSome));
  signal?.throwIfAborted();
  const broken = decoded.filter((result) => result instanceof Error);
  if (failed) throw broken[0];
  return assemble(records, decoded, { height, width }, [
    ...listing.problems,
    ...broken.map(({ message }) => message),
  ]);
}

function assemble(
  records: ImageRecord[],
  decoded: (Float32Array | Error)[],
  { height, width }: { height: number; width: number },
  problems: string[],
): ImageSet {
  const kept = records.filter((_, i) => decoded[i] instanceof Float32Array);
  const identities = [...new Set(kept.map(({ identity }) => identity))];
  if (kept.length === 0) {
    throw new RangeError(
      `Cannot read images as at least one must be readable: current value is ${records.length} broken ones, first ${
        records[0]?.path
      }`,
    );
  }
  const labelOf = new Map(identities.map((name, label) => [name, label]));
  for (const name of new Set(records.map(({ identity }) => identity))) {
    if (!labelOf.has(name)) {
      problems.push(`${name} is left out: none of its images can be read`);
    }
  }
  const images = new Float32Array(kept.length * height * width * 3);
  let at = 0;
  for (const pixels of decoded) {
    if (pixels instanceof Error) continue;
    images.set(pixels, at);
    at += pixels.length;
  }
  return {
    images,
    height,
    width,
    count: kept.length,
    labels: Int32Array.from(kept, ({ identity }) => labelOf.get(identity)!),
    identities,
    paths: kept.map(({ path }) => path),
    problems,
  };
}

/**
 * Images from a folder of folders, decoded.
 *
 * @module
 */
import type { ImageSet } from "./image_set.ts";
import { listImageFolder } from "./list_image_folder.ts";
import { readImages, type ReadImagesOptions } from "./read_images.ts";

/** Options of {@linkcode readImageFolder}. */
export interface ReadImageFolderOptions extends ReadImagesOptions {
  /** Leave out broken images and empty identities, naming them in `problems`. @default false: they are errors */
  skipBad?: boolean;
}

/**
 * Reads a folder that holds one folder per identity.
 *
 * First all names are listed and checked, then the images decoded; nothing is written but to the cache, if one is given.
 * Labels follow the sorted names of the identities, not the order on disk.
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
  const { records, problems } = await listImageFolder(folder, options);
  const set = await readImages(records, options);
  set.problems.unshift(...problems);
  return set;
}

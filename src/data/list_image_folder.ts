/**
 * Names of the images in a folder of folders.
 *
 * @module
 */
import type { ImageRecord } from "./image_record.ts";
import { isImageName, listFolder } from "./list_folder.ts";

export type { ImageRecord };

/** Content of a folder. */
export interface ImageListing {
  /** Images, sorted by identity, then by file name. */
  records: ImageRecord[];
  /** Names of the identities, sorted. */
  identities: string[];
  /** What was left out, one sentence each. */
  problems: string[];
}

/** Options of {@linkcode listImageFolder}. */
export interface ListImageFolderOptions {
  /** Leave out identities without an image instead of refusing the folder. @default false */
  skipBad?: boolean;
}

/**
 * Lists the images of a folder that holds one folder per identity. Opens none of them.
 *
 * The order is that of UTF-16 code units, whatever the language of the machine or the order on disk. PNG, JPEG and WebP
 * files count, by extension; hidden files and those that systems leave behind are ignored; everything else is named in
 * `problems`. Links are followed, one level deep like all else.
 *
 * @param folder Path.
 * @param options What to do about empty identities.
 * @returns Images, identities and what was left out.
 * @throws {RangeError} If there is no such folder, it holds no folders, or one of these holds no image.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { listImageFolder } from "@outis/outis/data";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.mkdir(`${folder}/ada`);
 * await Deno.writeFile(`${folder}/ada/1.png`, new Uint8Array());
 * const { records } = await listImageFolder(folder);
 * assert(records[0].identity === "ada");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function listImageFolder(
  folder: string,
  options: ListImageFolderOptions = {},
): Promise<ImageListing> {
  const { skipBad = false } = options;
  const root = folder.replace(/(?<=.)\/+$/, "");
  const { files, folders, problems } = await listFolder(root);
  if (folders.length === 0) {
    refuse(
      root,
      "a folder with one folder per identity",
      "one without folders",
    );
  }
  for (const file of files) {
    problems.push(`${root}/${file} is left out: not in an identity's folder`);
  }
  const records: ImageRecord[] = [];
  const identities: string[] = [];
  for (const identity of folders) {
    const path = `${root}/${identity}`;
    const content = await listFolder(path);
    problems.push(...content.problems);
    for (const below of content.folders) {
      problems.push(
        `${path}/${below} is left out: a folder below an identity's`,
      );
    }
    const images = content.files.filter(isImageName);
    for (const other of content.files.filter((name) => !isImageName(name))) {
      problems.push(`${path}/${other} is left out: not PNG, JPEG or WebP`);
    }
    if (images.length > 0) {
      identities.push(identity);
      for (const name of images) {
        records.push({ path: `${path}/${name}`, identity });
      }
    } else if (skipBad) {
      problems.push(`${path} is left out: it holds no image`);
    } else {
      refuse(
        path,
        "a folder with at least one PNG, JPEG or WebP image",
        "one without",
      );
    }
  }
  return { records, identities, problems };
}

function refuse(path: string, rule: string, value: string): never {
  throw new RangeError(
    `Cannot list images as '${path}' must be ${rule}: current value is ${value}`,
  );
}

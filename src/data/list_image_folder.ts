/**
 * Names of the images in a folder of folders.
 *
 * @module
 */
import glob from "fast-glob";

/** One image file. */
export interface ImageRecord {
  /** Path of the file, starting with the folder that was listed. */
  path: string;
  /** Name of its identity. */
  identity: string;
}

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

const IMAGE_FILE = /\.(png|jpe?g|webp)$/i;

/**
 * Lists the images of a folder that holds one folder per identity. Opens none of them.
 *
 * The order is that of UTF-16 code units, whatever the language of the machine or the order on disk. PNG, JPEG and WebP
 * files count, by extension; hidden files are ignored; everything else is named in `problems`.
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
  await checkFolder(root);
  // Three levels are enough to tell what lies too deep.
  const files = await glob("**", { cwd: root, deep: 3, onlyFiles: true });
  const folders = await glob("*", { cwd: root, onlyDirectories: true });
  if (folders.length === 0) {
    refuse(
      root,
      "a folder with one folder per identity",
      "one without folders",
    );
  }
  const problems: string[] = [];
  const names = new Map(folders.sort().map((name) => [name, [] as string[]]));
  for (const file of files.sort()) {
    const [identity, name, ...deeper] = file.split("/");
    if (name === undefined || deeper.length > 0) {
      problems.push(`${root}/${file} is left out: not in an identity's folder`);
    } else if (!IMAGE_FILE.test(name)) {
      problems.push(`${root}/${file} is left out: not PNG, JPEG or WebP`);
    } else {
      names.get(identity)!.push(name);
    }
  }
  for (const [identity, images] of names) {
    if (images.length > 0) continue;
    if (!skipBad) {
      refuse(
        `${root}/${identity}`,
        "a folder with at least one PNG, JPEG or WebP image",
        "one without",
      );
    }
    problems.push(`${root}/${identity} is left out: it holds no image`);
    names.delete(identity);
  }
  const records = [...names].flatMap(([identity, images]) =>
    images.map((name) => ({ path: `${root}/${identity}/${name}`, identity }))
  );
  return { records, identities: [...names.keys()], problems };
}

async function checkFolder(folder: string): Promise<void> {
  const info = await Deno.stat(folder).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (!info?.isDirectory) {
    refuse(folder, "an existing folder", info ? "a file" : "not there");
  }
}

function refuse(path: string, rule: string, value: string): never {
  throw new RangeError(
    `Cannot list images as '${path}' must be ${rule}: current value is ${value}`,
  );
}

/**
 * What lies in one folder, sorted: the one place where readers of data sets look at the disk.
 *
 * @module
 */

/** Content of one folder. */
export interface FolderContent {
  /** Names of the files, links to files included, in the order of UTF-16 code units. */
  files: string[];
  /** Names of the folders, links to folders included, in the same order. */
  folders: string[];
  /** Links that lead nowhere and names that cannot be read, one sentence each. */
  problems: string[];
}

/** What systems leave in folders: no part of any data set. */
const SYSTEM = /^(\..*|Thumbs\.db|desktop\.ini|__MACOSX|@eaDir)$/i;

/** Names of image files. */
const IMAGE = /\.(png|jpe?g|webp)$/i;

/**
 * Tells whether a file is an image, by its name: PNG, JPEG or WebP.
 *
 * @param name Name of the file, with any case of its extension.
 * @returns Whether it is one.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { isImageName } from "./list_folder.ts";
 *
 * assert(isImageName("0001.JPG") && !isImageName("0001.txt"));
 * ```
 */
export function isImageName(name: string): boolean {
  return IMAGE.test(name);
}

/**
 * Lists one folder; hidden files and those that systems leave behind are passed over.
 *
 * Readers go down a known number of levels, so links that lead in a circle cannot hold them.
 *
 * @param folder Path.
 * @returns Names.
 * @throws {RangeError} If there is no such folder.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { listFolder } from "./list_folder.ts";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.mkdir(`${folder}/b`);
 * await Deno.writeTextFile(`${folder}/a.txt`, "");
 * const { files, folders } = await listFolder(folder);
 * assertEquals([files, folders], [["a.txt"], ["b"]]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function listFolder(folder: string): Promise<FolderContent> {
  const files: string[] = [];
  const folders: string[] = [];
  const problems: string[] = [];
  for (
    const { name, isFile, isDirectory, isSymlink } of await entries(folder)
  ) {
    if (SYSTEM.test(name)) continue;
    if (isSymlink || name.includes("\uFFFD")) {
      const info = await Deno.stat(`${folder}/${name}`).catch(() => undefined);
      if (info?.isFile) files.push(name);
      else if (info?.isDirectory) folders.push(name);
      else {
        problems.push(
          `${folder}/${name} is left out: ${
            isSymlink ? "a link that leads nowhere" : "its name is not UTF-8"
          }`,
        );
      }
    } else if (isFile) files.push(name);
    else if (isDirectory) folders.push(name);
    else {problems.push(
        `${folder}/${name} is left out: neither file nor folder`,
      );}
  }
  return {
    files: files.sort(),
    folders: folders.sort(),
    problems: problems.sort(),
  };
}

async function entries(folder: string) {
  try {
    // A folder that is none would be an empty one.
    for await (const _ of Deno.readDir(folder)) break;
  } catch (cause) {
    const value = cause instanceof Deno.errors.NotFound
      ? "not there"
      : cause instanceof Deno.errors.NotADirectory
      ? "a file"
      : cause instanceof Deno.errors.PermissionDenied
      ? "one that may not be read"
      : undefined;
    if (value === undefined) throw cause;
    throw new RangeError(
      `Cannot list images as '${folder}' must be an existing folder: current value is ${value}`,
      { cause },
    );
  }
  // Not before it is needed: its import asks how many processors there are, which takes a permission.
  const { default: glob } = await import("fast-glob");
  const found = await glob("*", {
    cwd: folder,
    objectMode: true,
    onlyFiles: false,
    followSymbolicLinks: false,
  });
  return found.map(({ name, dirent }) => ({
    name,
    isFile: dirent.isFile(),
    isDirectory: dirent.isDirectory(),
    isSymlink: dirent.isSymbolicLink(),
  }));
}

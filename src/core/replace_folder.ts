/**
 * Folders replaced by new versions of themselves: the old ones or the new ones, never a part.
 *
 * While it is made, the new version of `faces` lies in `faces.replacing/next`. The change is two renames: `faces` to
 * `faces.replacing/previous`, `next` to `faces`. A kill before leaves the old version, a kill between them is made good by
 * {@linkcode recoverFolder}.
 *
 * @module
 */
import { writeAtomic } from "./write_atomic.ts";

/** A new version under way. Dispose it (`await using`): what was not committed is thrown away. */
export interface FolderReplacement {
  /** The folder that is replaced. */
  readonly path: string;
  /** Where the new version is put together. */
  readonly next: string;
  /** Throws the new version away, unless it was committed. */
  [Symbol.asyncDispose](): Promise<void>;
}

const COMMIT = "commit.json";

/**
 * Begins a new version of a folder.
 *
 * @param path The folder.
 * @returns An empty folder for the new version, on the same disk.
 * @throws {RangeError} If there is no such folder.
 *
 * @example
 * ```ts
 * import { commitFolders, replaceFolder } from "@outis/outis/core";
 *
 * const path = `${await Deno.makeTempDir()}/faces`;
 * await Deno.mkdir(path);
 * await using faces = await replaceFolder(path);
 * await Deno.writeTextFile(`${faces.next}/note.txt`, "new");
 * await commitFolders([faces]);
 * console.log(await Deno.readTextFile(`${path}/note.txt`)); // new
 * await Deno.remove(path, { recursive: true });
 * ```
 */
export async function replaceFolder(path: string): Promise<FolderReplacement> {
  await recoverFolder(path);
  if (!await isFolder(path)) {
    throw new RangeError(
      `Cannot replace a folder as '${path}' must be one: current value is none`,
    );
  }
  // Absolute: what is recovered later may be recovered from elsewhere.
  const root = await Deno.realPath(path);
  const place = `${root}.replacing`;
  await Deno.mkdir(`${place}/next`, { recursive: true });
  return {
    path: root,
    next: `${place}/next`,
    async [Symbol.asyncDispose]() {
      // After a commit that failed half-way, only the next call may tidy up.
      if (!await isThere(`${place}/${COMMIT}`)) await remove(place);
    },
  };
}

/**
 * Puts new versions in the place of the old ones, all of them: interrupted, it is finished by {@linkcode recoverFolder}
 * of any.
 *
 * @param replacements New versions, whole.
 *
 * @example
 * ```ts
 * import { commitFolders } from "@outis/outis/core";
 *
 * await commitFolders([]); // nothing to do
 * ```
 */
export async function commitFolders(
  replacements: readonly FolderReplacement[],
): Promise<void> {
  const paths = replacements.map(({ path }) => path);
  for (const path of paths) {
    await writeAtomic(
      `${path}.replacing/${COMMIT}`,
      JSON.stringify({ paths }),
    );
  }
  await finish(paths);
}

/**
 * Finishes what an interruption left of a replacement, or throws away what was not whole.
 *
 * @param path The folder.
 * @returns Whether a replacement was finished.
 *
 * @example
 * ```ts
 * import { recoverFolder } from "@outis/outis/core";
 *
 * console.log(await recoverFolder("nothing/was/interrupted")); // false
 * ```
 */
export async function recoverFolder(path: string): Promise<boolean> {
  const root = await Deno.realPath(path)
    .catch(() => path.replace(/(?<=.)\/+$/, ""));
  const place = `${root}.replacing`;
  if (!await isFolder(place)) return false;
  let text: string;
  try {
    text = await Deno.readTextFile(`${place}/${COMMIT}`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    await remove(place);
    return false;
  }
  await finish(JSON.parse(text).paths);
  return true;
}

/** Every step may have been done before. */
async function finish(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const place = `${path}.replacing`;
    if (!await isThere(`${place}/next`)) continue;
    if (!await isThere(`${place}/previous`)) {
      await Deno.rename(path, `${place}/previous`);
    }
    await Deno.rename(`${place}/next`, path);
  }
  // Only when all are in place: until then, any of them can tell of the others.
  for (const path of paths) await remove(`${path}.replacing`);
}

async function isFolder(path: string): Promise<boolean> {
  return await Deno.stat(path).then(
    ({ isDirectory }) => isDirectory,
    () => false,
  );
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

async function remove(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

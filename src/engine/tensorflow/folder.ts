/**
 * Looking at folders that may not be there, or that this program may not
 * read: both are as good as empty.
 *
 * @module
 */

/**
 * Tells what lies at a path.
 *
 * @param path Any path.
 * @returns "file" or "folder", links followed; undefined if there is nothing
 * or it cannot be looked at.
 *
 * @example
 * ```ts
 * import { kindOf } from "./folder.ts";
 *
 * kindOf("/no/such/path"); // undefined
 * ```
 */
export function kindOf(path: string): "file" | "folder" | undefined {
  try {
    return Deno.statSync(path).isDirectory ? "folder" : "file";
  } catch {
    return undefined;
  }
}

/**
 * Lists the names in a folder.
 *
 * @param folder Any path.
 * @returns Names, in no particular order; none if there is no such folder.
 *
 * @example
 * ```ts
 * import { namesIn } from "./folder.ts";
 *
 * namesIn("/no/such/path"); // []
 * ```
 */
export function namesIn(folder: string): string[] {
  try {
    return Array.from(Deno.readDirSync(folder), (entry) => entry.name);
  } catch {
    return [];
  }
}

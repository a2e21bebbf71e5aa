/**
 * Whether a file is there.
 *
 * @module
 */

/**
 * Whether something is at a path that can be looked at.
 *
 * @param path A file or a folder.
 * @returns False, too, where it cannot be looked at.
 *
 * @example
 * ```ts
 * import { isThere } from "./is_there.ts";
 *
 * console.log(await isThere("/no/such/file")); // false
 * ```
 */
export async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}

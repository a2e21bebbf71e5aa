/**
 * Whether a file is there.
 *
 * @module
 */

/**
 * Whether a path leads to something.
 *
 * @param path A file or a folder.
 * @returns False where nothing is, or where a folder on the way is a file.
 * @throws {Deno.errors.PermissionDenied} If it cannot be looked at: that is not to say that nothing is there.
 *
 * @example
 * ```ts
 * import { isThere } from "@outis/outis/core";
 *
 * console.log(await isThere("/no/such/file")); // false
 * ```
 */
export async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    const { NotFound, NotADirectory } = Deno.errors;
    if (error instanceof NotFound || error instanceof NotADirectory) {
      return false;
    }
    throw error;
  }
}

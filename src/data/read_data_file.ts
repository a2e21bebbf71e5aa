/**
 * Reads a file of a data set.
 *
 * @param act What the caller is about to do, for the error.
 * @param path File.
 * @returns Its content.
 * @throws {RangeError} If it is not there, a folder, or not to be read.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { readDataFile } from "./read_data_file.ts";
 *
 * await assertRejects(() => readDataFile("read pairs", "nowhere"), RangeError);
 * ```
 */
export async function readDataFile(
  act: string,
  path: string,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (cause) {
    throw refusedFile(act, path, cause);
  }
}

/**
 * The error for a file that cannot be opened.
 *
 * @param act What the caller is about to do.
 * @param path File.
 * @param cause What the system said.
 * @returns A RangeError where the user can mend it; else the cause itself.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { refusedFile } from "./read_data_file.ts";
 *
 * const cause = new Deno.errors.NotFound();
 * assert(refusedFile("read pairs", "a.txt", cause) instanceof RangeError);
 * ```
 */
export function refusedFile(
  act: string,
  path: string,
  cause: unknown,
): unknown {
  const value = cause instanceof Deno.errors.NotFound
    ? "not there"
    : cause instanceof Deno.errors.IsADirectory
    ? "a folder"
    : cause instanceof Deno.errors.PermissionDenied
    ? "one that may not be read"
    : undefined;
  return value === undefined ? cause : new RangeError(
    `Cannot ${act} as '${path}' must be an existing file: current value is ${value}`,
    { cause },
  );
}

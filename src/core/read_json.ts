/**
 * JSON that may not have been written yet.
 *
 * @module
 */

/**
 * Reads a file of JSON, where it is there: what an earlier session of a run has left.
 *
 * @param path The file.
 * @returns Its content, taken to be what the caller says it is; undefined where there is no file.
 * @throws {SyntaxError} If it cannot be parsed: the file is named.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readJsonIfThere } from "@outis/outis/core";
 *
 * assertEquals(await readJsonIfThere("/no/such/file.json"), undefined);
 * ```
 */
export async function readJsonIfThere<T>(path: string): Promise<T | undefined> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(
      `Cannot read '${path}' as it must be JSON: current value is ${
        text.slice(0, 40)
      }`,
      { cause },
    );
  }
}

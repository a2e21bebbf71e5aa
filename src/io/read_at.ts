/**
 * Reads bytes at a place of an open file.
 *
 * @param file Open for reading; its position is moved.
 * @param offset First byte.
 * @param length How many.
 * @returns The bytes; fewer where the file ends before, without room for those that are not there.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readAt } from "./read_at.ts";
 *
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, "outis");
 * using file = await Deno.open(path);
 * assertEquals(new TextDecoder().decode(readAt(file, 3, 99)), "is");
 * await Deno.remove(path);
 * ```
 */
export function readAt(
  file: Deno.FsFile,
  offset: number,
  length: number,
): Uint8Array<ArrayBuffer> {
  // A damaged length must not ask for more memory than the file can fill.
  const left = length > MANY
    ? Math.max(0, file.statSync().size - offset)
    : length;
  const bytes = new Uint8Array(Math.min(length, left));
  file.seekSync(offset, Deno.SeekMode.Start);
  let at = 0;
  while (at < bytes.length) {
    const count = file.readSync(bytes.subarray(at));
    if (count === null) return bytes.slice(0, at);
    at += count;
  }
  return bytes;
}

/** Bytes above which the size of the file is looked up first. */
const MANY = 1 << 20;

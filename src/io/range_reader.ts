/** Most bytes that {@linkcode RangeReader.borrow} gives at a time. */
export const CHUNK_BYTES: number = 4 << 20;

/** An open file of which ranges are read, all of their bytes or none. */
export interface RangeReader extends Disposable {
  /** Name of the file, for errors. */
  path: string;
  /** Its length in bytes when it was opened. */
  fileBytes: number;
  /**
   * Reads bytes into a buffer of their own.
   *
   * @throws {SyntaxError} If the file ends before.
   */
  bytes(offset: number, length: number): Uint8Array<ArrayBuffer>;
  /**
   * Reads up to {@linkcode CHUNK_BYTES} bytes, at the start of a buffer that the next call overwrites: what is read in
   * many pieces would otherwise wait in memory for its collection.
   *
   * @throws {SyntaxError} If the file ends before.
   */
  borrow(offset: number, length: number): Uint8Array<ArrayBuffer>;
  /** Lets other work, such as an interruption, have its turn; reads themselves are never interleaved. */
  turn(): Promise<void>;
}

/**
 * Opens a file to read ranges of it.
 *
 * @param path File.
 * @returns What reads it; closed when it is disposed of.
 * @throws {Deno.errors.NotFound} If there is no such file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openRanges } from "./range_reader.ts";
 *
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, "outis");
 * using reader = await openRanges(path);
 * assertEquals(new TextDecoder().decode(reader.bytes(3, 2)), "is");
 * await Deno.remove(path);
 * ```
 */
export async function openRanges(path: string): Promise<RangeReader> {
  const file = await Deno.open(path);
  let shared = new Uint8Array();
  const fill = (bytes: Uint8Array<ArrayBuffer>, offset: number) => {
    file.seekSync(offset, Deno.SeekMode.Start);
    for (let at = 0; at < bytes.length;) {
      const count = file.readSync(bytes.subarray(at));
      if (count === null) throw cut(offset, bytes.length, offset + at);
      at += count;
    }
    return bytes;
  };
  const cut = (offset: number, length: number, end: number) =>
    new SyntaxError(
      `Cannot read weights as '${path}' must be complete and left alone while it is read, with ${length} bytes from byte ${offset}: current value is ${end} bytes`,
    );
  // A damaged length must not ask for more memory than the file can fill.
  const check = (offset: number, length: number) => {
    const { size } = file.statSync();
    if (offset + length > size) throw cut(offset, length, size);
  };
  try {
    const { size: fileBytes } = await file.stat();
    return {
      path,
      fileBytes,
      bytes(offset, length) {
        check(offset, length);
        return fill(new Uint8Array(length), offset);
      },
      borrow(offset, length) {
        check(offset, length);
        if (shared.length < length) shared = new Uint8Array(length);
        return fill(shared.subarray(0, length), offset);
      },
      async turn() {
        await file.stat();
      },
      [Symbol.dispose]: () => file.close(),
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

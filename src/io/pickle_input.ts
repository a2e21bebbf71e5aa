/**
 * The bytes of a pickle, taken one piece after another, from memory or from a file.
 *
 * @module
 */
import { latin1 } from "./pickle_literals.ts";
import type { RangeReader } from "./range_reader.ts";

/**
 * The error for a pickle that is not read.
 *
 * @param source Name of the pickle.
 * @param rule What it must be.
 * @param value What it is.
 * @returns The error, to be thrown.
 *
 * @example
 * ```ts
 * import { unpicklable } from "./pickle_input.ts";
 *
 * unpicklable("a.pkl", "complete", "10 bytes").message;
 * // Cannot unpickle as 'a.pkl' must be complete: current value is 10 bytes
 * ```
 */
export function unpicklable(
  source: string,
  rule: string,
  value: string,
): SyntaxError {
  return new SyntaxError(
    `Cannot unpickle as '${source}' must be ${rule}: current value is ${value}`,
  );
}

/** Reads forward through the bytes of a pickle; lengths are checked before anything of that length is made. */
export interface PickleInput {
  /** The next bytes, as a view into the pickle. */
  take(length: number): Uint8Array;
  /** The next bytes as an unsigned integer, little endian. */
  unsigned(byteLength: 1 | 2 | 4 | 8): number;
  /** The next four bytes as a signed integer, little endian. */
  signed(): number;
  /** The next eight bytes as a float, big endian. */
  float(): number;
  /** The bytes up to the next line end, as Latin-1 text, without it. */
  line(): string;
  /** Passes over bytes. */
  skip(length: number): void;
  /** How many bytes have been taken or passed over. */
  position(): number;
}

/**
 * Starts to read a pickle that is in memory.
 *
 * @param bytes The pickle. Borrowed.
 * @param source Its name, for errors.
 * @returns What reads it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { pickleInput } from "./pickle_input.ts";
 *
 * const input = pickleInput(new Uint8Array([2, 1, 0x61, 0x0a]), "bytes");
 * assertEquals([input.unsigned(2), input.line()], [258, "a"]);
 * ```
 */
export function pickleInput(bytes: Uint8Array, source: string): PickleInput {
  return inputOf(bytes.length, source, (from) => bytes.subarray(from));
}

/** Bytes of a file that are read at a time, at least. */
const WINDOW = 1 << 16;
/** Most bytes of one value in a file: weights lie behind their pickle, not in it. */
const LONGEST_VALUE = 1 << 28;

/**
 * Starts to read a pickle that lies in a file, in pieces of 64 kB.
 *
 * @param reader Reads the file. Borrowed.
 * @param range The first byte of the pickle, and the byte behind the last it may have.
 * @returns What reads it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { pickleFileInput } from "./pickle_input.ts";
 * import { openRanges } from "./range_reader.ts";
 *
 * const path = await Deno.makeTempFile();
 * await Deno.writeFile(path, new Uint8Array([9, 2, 1]));
 * using reader = await openRanges(path);
 * assertEquals(pickleFileInput(reader, [1, 3]).unsigned(2), 258);
 * await Deno.remove(path);
 * ```
 */
export function pickleFileInput(
  reader: RangeReader,
  range: readonly [number, number],
): PickleInput {
  const [start, end] = range;
  return inputOf(end - start, reader.path, (from, length) => {
    if (length > LONGEST_VALUE) {
      throw unpicklable(
        reader.path,
        `of values of at most ${LONGEST_VALUE} bytes`,
        `${length} bytes`,
      );
    }
    const wanted = Math.min(Math.max(length, WINDOW), end - start - from);
    return reader.bytes(start + from, wanted);
  });
}

/** Reads what `fetch` gives: at least as many bytes from a place as are asked for. */
function inputOf(
  size: number,
  source: string,
  fetch: (from: number, length: number) => Uint8Array,
): PickleInput {
  let at = 0;
  let base = 0;
  let bytes: Uint8Array = new Uint8Array();
  let view = new DataView(bytes.buffer);
  const load = (length: number) => {
    if (at + length <= base + bytes.length) return;
    bytes = fetch(at, length);
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    base = at;
  };
  const checkLeft = (length: number) => {
    if (length <= size - at) return;
    throw unpicklable(
      source,
      `complete, with ${length} bytes from byte ${at}`,
      `${size - at} bytes`,
    );
  };
  /** Goes on, and tells where in the loaded bytes that was. */
  const step = (length: number): number => {
    checkLeft(length);
    load(length);
    at += length;
    return at - length - base;
  };
  return {
    take(length) {
      const start = step(length);
      return bytes.subarray(start, start + length);
    },
    unsigned(byteLength) {
      const start = step(byteLength);
      if (byteLength === 1) return view.getUint8(start);
      if (byteLength === 2) return view.getUint16(start, true);
      if (byteLength === 4) return view.getUint32(start, true);
      return Number(view.getBigUint64(start, true));
    },
    signed() {
      const start = step(4);
      return view.getInt32(start, true);
    },
    float() {
      const start = step(8);
      return view.getFloat64(start);
    },
    line() {
      let end = bytes.indexOf(10, at - base);
      for (let length = WINDOW; end < 0; length *= 2) {
        load(Math.min(length, size - at));
        end = bytes.indexOf(10, at - base);
        if (end < 0 && length >= size - at) {
          throw unpicklable(source, "complete", "a line without end");
        }
      }
      const start = step(base + end + 1 - at);
      return latin1(bytes.subarray(start, end));
    },
    skip(length) {
      checkLeft(length);
      at += length;
    },
    position: () => at,
  };
}

/**
 * RecordIO, the container of Apache MXNet: records one after the other, and an index of where each starts.
 *
 * A record is the magic number, a word with a flag (upper 3 bits) and a length (lower 29), the content, and zeros up to
 * a multiple of four bytes. Content that holds the magic number at such a multiple is cut there into parts with flags
 * 1 (first), 2 (middle) and 3 (last); readers put the number back. All numbers are little endian.
 *
 * @module
 */
import { readAt } from "./read_at.ts";

/** Number at the start of every part of a record. */
export const RECORD_MAGIC = 0xced7230a;

/** Most bytes of one part: its length has 29 bits. */
const LONGEST_PART = 2 ** 29 - 1;

/** Where a record starts. */
export interface RecordEntry {
  /** Number of the record, as the index calls it. */
  key: number;
  /** First byte of the record in the file. */
  offset: number;
}

/** Bytes of one record. */
export interface RawRecord {
  /** Content, or its beginning where not all was asked for. */
  content: Uint8Array<ArrayBuffer>;
  /** The byte after the record: where the next one starts. */
  end: number;
}

/**
 * Reads the record at a place of an open file.
 *
 * @param file Open for reading; its position is moved.
 * @param offset First byte of the record.
 * @param most Bytes of the content to read; the rest is passed over. @default all
 * @returns Content, and where the next record starts.
 * @throws {SyntaxError} If there is no whole record at this place.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodeRecord, readRecord } from "@outis/outis/io";
 *
 * const path = await Deno.makeTempFile();
 * await Deno.writeFile(path, encodeRecord(new Uint8Array([1, 2, 3])));
 * using file = await Deno.open(path);
 * const { content, end } = readRecord(file, 0);
 * assertEquals([[...content], end], [[1, 2, 3], 12]);
 * await Deno.remove(path);
 * ```
 */
export function readRecord(
  file: Deno.FsFile,
  offset: number,
  most = Infinity,
): RawRecord {
  const parts: Uint8Array[] = [];
  let at = offset;
  let length = 0;
  const take = (bytes: Uint8Array) => {
    parts.push(bytes);
    length += bytes.length;
  };
  for (let first = true;; first = false) {
    const header = readAt(file, at, 8);
    if (header.length < 8) throw malformed(offset, "complete", "cut short");
    const view = new DataView(header.buffer);
    if (view.getUint32(0, true) !== RECORD_MAGIC) {
      const found = view.getUint32(0, true).toString(16);
      throw malformed(at, "begun by the magic number ced7230a", found);
    }
    const word = view.getUint32(4, true);
    const flag = word >>> 29;
    const size = word & LONGEST_PART;
    if (first ? flag > 1 : flag < 2 || flag > 3) {
      const rule = first ? "0 or 1 in its first part" : "2 or 3 behind it";
      throw malformed(at, `with a flag of ${rule}`, `${flag}`);
    }
    if (!first) take(header.slice(0, Math.min(4, most - length)));
    const wanted = Math.max(0, Math.min(size, most - length));
    const content = readAt(file, at + 8, wanted);
    if (content.length < wanted) {
      throw malformed(offset, `complete, with ${size} bytes`, "cut short");
    }
    take(content);
    at += 8 + Math.ceil(size / 4) * 4;
    if (flag === 0 || flag === 3) break;
  }
  return { content: join(parts, length), end: at };
}

/**
 * Writes one record.
 *
 * @param content Any bytes.
 * @returns The record, in as many parts as the content needs, a multiple of four bytes long.
 * @throws {RangeError} If a part would be longer than 2^29 - 1 bytes.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { encodeRecord } from "@outis/outis/io";
 *
 * assert(encodeRecord(new Uint8Array(5)).length === 16);
 * ```
 */
export function encodeRecord(content: Uint8Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const bounds = [0];
  for (let i = 0; i + 4 <= content.length; i += 4) {
    if (view.getUint32(i, true) === RECORD_MAGIC) bounds.push(i);
  }
  const last = bounds.length - 1;
  const parts = bounds.map((from, i) => {
    // The magic number itself is left out: the next header stands for it.
    const part = content.subarray(i > 0 ? from + 4 : from, bounds[i + 1]);
    if (part.length > LONGEST_PART) {
      throw new RangeError(
        `Cannot write a record as 'content' must be at most ${LONGEST_PART} bytes long: current value is ${part.length} bytes`,
      );
    }
    const flag = last === 0 ? 0 : i === 0 ? 1 : i === last ? 3 : 2;
    const bytes = new Uint8Array(8 + Math.ceil(part.length / 4) * 4);
    const header = new DataView(bytes.buffer);
    header.setUint32(0, RECORD_MAGIC, true);
    header.setUint32(4, (flag << 29 | part.length) >>> 0, true);
    bytes.set(part, 8);
    return bytes;
  });
  return join(parts, parts.reduce((sum, { length }) => sum + length, 0));
}

/**
 * Parses the text of an index file: a line of number and offset, apart by a tab, for each record.
 *
 * @param text Content of the `.idx` file.
 * @param source Name of the file, for errors.
 * @returns Entries in ascending order of their numbers.
 * @throws {SyntaxError} If a line is no such pair, or a number comes twice.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseRecordIndex } from "@outis/outis/io";
 *
 * const [, second] = parseRecordIndex("0\t0\n1\t48\n", "train.idx");
 * assertEquals(second, { key: 1, offset: 48 });
 * ```
 */
export function parseRecordIndex(text: string, source: string): RecordEntry[] {
  const entries: RecordEntry[] = [];
  const seen = new Set<number>();
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line === "") continue;
    const match = /^(\d{1,15})\t(\d{1,15})$/.exec(line);
    const key = Number(match?.[1]);
    if (match === null || seen.has(key)) {
      const rule = match ? "a number that came before" : "of another kind";
      throw new SyntaxError(
        `Cannot read records as line ${
          i + 1
        } of '${source}' must be a new number and an offset: current value is ${rule}, ${
          JSON.stringify(line.slice(0, 60))
        }`,
      );
    }
    seen.add(key);
    entries.push({ key, offset: Number(match[2]) });
  }
  return entries.sort((a, b) => a.key - b.key);
}

function join(parts: Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function malformed(offset: number, rule: string, value: string): SyntaxError {
  return new SyntaxError(
    `Cannot read records as the one at byte ${offset} must be ${rule}: current value is ${value}`,
  );
}

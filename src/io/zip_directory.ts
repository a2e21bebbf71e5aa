/**
 * The directory of a zip archive: where each record lies. Zip and zip64.
 *
 * PyTorch's checkpoints are such archives. Only the directory at the end is read, and a few bytes before each record.
 *
 * @module
 */
import { printable } from "./pickle_objects.ts";
import type { RangeReader } from "./range_reader.ts";

/** A record of an archive. */
export interface ZipRecord {
  /** Its first byte in the file. */
  offset: number;
  /** Its length in bytes. */
  size: number;
  /** CRC-32 of its bytes, as the directory has it. */
  checksum: number;
  /** Whether its bytes are there as they are, neither compressed nor encrypted. */
  isStored: boolean;
}

const END = { signature: 0x06054b50, length: 22 };
const END64 = { signature: 0x06064b50, length: 56 };
const LOCATOR64 = { signature: 0x07064b50, length: 20 };
const ENTRY = { signature: 0x02014b50, length: 46 };
const LOCAL = { signature: 0x04034b50, length: 30 };
/** Longest comment behind the end. */
const LONGEST_COMMENT = 0xffff;
/** Stands for a number that is in the zip64 field. */
const ELSEWHERE = 0xffffffff;
const ZIP64_FIELD = 1;
/** Longest directory, in bytes: a million records. */
const LONGEST_DIRECTORY = 100_000_000;

/**
 * Reads the directory of an archive.
 *
 * @param reader Reads the archive. Borrowed.
 * @returns Records by name, in the order of the directory.
 * @throws {SyntaxError} If it is no archive, is cut or contradicts itself, or holds records that overlap or
 *   have one name.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { openRanges } from "./range_reader.ts";
 * import { readZipDirectory } from "./zip_directory.ts";
 *
 * const path = await Deno.makeTempFile();
 * using reader = await openRanges(path);
 * assertThrows(() => readZipDirectory(reader), SyntaxError);
 * await Deno.remove(path);
 * ```
 */
export function readZipDirectory(
  reader: RangeReader,
): Map<string, ZipRecord> {
  const { path, fileBytes } = reader;
  const refuse = (rule: string, value: string) =>
    new SyntaxError(
      `Cannot read the zip archive as '${path}' must be ${
        printable(rule)
      }: current value is ${printable(value)}`,
    );
  const read = (offset: number, length: number) =>
    new DataView(reader.bytes(offset, length).buffer);
  const { entries, start, end } = findDirectory(read, fileBytes, refuse);
  if (start > end || end > fileBytes || end - start > LONGEST_DIRECTORY) {
    throw refuse(
      `one whose directory lies within its ${fileBytes} bytes`,
      `bytes ${start} to ${end}`,
    );
  }
  const directory = read(start, end - start);
  const records = new Map<string, ZipRecord>();
  const spans: { name: string; from: number; to: number }[] = [];
  let at = 0;
  for (let i = 0; i < entries; i++) {
    const entry = parseEntry(directory, at);
    if (entry === undefined) {
      throw refuse(`one with ${entries} records in its directory`, `${i}`);
    }
    at += entry.length;
    const { name, size, compressedSize, checksum, isStored } = entry;
    if (records.has(name)) throw refuse("without repeated names", name);
    const headBytes = LOCAL.length + entry.nameBytes.length;
    if (entry.offset + headBytes > start) {
      throw refuse("whole", `${name} at byte ${entry.offset}`);
    }
    const head = read(entry.offset, headBytes);
    // Each record is named twice, so that damage of a name does not hide it.
    const isSame = head.getUint32(0, true) === LOCAL.signature &&
      entry.nameBytes.every((byte, j) =>
        head.getUint8(LOCAL.length + j) === byte
      );
    if (!isSame) {
      throw refuse(
        "one whose records are where its directory says",
        `something else at byte ${entry.offset}, for ${name}`,
      );
    }
    const offset = entry.offset + LOCAL.length + head.getUint16(26, true) +
      head.getUint16(28, true);
    if (offset + compressedSize > start) {
      throw refuse(
        "one whose records end before its directory",
        `${name} of ${compressedSize} bytes at byte ${offset}`,
      );
    }
    records.set(name, { offset, size, checksum, isStored });
    spans.push({ name, from: entry.offset, to: offset + compressedSize });
  }
  if (at !== end - start) {
    throw refuse(`one with ${entries} records in its directory`, "more");
  }
  spans.sort((a, b) => a.from - b.from);
  const overlap = spans.findIndex(({ from }, i) =>
    i > 0 && from < spans[i - 1].to
  );
  if (overlap > 0) {
    throw refuse("without overlapping records", spans[overlap].name);
  }
  return records;
}

type Refuse = (rule: string, value: string) => SyntaxError;
type Read = (offset: number, length: number) => DataView<ArrayBuffer>;

/** How many records the directory has, its first byte and the one behind it. */
interface Directory {
  entries: number;
  start: number;
  end: number;
}

function findDirectory(
  read: Read,
  fileBytes: number,
  refuse: Refuse,
): Directory {
  const length = Math.min(fileBytes, END.length + LONGEST_COMMENT);
  const tail = read(fileBytes - length, length);
  let at = length - END.length;
  // The end is where its comment ends with the file.
  while (
    at >= 0 &&
    !(tail.getUint32(at, true) === END.signature &&
      at + END.length + tail.getUint16(at + 20, true) === length)
  ) at--;
  if (at < 0) {
    throw refuse("complete", "a file that does not end as an archive does");
  }
  const endOffset = fileBytes - length + at;
  const entries = tail.getUint16(at + 10, true);
  const size = tail.getUint32(at + 12, true);
  const start = tail.getUint32(at + 16, true);
  const locatorAt = endOffset - LOCATOR64.length;
  if (locatorAt >= 0) {
    const locator = read(locatorAt, LOCATOR64.length);
    if (locator.getUint32(0, true) === LOCATOR64.signature) {
      const offset = Number(locator.getBigUint64(8, true));
      return findDirectory64(read, offset, locatorAt, refuse);
    }
  }
  return { entries, start, end: start + size };
}

function findDirectory64(
  read: Read,
  offset: number,
  locatorAt: number,
  refuse: Refuse,
): Directory {
  if (offset + END64.length > locatorAt) {
    throw refuse("one whose zip64 end is within it", `byte ${offset}`);
  }
  const end = read(offset, END64.length);
  if (end.getUint32(0, true) !== END64.signature) {
    throw refuse("one with a zip64 end", `something else at byte ${offset}`);
  }
  const [entries, size, start] = [32, 40, 48].map((field) =>
    Number(end.getBigUint64(field, true))
  );
  return { entries, start, end: start + size };
}

/** An entry of the directory, and its own length in it. */
interface Entry extends ZipRecord {
  name: string;
  nameBytes: Uint8Array;
  compressedSize: number;
  length: number;
}

function parseEntry(
  directory: DataView<ArrayBuffer>,
  at: number,
): Entry | undefined {
  const left = directory.byteLength - at;
  if (
    left < ENTRY.length || directory.getUint32(at, true) !== ENTRY.signature
  ) {
    return undefined;
  }
  const nameLength = directory.getUint16(at + 28, true);
  const fieldsLength = directory.getUint16(at + 30, true);
  const length = ENTRY.length + nameLength + fieldsLength +
    directory.getUint16(at + 32, true);
  if (length > left) return undefined;
  const nameAt = at + ENTRY.length;
  const wide = zip64Numbers(directory, nameAt + nameLength, fieldsLength);
  // Only the numbers that do not fit are in the field, in this order.
  const [size, compressedSize, offset] = [24, 20, 42].map((field) => {
    const value = directory.getUint32(at + field, true);
    return value === ELSEWHERE ? wide.shift() : value;
  });
  if (
    size === undefined || compressedSize === undefined || offset === undefined
  ) return undefined;
  const nameBytes = new Uint8Array(directory.buffer, nameAt, nameLength);
  return {
    name: new TextDecoder().decode(nameBytes),
    nameBytes,
    size,
    compressedSize,
    offset,
    checksum: directory.getUint32(at + 16, true),
    isStored: directory.getUint16(at + 10, true) === 0 &&
      (directory.getUint16(at + 8, true) & 1) === 0 && size === compressedSize,
    length,
  };
}

function zip64Numbers(
  directory: DataView,
  from: number,
  length: number,
): number[] {
  for (let at = from; at + 4 <= from + length;) {
    const size = directory.getUint16(at + 2, true);
    const end = at + 4 + size;
    if (directory.getUint16(at, true) === ZIP64_FIELD && end <= from + length) {
      const numbers: number[] = [];
      for (let i = at + 4; i + 8 <= end; i += 8) {
        numbers.push(Number(directory.getBigUint64(i, true)));
      }
      return numbers;
    }
    at = end;
  }
  return [];
}

/**
 * Images in MXNet's RecordIO, as insightface ships face data sets: `train.rec`, `train.idx`, `train.lst`.
 *
 * @module
 */
import {
  type LabelledRecord,
  parseLabelledRecord,
  parseRecordIndex,
  readRecord,
  type RecordEntry,
} from "../io/mod.ts";
import type { Dataset, ImageRecord } from "./image_record.ts";
import { refusedFile } from "./read_data_file.ts";
import { listedLabels } from "./record_list.ts";

/** Options of {@linkcode readRecordFile}, and of all readers that open containers. */
export interface ReadContainerOptions {
  /** Called now and then. */
  onProgress?: (done: number, total: number) => void;
  /** Stops reading. */
  signal?: AbortSignal;
}

/** Enough for a header with ten labels. */
const HEAD_BYTES = 64;
/** Up to here float32 holds every whole number. */
const LARGEST = 2 ** 24;
/** Records between two looks at the signal. */
const STRIDE = 4096;

/**
 * Lists the images of a RecordIO file: of each record only the header is read, images stay where they are.
 *
 * The index beside it (`.idx`) tells where records start; without one the file is walked through. Where record 0 holds
 * labels and no image, as in insightface's face data sets, they are the first and the last-plus-one of the records that
 * describe identities, and images are those from 1 to before the first. The label of an image, or the first of several,
 * must be a whole number; as an identity it is written with seven digits. A list beside it (`.lst`) and the number of
 * classes in `property` are compared with what the records say.
 *
 * @param path File that ends in `.rec`.
 * @param options Progress and signal.
 * @returns Images in the order of their numbers, `index` the number, `path` as in `train.rec#12`.
 * @throws {RangeError} If there is no such file.
 * @throws {SyntaxError} If the index is malformed, or no record is a labelled image.
 * @throws {DOMException} `AbortError`, if the signal stops it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodeLabelledRecord, encodeRecord } from "@outis/outis/io";
 * import { readRecordFile } from "@outis/outis/data";
 *
 * const path = `${await Deno.makeTempDir()}/train.rec`;
 * const image = encodeLabelledRecord([7], 0, new Uint8Array([1, 2, 3]));
 * await Deno.writeFile(path, encodeRecord(image));
 * const { records } = await readRecordFile(path);
 * assertEquals([records[0].identity, records[0].index], ["0000007", 0]);
 * await Deno.remove(path);
 * ```
 */
export async function readRecordFile(
  path: string,
  options: ReadContainerOptions = {},
): Promise<Dataset> {
  const { onProgress, signal } = options;
  const problems: string[] = [];
  const stem = path.replace(/\.rec$/i, "");
  const index = await readTextIfThere(`${stem}.idx`);
  const list = await readTextIfThere(`${stem}.lst`);
  const property = await readTextIfThere(
    `${path.slice(0, path.lastIndexOf("/") + 1)}property`,
  );
  const classes = Number(/^\s*(\d+)/.exec(property ?? "")?.[1] ?? Infinity);
  using file = await open(path);
  const { size } = await file.stat();
  const entries = index === undefined
    ? walk(file, size, path, problems)
    : parseRecordIndex(index, `${stem}.idx`);
  const listed = list === undefined
    ? undefined
    : listedLabels(list, `${stem}.lst`, problems);

  const records: ImageRecord[] = [];
  let end = Infinity;
  for (const [i, { key, offset }] of entries.entries()) {
    if (i % STRIDE === 0) {
      await new Promise((resolve) => setTimeout(resolve)); // lets an interruption in
      signal?.throwIfAborted();
      onProgress?.(i, entries.length);
    }
    if (key >= end) break;
    let record: LabelledRecord;
    try {
      record = readHead(file, offset);
    } catch (error) {
      problems.push(`${path}#${key} is left out: ${(error as Error).message}`);
      continue;
    }
    const { label, content } = record;
    if (key === 0 && label.length > 1 && content.length === 0) {
      end = label[0];
      continue;
    }
    const problem = content.length === 0
      ? "it holds no image"
      : !(Number.isInteger(label[0]) && label[0] >= 0 && label[0] <= LARGEST)
      ? `its label ${label[0]} is no whole number from 0 to ${LARGEST}`
      : label[0] >= classes
      ? `its label ${
        label[0]
      } is none of the ${classes} of ${stem}'s property file`
      : undefined;
    if (problem !== undefined) {
      problems.push(`${path}#${key} is left out: ${problem}`);
      continue;
    }
    const said = listed?.get(key);
    if (listed !== undefined && said !== label[0]) {
      problems.push(
        `${path}#${key} has label ${label[0]}, but ${
          said ?? "none"
        } in ${stem}.lst`,
      );
    }
    records.push({
      path: `${path}#${key}`,
      identity: String(label[0]).padStart(7, "0"),
      index: key,
      bytes: () => readImage(path, offset),
    });
  }
  onProgress?.(entries.length, entries.length);
  if (records.length === 0) {
    throw new SyntaxError(
      `Cannot read records as '${path}' must hold labelled images: current value is one with none (${
        problems[0] ?? "it is empty"
      })`,
    );
  }
  return {
    layout: "casia",
    protocol: "RecordIO: identities are the labels of the records.",
    records,
    problems,
  };
}

function readHead(file: Deno.FsFile, offset: number): LabelledRecord {
  const { content } = readRecord(file, offset, HEAD_BYTES);
  try {
    return parseLabelledRecord(content);
  } catch (error) {
    if (content.length < HEAD_BYTES) throw error;
    // Many labels: all of it, then.
    return parseLabelledRecord(readRecord(file, offset).content);
  }
}

// Opens the file each time: no handle to forget, and any number of readers at once.
async function readImage(path: string, offset: number): Promise<Uint8Array> {
  using file = await open(path);
  return parseLabelledRecord(readRecord(file, offset).content).content;
}

function walk(
  file: Deno.FsFile,
  size: number,
  path: string,
  problems: string[],
): RecordEntry[] {
  const entries: RecordEntry[] = [];
  for (let offset = 0; offset < size;) {
    entries.push({ key: entries.length, offset });
    try {
      offset = readRecord(file, offset, 0).end;
    } catch (error) {
      entries.pop();
      problems.push(
        `${path} is left out from there on: ${(error as Error).message}`,
      );
      break;
    }
  }
  return entries;
}

async function readTextIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw refusedFile("read records", path, cause);
  }
}

async function open(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path);
  } catch (cause) {
    throw refusedFile("read records", path, cause);
  }
}

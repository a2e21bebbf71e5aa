/**
 * Tensors of a checkpoint, checked against the bytes there are, and read from them.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { printable } from "./pickle_objects.ts";
import { CHUNK_BYTES, type RangeReader } from "./range_reader.ts";
import { DTYPE_BYTES } from "./safetensors_format.ts";
import {
  isContiguous,
  readStrided,
  type StridedLayout,
} from "./strided_values.ts";
import { isPlain } from "./tensor_values.ts";
import type { TorchStorage, TorchTensor } from "./torch_objects.ts";
import type { WeightsContent } from "./weights_file.ts";

/** Bytes of a storage in the file. */
export interface StoragePlace {
  /** First byte. */
  offset: number;
  /** How many. */
  size: number;
  /** Their CRC-32, where the file has one. */
  checksum?: number;
}

/** What a checkpoint holds, and where the values are. */
export interface TorchContent {
  /** The object that was saved. */
  value: unknown;
  /** Where the bytes of a storage are; undefined if they are not there. */
  locate: (storage: TorchStorage) => StoragePlace | undefined;
  /** Whether elements are stored with their highest byte first. */
  isBigEndian: boolean;
}

/** The file that tensors are read from. */
export interface TensorSource extends Omit<TorchContent, "value"> {
  /** Reads it. Borrowed. */
  reader: RangeReader;
}

/** Most axes of a tensor in PyTorch. */
const MOST_AXES = 64;
/** Bytes that tensors may have beyond a multiple of the file's, by repeating values. */
const SMALL = 1 << 28;

/**
 * Checks tensors and makes them readable.
 *
 * @param named Tensors by name.
 * @param source Where their values are.
 * @returns What can be read, and the names of what cannot because of its element type.
 * @throws {SyntaxError} If a tensor's shape, strides or values do not fit the file.
 *
 * @example
 * ```ts
 * import { openRanges } from "./range_reader.ts";
 * import { torchTensors } from "./torch_tensors.ts";
 *
 * const path = await Deno.makeTempFile();
 * using reader = await openRanges(path);
 * torchTensors(new Map(), {
 *   reader,
 *   locate: () => undefined,
 *   isBigEndian: false,
 * }).skipped; // []
 * await Deno.remove(path);
 * ```
 */
export function torchTensors(
  named: ReadonlyMap<string, TorchTensor>,
  source: TensorSource,
): { tensors: WeightsContent["tensors"]; skipped: string[] } {
  const { reader, locate, isBigEndian } = source;
  const { path, fileBytes } = reader;
  const checked = new Set<string>();
  const skipped: string[] = [];
  const tensors = new Map<
    string,
    WeightsContent["tensors"] extends ReadonlyMap<string, infer T> ? T : never
  >();
  let total = 0;
  for (const [name, tensor] of named) {
    const { storage, dtype } = tensor;
    if (dtype === undefined) {
      skipped.push(printable(`${name} (${storage.type})`));
      continue;
    }
    const place = locate(storage);
    if (place === undefined) {
      throw broken(path, `with storage ${storage.key} of ${name}`, "none");
    }
    const layout = {
      ...layoutOf(name, tensor, place, path),
      dtype,
      isBigEndian,
    };
    total += bytesOf(layout);
    if (!(total <= 16 * fileBytes + SMALL)) {
      throw broken(
        path,
        "of tensors that repeat their values less",
        `${total} bytes of tensors at ${printable(name)}`,
      );
    }
    const { shape } = layout;
    const load = async () => {
      // Values that are all of a storage, as it lies in the file, are checked once they are there.
      const isWhole = isPlain(dtype) && !isBigEndian &&
        bytesOf(layout) === place.size && isContiguous(shape, layout.strides);
      const isChecked = checked.has(storage.key);
      if (!isChecked && !isWhole) await checkStorage(reader, name, place);
      const values = await readStrided(layout, reader);
      if (!isChecked && isWhole) {
        compare(path, name, place, () => crc32(new Uint8Array(values.buffer)));
      }
      checked.add(storage.key);
      return values;
    };
    tensors.set(name, { name, dtype, shape: [...shape], load });
  }
  return { tensors, skipped };
}

/**
 * Checks the bytes of a record, 4 MB at a time.
 *
 * @param reader Reads the file. Borrowed.
 * @param name What the record is, for errors.
 * @param place Where it is; without a checksum nothing is read.
 * @throws {SyntaxError} If its bytes have another checksum.
 *
 * @example
 * ```ts
 * import { openRanges } from "./range_reader.ts";
 * import { checkStorage } from "./torch_tensors.ts";
 *
 * const path = await Deno.makeTempFile();
 * using reader = await openRanges(path);
 * await checkStorage(reader, "nothing", { offset: 0, size: 0, checksum: 0 });
 * await Deno.remove(path);
 * ```
 */
export async function checkStorage(
  reader: RangeReader,
  name: string,
  place: StoragePlace,
): Promise<void> {
  if (place.checksum === undefined) return;
  let checksum = 0;
  for (let at = 0; at < place.size; at += CHUNK_BYTES) {
    const length = Math.min(CHUNK_BYTES, place.size - at);
    await reader.turn();
    checksum = crc32(reader.borrow(place.offset + at, length), checksum);
  }
  compare(reader.path, name, place, () => checksum);
}

/**
 * The error for a checkpoint that cannot be read.
 *
 * @param path Name of the file.
 * @param rule What it must be.
 * @param value What it is.
 * @returns The error, to be thrown.
 *
 * @example
 * ```ts
 * import { broken } from "./torch_tensors.ts";
 *
 * broken("a.pt", "complete", "10 bytes").message;
 * // Cannot read the checkpoint as 'a.pt' must be complete: current value is 10 bytes
 * ```
 */
export function broken(path: string, rule: string, value: string): SyntaxError {
  return new SyntaxError(
    `Cannot read the checkpoint as '${path}' must be ${
      printable(rule)
    }: current value is ${printable(value)}`,
  );
}

function compare(
  path: string,
  name: string,
  { checksum }: StoragePlace,
  measure: () => number,
): void {
  if (checksum === undefined) return;
  const actual = measure();
  if (checksum === actual) return;
  throw broken(
    path,
    `undamaged, with checksum ${checksum} of ${name}`,
    `${actual}`,
  );
}

function layoutOf(
  name: string,
  { storage, offset, shape, strides, dtype }: TorchTensor,
  place: StoragePlace,
  path: string,
): { shape: number[]; strides: number[]; offset: number } {
  if (
    !isCounts(shape) || !isCounts(strides) || shape.length > MOST_AXES ||
    strides.length !== shape.length || !isCounts([offset])
  ) {
    throw broken(
      path,
      `one that gives shape, strides and offset of ${name}`,
      "none or others than whole numbers of at least 0",
    );
  }
  const width = DTYPE_BYTES[dtype!];
  const first = storage.start + (offset as number);
  const isEmpty = shape.includes(0);
  const last = shape.reduce(
    (sum, size, axis) => sum + (size - 1) * strides[axis],
    first,
  );
  const needed = isEmpty ? 0 : (last + 1) * width;
  const stored = storage.dtype === undefined
    ? storage.count
    : storage.count * DTYPE_BYTES[storage.dtype];
  if (needed > Math.min(place.size, stored)) {
    throw broken(
      path,
      `one with ${needed} bytes in storage ${storage.key} for ${name}`,
      `${Math.min(place.size, stored)} bytes`,
    );
  }
  return { shape, strides, offset: place.offset + first * width };
}

function bytesOf({ shape, dtype }: StridedLayout): number {
  return shape.reduce((product, size) => product * size, DTYPE_BYTES[dtype]);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) &&
    value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

/**
 * Reads safetensors, the format of all weights here and of most weights elsewhere.
 *
 * @module
 */
import {
  malformed,
  MAX_HEADER_BYTES,
  parseSafetensorsHeader,
  type SafetensorsDtype,
  type SafetensorsEntry,
  type SafetensorsHeader,
} from "./safetensors_format.ts";

/** Values of a tensor: F16 and BF16 come as `Float32Array`, BOOL as `Uint8Array` of 0 and 1. */
export type SafetensorsData =
  | Float64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>;

/** One tensor of a file. */
export interface SafetensorsTensor {
  /** Element type in the file. */
  dtype: SafetensorsDtype;
  /** Length along each axis. */
  shape: number[];
  /** Values in row-major order. */
  data: SafetensorsData;
}

/** Content of a file. */
export interface Safetensors {
  /** Tensors by name, in the order of the file. */
  tensors: { [name: string]: SafetensorsTensor };
  /** Free text by name. */
  metadata: { [name: string]: string };
}

/**
 * Reads a safetensors file, one tensor at a time: memory holds the values once.
 *
 * @param path File.
 * @returns Tensors and metadata.
 * @throws {SyntaxError} If the file is truncated, malformed or holds an element type that is not read.
 * @throws {Deno.errors.NotFound} If there is no such file.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { readSafetensors, writeSafetensors } from "@outis/outis/io";
 *
 * const path = await Deno.makeTempFile({ suffix: ".safetensors" });
 * await writeSafetensors(path, {
 *   scale: { shape: [2], data: new Float32Array([1, 2]) },
 * });
 * const { tensors } = await readSafetensors(path);
 * assert(tensors.scale.data[1] === 2);
 * await Deno.remove(path);
 * ```
 */
export async function readSafetensors(path: string): Promise<Safetensors> {
  using file = await Deno.open(path);
  const { size } = await file.stat();
  const prefix = await readExactly(file, Math.min(8, size));
  const length = headerLength(prefix, size, path);
  const text = new TextDecoder().decode(await readExactly(file, length));
  const header = parseSafetensorsHeader(text, size - 8 - length, path);
  const tensors: [string, SafetensorsTensor][] = [];
  for (const [name, entry] of header.entries) {
    const bytes = await readExactly(file, entry.offsets[1] - entry.offsets[0]);
    tensors.push([name, toTensor(entry, bytes)]);
  }
  return collect(tensors, header);
}

/**
 * Reads safetensors from memory.
 *
 * @param bytes Content of a file. Not kept: the values are copies.
 * @param source Name for errors. @default "bytes"
 * @returns Tensors and metadata.
 * @throws {SyntaxError} As {@linkcode readSafetensors}.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { decodeSafetensors, encodeSafetensors } from "@outis/outis/io";
 *
 * const bytes = encodeSafetensors({
 *   scale: { shape: [], data: new Float32Array([3]) },
 * });
 * assert(decodeSafetensors(bytes).tensors.scale.data[0] === 3);
 * ```
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  source = "bytes",
): Safetensors {
  const length = headerLength(bytes.subarray(0, 8), bytes.length, source);
  const start = 8 + length;
  const text = new TextDecoder().decode(bytes.subarray(8, start));
  const header = parseSafetensorsHeader(text, bytes.length - start, source);
  const tensors = [...header.entries].map((
    [name, entry],
  ): [string, SafetensorsTensor] => {
    const [from, to] = entry.offsets;
    return [name, toTensor(entry, bytes.slice(start + from, start + to))];
  });
  return collect(tensors, header);
}

function headerLength(
  prefix: Uint8Array,
  fileBytes: number,
  source: string,
): number {
  if (prefix.length < 8) {
    throw malformed(source, "at least 8 bytes long", `${fileBytes} bytes`);
  }
  const view = new DataView(prefix.buffer, prefix.byteOffset);
  const length = Number(view.getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES || 8 + length > fileBytes) {
    throw malformed(
      source,
      `a file whose header fits its ${fileBytes} bytes`,
      `a header of ${length} bytes`,
    );
  }
  return length;
}

function collect(
  tensors: [string, SafetensorsTensor][],
  { metadata }: SafetensorsHeader,
): Safetensors {
  return { tensors: Object.fromEntries(tensors), metadata };
}

// `bytes` starts its own buffer, so that every element type is aligned.
function toTensor(
  { dtype, shape }: SafetensorsEntry,
  bytes: Uint8Array<ArrayBuffer>,
): SafetensorsTensor {
  return { dtype, shape, data: toData(dtype, bytes.buffer) };
}

function toData(dtype: SafetensorsDtype, buffer: ArrayBuffer): SafetensorsData {
  switch (dtype) {
    case "F64":
      return new Float64Array(buffer);
    case "F32":
      return new Float32Array(buffer);
    case "F16":
      return Float32Array.from(new Float16Array(buffer));
    case "BF16": {
      // The upper half of a float32.
      const bits = Uint32Array.from(new Uint16Array(buffer), (v) => v << 16);
      return new Float32Array(bits.buffer);
    }
    case "I64":
      return new BigInt64Array(buffer);
    case "I32":
      return new Int32Array(buffer);
    case "U8":
    case "BOOL":
      return new Uint8Array(buffer);
  }
}

async function readExactly(
  file: Deno.FsFile,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = await file.read(bytes.subarray(at));
    if (count === null) {
      throw new SyntaxError(
        `Cannot read safetensors as 'file' must be left alone while it is read: current value is cut at ${at} of ${length} bytes`,
      );
    }
    at += count;
  }
  return bytes;
}

/**
 * Writes safetensors.
 *
 * @module
 */
import {
  DTYPE_BYTES,
  METADATA_KEY,
  type SafetensorsDtype,
} from "./safetensors_format.ts";
import { dtypeOf, encodeValues } from "./tensor_values.ts";

/** Values to write. The kind of array decides the element type, as in F32 for `Float32Array` and U8 for `Uint8Array`. */
export type WritableValues =
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/** A tensor to write. */
export interface WritableTensor {
  /** Length along each axis. */
  shape: readonly number[];
  /** Values in row-major order. */
  data: WritableValues;
  /** Another element type than the array's: a narrower float for `Float32Array`, BOOL for `Uint8Array`. @default by array */
  dtype?: SafetensorsDtype;
}

/** A tensor to write whose values are made, or read, when their turn comes. */
export interface LazyTensor {
  /** Length along each axis. */
  shape: readonly number[];
  /** Element type in the file. */
  dtype: SafetensorsDtype;
  /** Gives the values; called once, and not before those of the tensor before are written. */
  load: () => Promise<WritableValues>;
}

/** Options of {@linkcode encodeSafetensors}. */
export interface EncodeSafetensorsOptions {
  /** Free text by name: origin, licence, configuration as JSON. @default {} */
  metadata?: { readonly [name: string]: string };
  /** Element type of `Float32Array` values; F16 and BF16 halve the file, and round to 11 and 8 bits. @default "F32" */
  dtype?: "F32" | "F16" | "BF16";
}

/** Options of {@linkcode writeSafetensors}. */
export interface WriteSafetensorsOptions extends EncodeSafetensorsOptions {
  /** Called after every tensor, with the bytes of values that are written and all there are. */
  onProgress?: (done: number, total: number) => void;
  /** Stops the writing between two tensors; nothing is left behind. */
  signal?: AbortSignal;
}

/**
 * Writes a safetensors file, whole or not at all: under another name first, then renamed.
 *
 * The same tensors and metadata give the same bytes, in whatever order they are passed: by element type, wide ones first,
 * then by name, byte for byte as the reference implementation.
 *
 * @param path File; replaced if it exists. `<path>.partial` is used on the way.
 * @param tensors Shape and values by name; of those that are loaded on the way, one is in memory at a time.
 * @param options Metadata and element type.
 * @throws The signal's reason, if it fired.
 * @throws {TypeError} If a shape or an element type does not fit its values.
 * @throws {RangeError} If a tensor is named `__metadata__`, or a value is too large for its element type.
 *
 * @example
 * ```ts
 * import { writeSafetensors } from "@outis/outis/io";
 *
 * const path = await Deno.makeTempFile({ suffix: ".safetensors" });
 * const bias = { shape: [2], data: new Float32Array([0.5, -0.5]) };
 * await writeSafetensors(path, { bias }, { metadata: { step: "12" } });
 * await Deno.remove(path);
 * ```
 */
export async function writeSafetensors(
  path: string,
  tensors: { readonly [name: string]: WritableTensor | LazyTensor },
  options: WriteSafetensorsOptions = {},
): Promise<void> {
  const { onProgress, signal } = options;
  const partial = `${path}.partial`;
  const { header, parts } = layOut(tensors, options);
  try {
    {
      using file = await Deno.open(partial, {
        write: true,
        create: true,
        truncate: true,
      });
      await writeAll(file, header);
      const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
      let done = 0;
      for (const part of parts) {
        signal?.throwIfAborted();
        await writeAll(file, encodePart(part, await valuesOf(part.tensor)));
        done += part.bytes;
        onProgress?.(done, total);
      }
      await file.sync();
    }
    await Deno.rename(partial, path);
  } catch (error) {
    await Deno.remove(partial).catch(() => {});
    throw error;
  }
}

/**
 * Writes safetensors to memory.
 *
 * @param tensors Shape and values by name.
 * @param options Metadata and element type.
 * @returns Content of the file.
 * @throws {TypeError} If a shape or an element type does not fit its values.
 * @throws {RangeError} If a tensor is named `__metadata__`, or a value is too large for its element type.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { encodeSafetensors } from "@outis/outis/io";
 *
 * const bytes = encodeSafetensors(
 *   { bias: { shape: [3], data: new Float32Array(3) } },
 *   { dtype: "F16" },
 * );
 * assert(bytes.length % 2 === 0);
 * ```
 */
export function encodeSafetensors(
  tensors: { readonly [name: string]: WritableTensor },
  options: EncodeSafetensorsOptions = {},
): Uint8Array<ArrayBuffer> {
  const { header, parts } = layOut(tensors, options);
  const chunks = [
    header,
    ...parts.map((part) =>
      encodePart(part, (part.tensor as WritableTensor).data)
    ),
  ];
  const bytes = new Uint8Array(
    chunks.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

const DTYPE_ORDER = Object.keys(DTYPE_BYTES);

/** One tensor's place in a file. */
interface Part {
  name: string;
  dtype: SafetensorsDtype;
  tensor: WritableTensor | LazyTensor;
  /** Bytes in the file. */
  bytes: number;
}

/** The header, and what follows it. */
function layOut(
  tensors: { readonly [name: string]: WritableTensor | LazyTensor },
  { metadata = {}, dtype: float = "F32" }: EncodeSafetensorsOptions,
): { header: Uint8Array; parts: Part[] } {
  const parts = Object.entries(tensors).map(([name, tensor]): Part => {
    const dtype = elementType(tensor, float);
    checkTensor(name, tensor);
    return { name, tensor, dtype, bytes: count(tensor) * DTYPE_BYTES[dtype] };
  }).sort((a, b) =>
    DTYPE_ORDER.indexOf(a.dtype) - DTYPE_ORDER.indexOf(b.dtype) ||
    (a.name < b.name ? -1 : 1)
  );
  const entries: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) {
    const names = Object.keys(metadata).sort();
    const text = Object.fromEntries(
      names.map((name) => [name, metadata[name]]),
    );
    entries.push([METADATA_KEY, text]);
  }
  let end = 0;
  for (const { name, dtype, tensor: { shape }, bytes } of parts) {
    entries.push([name, { dtype, shape, data_offsets: [end, end + bytes] }]);
    end += bytes;
  }
  const text = JSON.stringify(Object.fromEntries(entries));
  return { header: encodeHeader(text), parts };
}

// Padded with spaces, so that the values start at a multiple of eight bytes.
function encodeHeader(text: string): Uint8Array {
  const json = new TextEncoder().encode(text);
  const length = Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(8 + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(json, 8);
  return header;
}

function checkTensor(name: string, tensor: WritableTensor | LazyTensor): void {
  if (name === METADATA_KEY) {
    throw new RangeError(
      `Cannot write safetensors as 'name' must be another than ${METADATA_KEY}: current value is ${name}`,
    );
  }
  if ("data" in tensor) checkLength(name, tensor, tensor.data);
}

function checkLength(
  name: string,
  tensor: WritableTensor | LazyTensor,
  { length }: WritableValues,
): void {
  if (count(tensor) === length) return;
  throw new TypeError(
    `Cannot write safetensors as '${name}' must be ${
      count(tensor)
    } values of shape [${
      tensor.shape.join(", ")
    }]: current value is ${length} values`,
  );
}

function count({ shape }: { shape: readonly number[] }): number {
  return shape.reduce((product, length) => product * length, 1);
}

function elementType(
  tensor: WritableTensor | LazyTensor,
  float: "F32" | "F16" | "BF16",
): SafetensorsDtype {
  if (tensor.dtype !== undefined) return tensor.dtype;
  const { data } = tensor as WritableTensor;
  return data instanceof Float32Array ? float : dtypeOf(data);
}

async function valuesOf(
  tensor: WritableTensor | LazyTensor,
): Promise<WritableValues> {
  return "data" in tensor ? tensor.data : await tensor.load();
}

function encodePart(
  { name, dtype, tensor }: Part,
  data: WritableValues,
): Uint8Array {
  checkLength(name, tensor, data);
  return encodeValues(name, data, dtype);
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await file.write(bytes.subarray(at));
  }
}

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

/** A tensor to write. The kind of array decides the element type: F32, F64, I32, I64 or U8. */
export interface WritableTensor {
  /** Length along each axis. */
  shape: readonly number[];
  /** Values in row-major order. */
  data: Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;
}

/** Options of {@linkcode writeSafetensors} and {@linkcode encodeSafetensors}. */
export interface WriteSafetensorsOptions {
  /** Free text by name: origin, licence, configuration as JSON. @default {} */
  metadata?: { readonly [name: string]: string };
  /** Element type of `Float32Array` values; F16 halves the file and rounds to 11 bits. @default "F32" */
  dtype?: "F32" | "F16";
}

/**
 * Writes a safetensors file, whole or not at all: under another name first, then renamed.
 *
 * The same tensors and metadata give the same bytes, in whatever order they are passed: by element type, wide ones first,
 * then by name, byte for byte as the reference implementation.
 *
 * @param path File; replaced if it exists. `<path>.partial` is used on the way.
 * @param tensors Shape and values by name.
 * @param options Metadata and element type.
 * @throws {TypeError} If a shape does not fit its values.
 * @throws {RangeError} If a tensor is named `__metadata__`, or a value is too large for F16.
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
  tensors: { readonly [name: string]: WritableTensor },
  options: WriteSafetensorsOptions = {},
): Promise<void> {
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
      for (const part of parts) await writeAll(file, part());
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
 * @throws {TypeError} If a shape does not fit its values.
 * @throws {RangeError} If a tensor is named `__metadata__`, or a value is too large for F16.
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
  options: WriteSafetensorsOptions = {},
): Uint8Array<ArrayBuffer> {
  const { header, parts } = layOut(tensors, options);
  const chunks = [header, ...parts.map((part) => part())];
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

/** A file in pieces; the values are converted when they are asked for. */
interface Layout {
  header: Uint8Array;
  parts: (() => Uint8Array)[];
}

function layOut(
  tensors: { readonly [name: string]: WritableTensor },
  { metadata = {}, dtype = "F32" }: WriteSafetensorsOptions,
): Layout {
  const sorted = Object.entries(tensors).map(([name, tensor]) => {
    checkTensor(name, tensor);
    return { name, ...tensor, dtype: dtypeOf(tensor.data, dtype) };
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
  for (const { name, dtype, shape, data } of sorted) {
    const start = end;
    end += data.length * DTYPE_BYTES[dtype];
    entries.push([name, { dtype, shape, data_offsets: [start, end] }]);
  }
  return {
    header: encodeHeader(JSON.stringify(Object.fromEntries(entries))),
    parts: sorted.map(({ name, data, dtype }) => () =>
      dtype === "F16" ? toHalf(name, data as Float32Array) : bytesOf(data)
    ),
  };
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

function checkTensor(name: string, { shape, data }: WritableTensor): void {
  if (name === METADATA_KEY) {
    throw new RangeError(
      `Cannot write safetensors as 'name' must be another than ${METADATA_KEY}: current value is ${name}`,
    );
  }
  const size = shape.reduce((product, length) => product * length, 1);
  if (size !== data.length) {
    throw new TypeError(
      `Cannot write safetensors as '${name}' must be ${size} values of shape [${
        shape.join(", ")
      }]: current value is ${data.length} values`,
    );
  }
}

function dtypeOf(
  data: WritableTensor["data"],
  float: "F32" | "F16",
): SafetensorsDtype {
  if (data instanceof Float32Array) return float;
  if (data instanceof Float64Array) return "F64";
  if (data instanceof Int32Array) return "I32";
  if (data instanceof BigInt64Array) return "I64";
  return "U8";
}

function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function toHalf(name: string, data: Float32Array): Uint8Array {
  const half = new Float16Array(data);
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(half[i]) && Number.isFinite(data[i])) {
      throw new RangeError(
        `Cannot write safetensors as '${name}[${i}]' must be at most 65504 in F16: current value is ${
          data[i]
        }`,
      );
    }
  }
  return bytesOf(half);
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await file.write(bytes.subarray(at));
  }
}

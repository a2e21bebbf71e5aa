/**
 * Reads safetensors, the format of all weights here and of most weights elsewhere.
 *
 * @module
 */
import { headerLength, openSafetensors } from "./open_safetensors.ts";
import {
  parseSafetensorsHeader,
  type SafetensorsDtype,
} from "./safetensors_format.ts";
import { decodeValues, type SafetensorsData } from "./tensor_values.ts";

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
  const { tensors, metadata = {}, close } = await openSafetensors(path);
  try {
    const read: [string, SafetensorsTensor][] = [];
    for (const [name, { dtype, shape, load }] of tensors) {
      read.push([name, { dtype, shape, data: await load() }]);
    }
    return { tensors: Object.fromEntries(read), metadata };
  } finally {
    close();
  }
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
    [name, { dtype, shape, offsets: [from, to] }],
  ): [string, SafetensorsTensor] => {
    // A copy starts its own buffer, so that every element type is aligned.
    const own = new Uint8Array(bytes.subarray(start + from, start + to));
    return [name, { dtype, shape, data: decodeValues(dtype, own) }];
  });
  return { tensors: Object.fromEntries(tensors), metadata: header.metadata };
}

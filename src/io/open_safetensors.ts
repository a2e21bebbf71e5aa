/**
 * Opens safetensors without reading their values.
 *
 * @module
 */
import { openRanges } from "./range_reader.ts";
import {
  malformed,
  MAX_HEADER_BYTES,
  parseSafetensorsHeader,
  type SafetensorsEntry,
} from "./safetensors_format.ts";
import { readStrided, type StridedLayout } from "./strided_values.ts";
import type { WeightsContent } from "./weights_file.ts";

/**
 * Opens a safetensors file: reads its header, and each tensor when it is asked for.
 *
 * @param path File.
 * @returns What is in it; to be closed by the caller.
 * @throws {SyntaxError} If it is truncated, malformed or holds an element type that is not read.
 * @throws {Deno.errors.NotFound} If there is no such file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openSafetensors } from "./open_safetensors.ts";
 * import { writeSafetensors } from "./write_safetensors.ts";
 *
 * const path = await Deno.makeTempFile({ suffix: ".safetensors" });
 * const scale = { shape: [2], data: new Float32Array([1, 2]) };
 * await writeSafetensors(path, { scale });
 * const { tensors, close } = await openSafetensors(path);
 * assertEquals([...await tensors.get("scale")!.load()], [1, 2]);
 * close();
 * await Deno.remove(path);
 * ```
 */
export async function openSafetensors(path: string): Promise<WeightsContent> {
  const reader = await openRanges(path);
  try {
    const { fileBytes } = reader;
    const length = headerLength(
      reader.bytes(0, Math.min(8, fileBytes)),
      fileBytes,
      path,
    );
    const text = new TextDecoder().decode(reader.bytes(8, length));
    const start = 8 + length;
    const header = parseSafetensorsHeader(text, fileBytes - start, path);
    return {
      format: "safetensors",
      metadata: header.metadata,
      tensors: new Map(
        Array.from(header.entries, ([name, entry]) => [name, {
          name,
          dtype: entry.dtype,
          shape: entry.shape,
          load: () => readStrided(layoutOf(entry, start), reader),
        }]),
      ),
      close: reader[Symbol.dispose],
    };
  } catch (error) {
    reader[Symbol.dispose]();
    throw error;
  }
}

/**
 * Checks the first eight bytes of a file.
 *
 * @param prefix Up to eight bytes.
 * @param fileBytes Bytes of the file.
 * @param source Its name, for errors.
 * @returns Bytes of the header that follows.
 * @throws {SyntaxError} If the header cannot be in the file.
 *
 * @example
 * ```ts
 * import { headerLength } from "./open_safetensors.ts";
 *
 * headerLength(new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0]), 10, "a file"); // 2
 * ```
 */
export function headerLength(
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

function layoutOf(
  { dtype, shape, offsets }: SafetensorsEntry,
  start: number,
): StridedLayout {
  const strides: number[] = new Array(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis];
  }
  return { dtype, shape, strides, offset: start + offsets[0] };
}

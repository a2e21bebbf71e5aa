/**
 * Parts of tensors set to zero in a safetensors file, all else left as it is.
 *
 * @module
 */
import {
  DTYPE_BYTES,
  malformed,
  parseSafetensorsHeader,
} from "./safetensors_format.ts";

/** A slice of a tensor: all of index `index` along an axis. */
export interface TensorSlice {
  /** Axis, from 0. */
  axis: number;
  /** Index along it. */
  index: number;
}

/**
 * Sets slices of tensors to zero, whatever their element type is: zero is all zero bytes in each.
 *
 * @param bytes Content of a safetensors file. Changed in place.
 * @param select Tells the slice of a tensor, by name and shape; undefined where there is none.
 * @param source Name of the file, for errors.
 * @returns Names of the tensors that were changed.
 * @throws {SyntaxError} If it is no safetensors.
 * @throws {RangeError} If a tensor has no such slice.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decodeSafetensors, encodeSafetensors, zeroSlices } from "@outis/outis/io";
 *
 * const bytes = encodeSafetensors({
 *   table: { shape: [2, 2], data: new Float32Array([1, 2, 3, 4]) },
 * });
 * zeroSlices(bytes, () => ({ axis: 0, index: 1 }), "an example");
 * assertEquals([...decodeSafetensors(bytes).tensors.table.data], [1, 2, 0, 0]);
 * ```
 */
export function zeroSlices(
  bytes: Uint8Array,
  select: (name: string, shape: readonly number[]) => TensorSlice | undefined,
  source: string,
): string[] {
  if (bytes.length < 8) {
    throw malformed(source, "at least 8 bytes long", `${bytes.length} bytes`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const start = 8 + Number(view.getBigUint64(0, true));
  if (start > bytes.length) {
    throw malformed(source, `at least ${start} bytes long`, `${bytes.length}`);
  }
  const text = new TextDecoder().decode(bytes.subarray(8, start));
  const header = parseSafetensorsHeader(text, bytes.length - start, source);
  const changed: string[] = [];
  for (const [name, { dtype, shape, offsets: [from] }] of header.entries) {
    const slice = select(name, shape);
    if (slice === undefined) continue;
    const { axis, index } = slice;
    if (!(index >= 0 && index < (shape[axis] ?? 0))) {
      throw new RangeError(
        `Cannot set a slice to zero as '${name}' must be of a shape with index ${index} along axis ${axis}: current value is [${shape}]`,
      );
    }
    // Elements behind the axis lie in a row; such a row comes again for each index before it.
    const row = DTYPE_BYTES[dtype] *
      shape.slice(axis + 1).reduce((product, length) => product * length, 1);
    const times = shape.slice(0, axis).reduce((product, n) => product * n, 1);
    for (let i = 0; i < times; i++) {
      const at = start + from + (i * shape[axis] + index) * row;
      bytes.fill(0, at, at + row);
    }
    changed.push(name);
  }
  return changed;
}

/**
 * Values of a tensor that lie in a file in any order of axes: transposed, expanded, a part of something larger.
 *
 * @module
 */
import { CHUNK_BYTES, type RangeReader } from "./range_reader.ts";
import { DTYPE_BYTES, type SafetensorsDtype } from "./safetensors_format.ts";
import {
  decodeValues,
  emptyValues,
  isPlain,
  type SafetensorsData,
} from "./tensor_values.ts";

/** Where the values of a tensor lie. */
export interface StridedLayout {
  /** Element type. */
  dtype: SafetensorsDtype;
  /** Length along each axis. */
  shape: readonly number[];
  /** Elements from one value to the next along each axis. */
  strides: readonly number[];
  /** Where the first value lies, in bytes. */
  offset: number;
  /** Whether elements are stored with their highest byte first. @default false */
  isBigEndian?: boolean;
}

/**
 * Reads values into row-major order. What is converted or moved is read in pieces of 4 MB, so that memory holds little
 * beside the result.
 *
 * @param layout Where they lie; shape and strides fit together and lie within the file.
 * @param reader Reads the file. Borrowed.
 * @returns The values.
 * @throws {SyntaxError} If the file ends before.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openRanges } from "./range_reader.ts";
 * import { readStrided } from "./strided_values.ts";
 *
 * const path = await Deno.makeTempFile();
 * await Deno.writeFile(path, new Uint8Array([1, 2, 3, 4, 5, 6]));
 * using reader = await openRanges(path);
 * const layout = { dtype: "U8", shape: [3, 2], strides: [1, 3], offset: 0 } as const;
 * assertEquals([...await readStrided(layout, reader)], [1, 4, 2, 5, 3, 6]);
 * await Deno.remove(path);
 * ```
 */
export async function readStrided(
  layout: StridedLayout,
  reader: RangeReader,
): Promise<SafetensorsData> {
  const { dtype, shape, strides, offset, isBigEndian = false } = layout;
  const width = DTYPE_BYTES[dtype];
  const count = shape.reduce((product, size) => product * size, 1);
  await reader.turn();
  if (count === 0) return emptyValues(dtype, 0);
  const decode = (bytes: Uint8Array<ArrayBuffer>, into?: SafetensorsData) => {
    if (isBigEndian) swap(bytes, width);
    return decodeValues(dtype, bytes, into);
  };
  if (isContiguous(shape, strides) && isPlain(dtype)) {
    return decode(reader.bytes(offset, count * width));
  }
  const target = emptyValues(dtype, count);
  const most = CHUNK_BYTES / width;
  let converted: SafetensorsData | undefined;

  // Copies a block; its axes have the widest step in the file first, so that pieces of the first lie together.
  const copy = async (axes: Axis[], from: number, to: number) => {
    const extent = extentOf(axes);
    if (extent <= most) {
      await reader.turn();
      // The bytes are borrowed until something else is read: nothing waits from here on.
      const bytes = reader.borrow(offset + from * width, extent * width);
      if (isRun(axes) && !isPlain(dtype)) {
        decode(bytes, target.subarray(to, to + extent));
        return;
      }
      if (!isPlain(dtype)) converted ??= emptyValues(dtype, most);
      scatter(axes, 0, decode(bytes, converted), 0, target, to);
      return;
    }
    const [first, ...rest] = axes;
    const together = Math.max(
      1,
      Math.floor((most - extentOf(rest)) / first.source) + 1,
    );
    for (let i = 0; i < first.size; i += together) {
      const size = Math.min(together, first.size - i);
      await copy(
        size === 1 ? rest : [{ ...first, size }, ...rest],
        from + i * first.source,
        to + i * first.target,
      );
    }
  };
  await copy(axesOf(shape, strides), 0, 0);
  return target;
}

/**
 * Tells whether strides are those of row-major order.
 *
 * @param shape Length along each axis.
 * @param strides Elements from one value to the next along each axis.
 * @returns Whether the values lie one behind the other.
 *
 * @example
 * ```ts
 * import { isContiguous } from "./strided_values.ts";
 *
 * isContiguous([2, 3], [3, 1]); // true
 * ```
 */
export function isContiguous(
  shape: readonly number[],
  strides: readonly number[],
): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== step) return false;
    step *= shape[axis];
  }
  return true;
}

/** One axis: its length, and the steps along it in the file and in the result. */
interface Axis {
  size: number;
  source: number;
  target: number;
}

function axesOf(
  shape: readonly number[],
  strides: readonly number[],
): Axis[] {
  let target = 1;
  const axes: Axis[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    axes.push({ size: shape[axis], source: strides[axis], target });
    target *= shape[axis];
  }
  const sorted = axes.filter(({ size }) => size !== 1)
    .sort((a, b) => b.source - a.source || b.target - a.target);
  // Two axes that lie within each other in the same way on both sides are one.
  const merged: Axis[] = [];
  for (const axis of sorted) {
    const last = merged.at(-1);
    const isWithin = last !== undefined &&
      last.source === axis.source * axis.size &&
      last.target === axis.target * axis.size;
    if (isWithin) {
      merged[merged.length - 1] = { ...axis, size: axis.size * last.size };
    } else merged.push(axis);
  }
  return merged;
}

/** Whether values that lie one behind the other stay so. */
function isRun(axes: readonly Axis[]): boolean {
  return axes.length === 0 ||
    axes.length === 1 && axes[0].source === 1 && axes[0].target === 1;
}

/** Elements from the first to the last of a block. */
function extentOf(axes: readonly Axis[]): number {
  return axes.reduce((sum, { size, source }) => sum + (size - 1) * source, 1);
}

function scatter(
  axes: readonly Axis[],
  depth: number,
  source: SafetensorsData,
  from: number,
  target: SafetensorsData,
  to: number,
): void {
  if (depth === axes.length) {
    target[to] = source[from];
    return;
  }
  const { size, source: step, target: stride } = axes[depth];
  if (depth < axes.length - 1) {
    for (let i = 0; i < size; i++) {
      scatter(
        axes,
        depth + 1,
        source,
        from + i * step,
        target,
        to + i * stride,
      );
    }
    return;
  }
  if (step === 1 && stride === 1) {
    // Both arrays are of the same kind, which their types cannot tell.
    (target as Float32Array).set(
      source.subarray(from, from + size) as Float32Array,
      to,
    );
    return;
  }
  for (let i = 0; i < size; i++) {
    target[to + i * stride] = source[from + i * step];
  }
}

function swap(bytes: Uint8Array, width: number): void {
  for (let at = 0; at < bytes.length; at += width) {
    bytes.subarray(at, at + width).reverse();
  }
}

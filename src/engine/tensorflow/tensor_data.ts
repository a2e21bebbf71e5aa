/**
 * Values between JavaScript and `TF_Tensor`: the only file that knows the memory layout of TensorFlow's dtypes.
 *
 * @module
 */
import type { Pointer, TensorFlowLibrary } from "./c_api.ts";

/** TensorFlow's numbers of the dtypes TensorFlow.js knows, and the two its kernels use besides. */
export const DTYPE = {
  FLOAT: 1,
  DOUBLE: 2,
  INT32: 3,
  UINT8: 4,
  STRING: 7,
  COMPLEX64: 8,
  INT64: 9,
  BOOL: 10,
  RESOURCE: 20,
} as const;

/** What TensorFlow.js hands over as the values of a tensor, and takes back. */
export type Values =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint8Array
  | BigInt64Array
  | Uint8Array[];

type NumberValues = Exclude<Values, Uint8Array[]>;

/** `sizeof(TF_TString)`: small strings stand inside it, long ones behind a pointer in it. */
const STRING_BYTES = 24;

/**
 * Dimensions as the C API takes them; never empty, since an empty buffer has no address.
 *
 * @param shape Length of each axis.
 * @returns The same as 64-bit integers.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { dimensions } from "./tensor_data.ts";
 *
 * assertEquals(dimensions([2, 3]), new BigInt64Array([2n, 3n]));
 * ```
 */
export function dimensions(shape: number[]): BigInt64Array<ArrayBuffer> {
  const dims = new BigInt64Array(Math.max(shape.length, 1));
  for (let i = 0; i < shape.length; i++) dims[i] = BigInt(shape[i]);
  return dims;
}

/**
 * Lends a function a `TF_Tensor` with a copy of JavaScript values, and frees it afterwards.
 *
 * What outlives the call has to be a copy where `dtype` is `STRING`: long strings stand behind pointers that are freed
 * here, since no later owner of the tensor frees them. Numbers may be shared.
 *
 * @param library The C functions.
 * @param shape Length of each axis.
 * @param dtype TensorFlow's number of the dtype.
 * @param values As many values as the shape has places.
 * @param use Gets the tensor.
 * @returns What `use` returns.
 * @throws {TypeError} If the number of values does not fit the shape.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openTensorFlow } from "./c_api.ts";
 * import { findLibrary } from "./library.ts";
 * import { DTYPE, fromTensor, withTensor } from "./tensor_data.ts";
 *
 * const found = findLibrary().library;
 * if (found !== undefined) {
 *   const library = openTensorFlow(found.path);
 *   const values = new Float32Array([1, 2]);
 *   const copy = withTensor(
 *     library,
 *     [2],
 *     DTYPE.FLOAT,
 *     values,
 *     (tensor) => fromTensor(library, tensor, DTYPE.FLOAT, 2),
 *   );
 *   assertEquals(copy, values);
 * }
 * ```
 */
export function withTensor<T>(
  library: TensorFlowLibrary,
  shape: number[],
  dtype: number,
  values: Values,
  use: (tensor: Pointer) => T,
): T {
  const { symbols } = library;
  const tensor = dtype === DTYPE.STRING
    ? stringTensor(library, shape, values as Uint8Array<ArrayBuffer>[])
    : numberTensor(library, shape, dtype, values as NumberValues);
  try {
    return use(tensor);
  } finally {
    if (dtype === DTYPE.STRING) {
      eachString(library, tensor, values.length, symbols.TF_StringDealloc);
    }
    symbols.TF_DeleteTensor(tensor);
  }
}

function stringTensor(
  library: TensorFlowLibrary,
  shape: number[],
  strings: Uint8Array<ArrayBuffer>[],
): Pointer {
  const { symbols } = library;
  const expected = countOf(shape);
  if (strings.length !== expected) {
    throw new TypeError(
      `Cannot create a tensor as 'values' must be ${expected} strings for shape [${shape}]: current value is ${strings.length} strings`,
    );
  }
  const tensor = symbols.TF_AllocateTensor(
    DTYPE.STRING,
    dimensions(shape),
    shape.length,
    BigInt(expected * STRING_BYTES),
  )!;
  eachString(library, tensor, expected, (at, i) => {
    symbols.TF_StringInit(at);
    symbols.TF_StringCopy(at, strings[i], BigInt(strings[i].byteLength));
  });
  return tensor;
}

/** Visits the strings of a tensor by address. */
function eachString(
  library: TensorFlowLibrary,
  tensor: Pointer,
  count: number,
  visit: (at: Pointer, index: number) => void,
): void {
  const data = library.symbols.TF_TensorData(tensor);
  const base = Deno.UnsafePointer.value(data);
  for (let i = 0; i < count; i++) {
    visit(Deno.UnsafePointer.create(base + BigInt(i * STRING_BYTES))!, i);
  }
}

function numberTensor(
  library: TensorFlowLibrary,
  shape: number[],
  dtype: number,
  values: NumberValues,
): Pointer {
  const { symbols } = library;
  const bytes = toBytes(dtype, values);
  const expected = countOf(shape) * bytesPerElement(dtype);
  if (bytes.byteLength !== expected) {
    throw new TypeError(
      `Cannot create a tensor as 'values' must be ${expected} bytes for shape [${shape}]: current value is ${bytes.byteLength} bytes`,
    );
  }
  const tensor = symbols.TF_AllocateTensor(
    dtype,
    dimensions(shape),
    shape.length,
    BigInt(expected),
  )!;
  if (expected > 0) {
    const data = symbols.TF_TensorData(tensor)!;
    new Uint8Array(
      Deno.UnsafePointerView.getArrayBuffer(data, bytes.byteLength),
    ).set(bytes);
  }
  return tensor;
}

/**
 * Copies the values of a `TF_Tensor` into JavaScript memory.
 *
 * @param library The C functions.
 * @param tensor The tensor; stays the caller's.
 * @param dtype TensorFlow's number of its dtype.
 * @param count Number of values.
 * @returns The copy.
 * @throws {TypeError} If TensorFlow.js knows no such dtype.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openTensorFlow } from "./c_api.ts";
 * import { findLibrary } from "./library.ts";
 * import { DTYPE, fromTensor, withTensor } from "./tensor_data.ts";
 *
 * const found = findLibrary().library;
 * if (found !== undefined) {
 *   const library = openTensorFlow(found.path);
 *   const values = new Float32Array([1, 2]);
 *   const copy = withTensor(
 *     library,
 *     [2],
 *     DTYPE.FLOAT,
 *     values,
 *     (tensor) => fromTensor(library, tensor, DTYPE.FLOAT, 2),
 *   );
 *   assertEquals(copy, values);
 * }
 * ```
 */
export function fromTensor(
  library: TensorFlowLibrary,
  tensor: Pointer,
  dtype: number,
  count: number,
): Values {
  const { symbols } = library;
  if (dtype === DTYPE.STRING) {
    const strings: Uint8Array[] = [];
    eachString(library, tensor, count, (at) => {
      const size = Number(symbols.TF_StringGetSize(at));
      const bytes = copy(symbols.TF_StringGetDataPointer(at), size);
      strings.push(new Uint8Array(bytes));
    });
    return strings;
  }
  const data = symbols.TF_TensorData(tensor);
  const bytes = copy(data, Number(symbols.TF_TensorByteSize(tensor)));
  switch (dtype) {
    case DTYPE.FLOAT:
    case DTYPE.COMPLEX64:
      return new Float32Array(bytes);
    case DTYPE.DOUBLE:
      return new Float64Array(bytes);
    case DTYPE.INT32:
      return new Int32Array(bytes);
    case DTYPE.INT64:
      return new BigInt64Array(bytes);
    case DTYPE.BOOL:
    case DTYPE.UINT8:
    case DTYPE.RESOURCE:
      return new Uint8Array(bytes);
    default:
      throw new TypeError(
        `Cannot read a tensor as 'dtype' must be one TensorFlow.js knows: current value is ${dtype}`,
      );
  }
}

function copy(data: Deno.PointerValue, size: number): ArrayBuffer {
  if (size === 0 || data === null) return new ArrayBuffer(0);
  return Deno.UnsafePointerView.getArrayBuffer(data, size).slice(0);
}

/** Raw bytes of numeric values in the layout of `dtype`; TensorFlow.js may pass plain arrays or a wider type. */
function toBytes(
  dtype: number,
  values: ArrayLike<number> | BigInt64Array,
): Uint8Array {
  let typed: ArrayBufferView;
  if (dtype === DTYPE.INT64) {
    // tfjs-node writes one int64 as two int32 halves.
    typed = values as Int32Array | BigInt64Array;
  } else if (dtype === DTYPE.INT32 && !(values instanceof Int32Array)) {
    typed = Int32Array.from(values as ArrayLike<number>);
  } else if (
    (dtype === DTYPE.FLOAT || dtype === DTYPE.COMPLEX64) &&
    !(values instanceof Float32Array)
  ) {
    typed = Float32Array.from(values as ArrayLike<number>);
  } else if (
    (dtype === DTYPE.BOOL || dtype === DTYPE.UINT8) &&
    !ArrayBuffer.isView(values)
  ) {
    typed = Uint8Array.from(values as ArrayLike<number>);
  } else {
    typed = values as unknown as ArrayBufferView;
  }
  return new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength);
}

function countOf(shape: number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

function bytesPerElement(dtype: number): number {
  switch (dtype) {
    case DTYPE.BOOL:
    case DTYPE.UINT8:
      return 1;
    case DTYPE.INT64:
    case DTYPE.COMPLEX64:
    case DTYPE.DOUBLE:
      return 8;
    default:
      return 4;
  }
}

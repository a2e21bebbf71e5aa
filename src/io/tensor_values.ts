/**
 * Values of tensors between files and typed arrays.
 *
 * @module
 */
import { DTYPE_BYTES, type SafetensorsDtype } from "./safetensors_format.ts";

/**
 * Values of a tensor. Floats narrower than 32 bits (F16, BF16, F8) come as `Float32Array`, BOOL as `Uint8Array` of 0 and
 * 1, all others as what they are.
 */
export type SafetensorsData =
  | Float64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>;

/** The kind of array that holds the values of an element type. */
const ARRAYS = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Float32Array,
  BF16: Float32Array,
  F8_E4M3: Float32Array,
  F8_E5M2: Float32Array,
  I64: BigInt64Array,
  U64: BigUint64Array,
  I32: Int32Array,
  U32: Uint32Array,
  I16: Int16Array,
  U16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const satisfies Record<SafetensorsDtype, unknown>;

/**
 * Makes room for values.
 *
 * @param dtype Element type.
 * @param length How many.
 * @returns Zeros.
 *
 * @example
 * ```ts
 * import { emptyValues } from "./tensor_values.ts";
 *
 * emptyValues("BF16", 2); // Float32Array [0, 0]
 * ```
 */
export function emptyValues(
  dtype: SafetensorsDtype,
  length: number,
): SafetensorsData {
  return new ARRAYS[dtype](length);
}

/**
 * Tells whether values lie in a file as they lie in a typed array.
 *
 * @param dtype Element type.
 * @returns Whether nothing has to be converted.
 *
 * @example
 * ```ts
 * import { isPlain } from "./tensor_values.ts";
 *
 * isPlain("F16"); // false
 * ```
 */
export function isPlain(dtype: SafetensorsDtype): boolean {
  return ARRAYS[dtype].BYTES_PER_ELEMENT === DTYPE_BYTES[dtype];
}

/**
 * Turns the bytes of a file into values.
 *
 * @param dtype Element type.
 * @param bytes Bytes, little endian, from the start of their buffer. Without conversion the result lies in it.
 * @param into Where converted values go; may be longer. @default a new array
 * @returns The values.
 *
 * @example
 * ```ts
 * import { decodeValues } from "./tensor_values.ts";
 *
 * decodeValues("BF16", new Uint8Array([0xc0, 0x3f])); // [1.5]
 * ```
 */
export function decodeValues(
  dtype: SafetensorsDtype,
  bytes: Uint8Array<ArrayBuffer>,
  into?: SafetensorsData,
): SafetensorsData {
  const count = bytes.length / DTYPE_BYTES[dtype];
  if (isPlain(dtype)) return new ARRAYS[dtype](bytes.buffer, 0, count);
  const values = (into ?? new Float32Array(count)) as Float32Array<ArrayBuffer>;
  if (dtype === "BF16") {
    const codes = new Uint16Array(bytes.buffer, 0, count);
    const bits = new Uint32Array(values.buffer, values.byteOffset, count);
    // The upper half of a float32.
    for (let i = 0; i < count; i++) bits[i] = codes[i] << 16;
  } else {
    const codes = dtype === "F16"
      ? new Uint16Array(bytes.buffer, 0, count)
      : bytes;
    const table = valuesOf(dtype as "F16" | "F8_E4M3" | "F8_E5M2");
    for (let i = 0; i < count; i++) values[i] = table[codes[i]];
  }
  return values.subarray(0, count);
}

/**
 * Turns values into the bytes of a file.
 *
 * @param name Name of the tensor, for errors.
 * @param data Values. Borrowed; the result may be a view of them.
 * @param dtype Element type in the file: the array's own, or a narrower float for a `Float32Array`, or BOOL for a
 *   `Uint8Array`. Rounded to the nearest, ties to even; F8 only takes the values it has.
 * @returns The bytes, little endian.
 * @throws {TypeError} If the array is of another kind than the element type.
 * @throws {RangeError} If a finite value is too large for the element type.
 *
 * @example
 * ```ts
 * import { encodeValues } from "./tensor_values.ts";
 *
 * encodeValues("scale", new Float32Array([1.5]), "BF16"); // [0xc0, 0x3f]
 * ```
 */
export function encodeValues(
  name: string,
  data: ArrayBufferView,
  dtype: SafetensorsDtype,
): Uint8Array {
  if (!(data instanceof ARRAYS[dtype])) {
    throw new TypeError(
      `Cannot write safetensors as '${name}' must be a ${
        ARRAYS[dtype].name
      } for ${dtype}: current value is a ${data.constructor.name}`,
    );
  }
  if (isPlain(dtype)) return bytesOf(data);
  const values = data as Float32Array;
  if (dtype === "F16") return toHalf(name, values);
  if (dtype === "BF16") return toBrainFloat(name, values);
  return toQuarter(name, values, dtype as "F8_E4M3" | "F8_E5M2");
}

/**
 * The element type that an array has without conversion.
 *
 * @param data Values.
 * @returns Its element type; U8 for bytes.
 *
 * @example
 * ```ts
 * import { dtypeOf } from "./tensor_values.ts";
 *
 * dtypeOf(new Int32Array(1)); // "I32"
 * ```
 */
export function dtypeOf(data: ArrayBufferView): SafetensorsDtype {
  const dtypes = ["F64", "F32", "I64", "U64", "I32", "U32", "I16", "U16", "I8"];
  return (dtypes as SafetensorsDtype[])
    .find((dtype) => data instanceof ARRAYS[dtype]) ?? "U8";
}

function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function tooLarge(
  name: string,
  index: number,
  rule: string,
  value: number,
): RangeError {
  return new RangeError(
    `Cannot write safetensors as '${name}[${index}]' must be ${rule}: current value is ${value}`,
  );
}

function toHalf(name: string, data: Float32Array): Uint8Array {
  const half = new Float16Array(data);
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(half[i]) && Number.isFinite(data[i])) {
      throw tooLarge(name, i, "at most 65504 in F16", data[i]);
    }
  }
  return bytesOf(half);
}

function toBrainFloat(name: string, data: Float32Array): Uint8Array {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const codes = new Uint16Array(data.length);
  for (let i = 0; i < data.length; i++) {
    // Half of the last kept bit, less one unless that bit is odd: to the nearest, ties to even.
    const rounded = (bits[i] + 0x7fff + ((bits[i] >>> 16) & 1)) >>> 16;
    // A NaN must not be carried into another number.
    codes[i] = Number.isNaN(data[i]) ? (bits[i] >>> 16) | 0x40 : rounded;
    if ((codes[i] & 0x7fff) === 0x7f80 && Number.isFinite(data[i])) {
      throw tooLarge(name, i, "at most 3.3895e38 in BF16", data[i]);
    }
  }
  return bytesOf(codes);
}

function toQuarter(
  name: string,
  data: Float32Array,
  dtype: "F8_E4M3" | "F8_E5M2",
): Uint8Array {
  const values = valuesOf(dtype);
  // Of both zeros and of all NaN the least code; the sign is added below.
  const codes = new Map<number, number>();
  for (let code = 127; code >= 0; code--) codes.set(values[code], code);
  return Uint8Array.from(data, (value, i) => {
    const code = codes.get(Math.abs(value));
    if (code === undefined) {
      throw tooLarge(name, i, `a value that ${dtype} has`, value);
    }
    return Object.is(Math.abs(value), value) || Number.isNaN(value)
      ? code
      : code + 128;
  });
}

const tables: { [dtype: string]: Float32Array } = {};

/** The value of every code of a narrow type; looking up is an order of magnitude faster than converting. */
function valuesOf(dtype: "F16" | "F8_E4M3" | "F8_E5M2"): Float32Array {
  return tables[dtype] ??= makeTable(dtype);
}

function makeTable(dtype: "F16" | "F8_E4M3" | "F8_E5M2"): Float32Array {
  if (dtype === "F8_E4M3") return Float32Array.from({ length: 256 }, quarter);
  // F8_E5M2 is the upper half of a float16.
  const [length, shift] = dtype === "F16" ? [1 << 16, 0] : [256, 8];
  const codes = Uint16Array.from({ length }, (_, code) => code << shift);
  return Float32Array.from(new Float16Array(codes.buffer));
}

/** 4 bits of exponent with bias 7, 3 of fraction; no infinity, and NaN where all of them are set. */
function quarter(_: unknown, code: number): number {
  const [sign, exponent, fraction] = [code >> 7, (code >> 3) & 15, code & 7];
  const size = exponent === 0
    ? fraction / 8 * 2 ** -6
    : (1 + fraction / 8) * 2 ** (exponent - 7);
  return (code & 127) === 127 ? NaN : sign ? -size : size;
}

/**
 * The layout of safetensors files: eight bytes of header length (little endian), a JSON header, the values.
 *
 * @module
 */

/** Element types this project reads: all of PyTorch's that are single numbers. */
export type SafetensorsDtype =
  | "F64"
  | "F32"
  | "F16"
  | "BF16"
  | "F8_E4M3"
  | "F8_E5M2"
  | "I64"
  | "I32"
  | "I16"
  | "I8"
  | "U64"
  | "U32"
  | "U16"
  | "U8"
  | "BOOL";

/** Bytes of one element; in the order in which the reference implementation lays the types out in a file. */
export const DTYPE_BYTES: Readonly<Record<SafetensorsDtype, number>> = {
  U64: 8,
  I64: 8,
  F64: 8,
  F32: 4,
  U32: 4,
  I32: 4,
  BF16: 2,
  F16: 2,
  U16: 2,
  I16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I8: 1,
  U8: 1,
  BOOL: 1,
};

/** Longest header the reference implementation accepts, in bytes. */
export const MAX_HEADER_BYTES = 100_000_000;

/** Name of the header entry that holds free text instead of a tensor. */
export const METADATA_KEY = "__metadata__";

/** One tensor in the header. */
export interface SafetensorsEntry {
  /** Element type in the file. */
  dtype: SafetensorsDtype;
  /** Length along each axis. */
  shape: number[];
  /** First byte and the byte after the last, counted from the end of the header. */
  offsets: [number, number];
}

/** A parsed header. */
export interface SafetensorsHeader {
  /** Tensors by name, in the order of their bytes. */
  entries: Map<string, SafetensorsEntry>;
  /** Free text by name. */
  metadata: { [name: string]: string };
}

/**
 * Parses and validates a header.
 *
 * @param text The JSON.
 * @param dataBytes How many bytes follow the header.
 * @param source Name of the file, for errors.
 * @returns The tensors, in the order of their bytes, and the metadata.
 * @throws {SyntaxError} If it is no valid header, names an element type that is not read, or its tensors overlap, leave
 *   holes, do not fit their shapes, or need more or fewer bytes than there are.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { parseSafetensorsHeader } from "./safetensors_format.ts";
 *
 * const text = '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
 * assert(parseSafetensorsHeader(text, 8, "a file").entries.size === 1);
 * ```
 */
export function parseSafetensorsHeader(
  text: string,
  dataBytes: number,
  source: string,
): SafetensorsHeader {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (cause) {
    throw malformed(source, "JSON in its header", text.slice(0, 40), cause);
  }
  if (!isRecord(header)) {
    throw malformed(source, "an object in its header", text.slice(0, 40));
  }
  const repeated = repeatedKey(text);
  if (repeated !== undefined) {
    throw malformed(source, "without repeated names", repeated);
  }
  const { [METADATA_KEY]: metadata = {}, ...rest } = header;
  if (
    !isRecord(metadata) ||
    Object.values(metadata).some((value) => typeof value !== "string")
  ) {
    throw malformed(source, "text in its metadata", JSON.stringify(metadata));
  }
  const entries = Object.entries(rest)
    .map(([name, value]) => [name, parseEntry(name, value, source)] as const)
    .sort(([, a], [, b]) =>
      a.offsets[0] - b.offsets[0] || a.offsets[1] - b.offsets[1]
    );
  let end = 0;
  for (const [name, { offsets }] of entries) {
    if (offsets[0] !== end) {
      throw malformed(
        source,
        `without holes or overlaps: tensor ${name} at byte ${end}`,
        `byte ${offsets[0]}`,
      );
    }
    end = offsets[1];
  }
  if (end !== dataBytes) {
    throw malformed(
      source,
      `complete, with ${end} bytes of values`,
      `${dataBytes} bytes`,
    );
  }
  return {
    entries: new Map(entries),
    metadata: metadata as { [name: string]: string },
  };
}

/**
 * The error for a file that cannot be read.
 *
 * @param source Name of the file.
 * @param rule What it must be.
 * @param value What it is.
 * @param cause Underlying error.
 * @returns The error, to be thrown.
 *
 * @example
 * ```ts
 * import { malformed } from "./safetensors_format.ts";
 *
 * malformed("weights.safetensors", "at least 8 bytes", "3 bytes").message;
 * // Cannot read safetensors as 'weights.safetensors' must be at least 8 bytes: current value is 3 bytes
 * ```
 */
export function malformed(
  source: string,
  rule: string,
  value: string,
  cause?: unknown,
): SyntaxError {
  return new SyntaxError(
    `Cannot read safetensors as '${source}' must be ${rule}: current value is ${value}`,
    { cause },
  );
}

function parseEntry(
  name: string,
  value: unknown,
  source: string,
): SafetensorsEntry {
  const { dtype, shape, data_offsets: offsets } = isRecord(value) ? value : {};
  if (!isCounts(shape) || !isCounts(offsets) || offsets.length !== 2) {
    throw malformed(
      source,
      `a file that gives shape and data_offsets of tensor ${name}`,
      JSON.stringify(value),
    );
  }
  if (typeof dtype !== "string" || !Object.hasOwn(DTYPE_BYTES, dtype)) {
    const known = Object.keys(DTYPE_BYTES).join(", ");
    throw malformed(
      source,
      `of element types ${known} in tensor ${name}`,
      JSON.stringify(dtype),
    );
  }
  const known = dtype as SafetensorsDtype;
  const bytes = shape.reduce((product, length) => product * length, 1) *
    DTYPE_BYTES[known];
  if (offsets[1] - offsets[0] !== bytes) {
    throw malformed(
      source,
      `a file with ${bytes} bytes for tensor ${name} of shape [${
        shape.join(", ")
      }]`,
      `${offsets[1] - offsets[0]} bytes`,
    );
  }
  return { dtype: known, shape, offsets: [offsets[0], offsets[1]] };
}

/** The first name that stands twice in an object, which JSON.parse passes over; `text` is valid JSON. */
function repeatedKey(text: string): string | undefined {
  const names = new Set<string>();
  let depth = 0;
  for (const [token, isKey] of text.matchAll(TOKENS)) {
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    else if (depth === 1 && isKey !== undefined) {
      const name = JSON.parse(token.slice(0, token.lastIndexOf('"') + 1));
      if (names.has(name)) return name;
      names.add(name);
    }
  }
  return undefined;
}

/** Brackets, and strings with the colon that makes a key of them. */
const TOKENS = /[{}[\]]|"(?:[^"\\]|\\.)*"(\s*:)?/g;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) &&
    value.every((v) => Number.isSafeInteger(v) && v >= 0);
}

/**
 * Reads MATLAB's MAT-files of version 5 (those from before v7.3): numbers, text and cell arrays.
 *
 * @module
 */
import { inflateSync } from "node:zlib";

/** A MATLAB array. Values lie in MATLAB's order: the first index runs fastest. */
export type MatValue =
  | {
    /** Numbers or truth values of any class; 64-bit integers beyond 2^53 are rounded. */
    kind: "numbers";
    /** Length along each axis. */
    shape: number[];
    /** Values, the real part of complex ones. */
    data: Float64Array<ArrayBuffer>;
  }
  | {
    /** Characters. */
    kind: "text";
    /** Length along each axis. */
    shape: number[];
    /** The characters; of several rows, one row after the other. */
    text: string;
  }
  | {
    /** A cell array. */
    kind: "cells";
    /** Length along each axis. */
    shape: number[];
    /** What is in the cells. */
    cells: MatValue[];
  }
  | {
    /** Structures, objects, functions and sparse arrays, which are not read. */
    kind: "other";
    /** Length along each axis. */
    shape: number[];
  };

/** Part of a file: its type, its content, and where the next part starts. */
interface Element {
  type: number;
  content: DataView;
  end: number;
}

const HEADER_BYTES = 128;
const MATRIX = 14;
const COMPRESSED = 15;
/** Longest compressed variable, in bytes after inflation. */
const MOST_INFLATED = 2 ** 28;
/** Cells within cells. */
const DEEPEST = 32;

const numbers: {
  readonly [type: number]: [
    bytes: number,
    read: (view: DataView, at: number, little: boolean) => number,
  ];
} = {
  1: [1, (view, at) => view.getInt8(at)],
  2: [1, (view, at) => view.getUint8(at)],
  3: [2, (view, at, little) => view.getInt16(at, little)],
  4: [2, (view, at, little) => view.getUint16(at, little)],
  5: [4, (view, at, little) => view.getInt32(at, little)],
  6: [4, (view, at, little) => view.getUint32(at, little)],
  7: [4, (view, at, little) => view.getFloat32(at, little)],
  9: [8, (view, at, little) => view.getFloat64(at, little)],
  12: [8, (view, at, little) => Number(view.getBigInt64(at, little))],
  13: [8, (view, at, little) => Number(view.getBigUint64(at, little))],
};
const encodings: { readonly [type: number]: string } = {
  16: "utf-8",
  17: "utf-16",
};

/**
 * Reads a MAT-file.
 *
 * @param bytes Content of the file.
 * @param source Name of the file, for errors.
 * @returns The variables by name.
 * @throws {SyntaxError} If it is no such file, of another version, truncated or malformed.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { readMat5 } from "@outis/outis/io";
 *
 * assertThrows(() => readMat5(new Uint8Array(3), "split.mat"), SyntaxError);
 * ```
 */
export function readMat5(
  bytes: Uint8Array,
  source = "bytes",
): Map<string, MatValue> {
  const refuse = (rule: string, value: string) =>
    new SyntaxError(
      `Cannot read a MAT-file as '${source}' must be ${rule}: current value is ${value}`,
    );
  const mark = String.fromCharCode(...bytes.subarray(126, HEADER_BYTES));
  if (bytes.length < HEADER_BYTES || (mark !== "IM" && mark !== "MI")) {
    const start = bytes.length >= 8 && bytes[1] === 0x48 && bytes[2] === 0x44;
    throw refuse(
      "a MAT-file of version 5",
      start ? "an HDF5 file" : `${bytes.length} bytes of another kind`,
    );
  }
  const little = mark === "IM";
  const whole = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (whole.getUint16(124, little) !== 0x0100) {
    const version = whole.getUint16(124, little).toString(16);
    throw refuse("a MAT-file of version 5", `version word ${version}`);
  }

  const element = (view: DataView, at: number): Element => {
    if (at + 8 > view.byteLength) throw refuse("complete", "cut short");
    const word = view.getUint32(at, little);
    const small = word >>> 16;
    const type = small > 0 ? word & 0xffff : word;
    const length = small > 0 ? small : view.getUint32(at + 4, little);
    const start = small > 0 ? at + 4 : at + 8;
    if (small > 4 || start + length > view.byteLength) {
      throw refuse("complete", `one with ${length} bytes at ${at}`);
    }
    const padded = type === COMPRESSED ? length : Math.ceil(length / 8) * 8;
    return {
      type,
      content: new DataView(view.buffer, view.byteOffset + start, length),
      end: small > 0 ? at + 8 : start + padded,
    };
  };
  const values = ({ type, content }: Element) => {
    const [size, read] = numbers[type] ?? [];
    if (size === undefined || content.byteLength % size !== 0) {
      throw refuse("of numbers where numbers belong", `type ${type}`);
    }
    const data = new Float64Array(content.byteLength / size);
    for (let i = 0; i < data.length; i++) {
      data[i] = read!(content, i * size, little);
    }
    return data;
  };
  const matrix = (
    view: DataView,
    depth: number,
  ): { name: string; value: MatValue } => {
    // An empty cell may be written as nothing at all.
    if (view.byteLength === 0) {
      const data = new Float64Array();
      return { name: "", value: { kind: "numbers", shape: [0, 0], data } };
    }
    if (depth > DEEPEST) throw refuse(`at most ${DEEPEST} deep`, "deeper");
    const flags = element(view, 0);
    const kind = values(flags)[0] & 0xff;
    const sizes = element(view, flags.end);
    const shape = [...values(sizes)];
    const count = shape.reduce((product, length) => product * length, 1);
    if (shape.some((length) => length < 0) || !Number.isSafeInteger(count)) {
      throw refuse("of arrays with sizes", `[${shape.join(", ")}]`);
    }
    const label = element(view, sizes.end);
    const name = new TextDecoder().decode(label.content);
    const fits = (found: number) => {
      if (found === count) return;
      throw refuse(`of ${count} values in '${name}'`, `${found}`);
    };
    if (kind === 1) {
      const cells: MatValue[] = [];
      for (let at = label.end; at < view.byteLength && cells.length < count;) {
        const cell = element(view, at);
        if (cell.type !== MATRIX) {
          throw refuse("of arrays in cells", `type ${cell.type}`);
        }
        cells.push(matrix(cell.content, depth + 1).value);
        at = cell.end;
      }
      fits(cells.length);
      return { name, value: { kind: "cells", shape, cells } };
    }
    if (kind === 4) {
      const part = element(view, label.end);
      const text = characters(part);
      fits(text.length);
      return {
        name,
        value: { kind: "text", shape, text: byRows(text, shape) },
      };
    }
    if (kind >= 6 && kind <= 15) {
      const data = values(element(view, label.end));
      fits(data.length);
      return { name, value: { kind: "numbers", shape, data } };
    }
    return { name, value: { kind: "other", shape } };
  };
  const characters = (part: Element): string => {
    const encoding = encodings[part.type];
    if (encoding === undefined) {
      return Array.from(values(part), (code) => String.fromCharCode(code))
        .join("");
    }
    const order = encoding === "utf-16" ? (little ? "le" : "be") : "";
    return new TextDecoder(encoding + order).decode(part.content);
  };

  const variables = new Map<string, MatValue>();
  for (let at = HEADER_BYTES; at < bytes.length;) {
    let part = element(whole, at);
    at = part.end;
    if (part.type === COMPRESSED) part = element(inflate(part.content), 0);
    if (part.type !== MATRIX) continue;
    const { name, value } = matrix(part.content, 0);
    variables.set(name, value);
  }
  return variables;

  function inflate({ buffer, byteOffset, byteLength }: DataView): DataView {
    try {
      const packed = new Uint8Array(buffer, byteOffset, byteLength);
      const plain = inflateSync(packed, { maxOutputLength: MOST_INFLATED });
      return new DataView(plain.buffer, plain.byteOffset, plain.byteLength);
    } catch (cause) {
      throw refuse("of sound compressed parts", (cause as Error).message);
    }
  }
}

// The first index runs fastest: a text of several rows is stored column by column.
function byRows(text: string, shape: number[]): string {
  const [rows] = shape;
  if (rows <= 1) return text;
  const columns = text.length / rows;
  return Array.from(
    { length: text.length },
    (_, i) => text[Math.floor(i / columns) + rows * (i % columns)],
  ).join("");
}

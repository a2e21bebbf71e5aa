/**
 * Which inputs of a TensorFlow operation are lists. The graph API adds a list in one call, while TensorFlow.js passes
 * all inputs in one flat array, so the flat array has to be cut by the operation's own definition.
 *
 * @module
 */
import type { Pointer, TensorFlowLibrary } from "./c_api.ts";

/** Inputs of an operation, in order, and the attributes that the graph API infers from list lengths. */
export interface OpSignature {
  /** Per input: `true` where it takes a list of tensors. */
  lists: boolean[];
  /** Attributes that hold a list's length or dtypes, not to be set by hand. */
  inferred: Set<string>;
}

// Field numbers of OpDef and OpDef.ArgDef in tensorflow/core/framework/op_def.proto.
const OP_INPUT = 2;
const ARGUMENT_NUMBER_ATTRIBUTE = 5;
const ARGUMENT_TYPE_LIST_ATTRIBUTE = 6;

/**
 * Reads an operation's signature from its definition in the library.
 *
 * @param library The C functions.
 * @param graph Any graph.
 * @param name TensorFlow's name of the operation.
 * @returns Which of its inputs are lists.
 * @throws {Error} If the library has no operation of that name.
 *
 * @example
 * ```ts
 * import { openTensorFlow } from "./c_api.ts";
 * import { findLibrary } from "./library.ts";
 * import { opSignature } from "./op_signature.ts";
 *
 * const found = findLibrary().library;
 * if (found !== undefined) {
 *   const library = openTensorFlow(found.path);
 *   const graph = library.symbols.TF_NewGraph()!;
 *   console.log(opSignature(library, graph, "ConcatV2").lists); // [true, false]
 *   library.symbols.TF_DeleteGraph(graph);
 * }
 * ```
 */
export function opSignature(
  library: TensorFlowLibrary,
  graph: Pointer,
  name: string,
): OpSignature {
  const { symbols, status, cString, check } = library;
  const buffer = symbols.TF_NewBuffer()!;
  try {
    symbols.TF_GraphGetOpDef(graph, cString(name), buffer, status);
    check(() => `Cannot find operation '${name}'`);
    return parseOpDef(bufferBytes(buffer));
  } finally {
    symbols.TF_DeleteBuffer(buffer);
  }
}

/** `TF_Buffer` is `{ const void* data; size_t length; ... }`. */
function bufferBytes(buffer: Pointer): Uint8Array {
  const view = new Deno.UnsafePointerView(buffer);
  const data = view.getPointer(0);
  const length = Number(view.getBigUint64(8));
  if (data === null || length === 0) return new Uint8Array();
  return new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(data, length));
}

/**
 * Parses the inputs out of a serialised `OpDef`.
 *
 * @param bytes The message.
 * @returns Which of the inputs are lists.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseOpDef } from "./op_signature.ts";
 *
 * // Field 2, an input of 3 bytes; in it field 5, the name of the attribute that holds the list's length: "N".
 * const bytes = new Uint8Array([0x12, 3, 0x2a, 1, 0x4e]);
 * assertEquals(parseOpDef(bytes), { lists: [true], inferred: new Set(["N"]) });
 * ```
 */
export function parseOpDef(bytes: Uint8Array): OpSignature {
  const signature: OpSignature = { lists: [], inferred: new Set() };
  for (const [field, value] of fields(bytes)) {
    if (field !== OP_INPUT || typeof value === "number") continue;
    let isList = false;
    for (const [part, name] of fields(value)) {
      const namesList = part === ARGUMENT_NUMBER_ATTRIBUTE ||
        part === ARGUMENT_TYPE_LIST_ATTRIBUTE;
      if (!namesList || typeof name === "number" || name.length === 0) continue;
      isList = true;
      signature.inferred.add(new TextDecoder().decode(name));
    }
    signature.lists.push(isList);
  }
  return signature;
}

/** The fields of one protocol-buffer message: varints as numbers, everything with a length as bytes. */
function* fields(
  bytes: Uint8Array,
): Generator<[field: number, value: number | Uint8Array]> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1;; scale *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const field = Math.floor(key / 8);
    switch (key & 7) {
      case 0:
        yield [field, varint()];
        break;
      case 1:
        at += 8;
        break;
      case 2: {
        const length = varint();
        yield [field, bytes.subarray(at, at + length)];
        at += length;
        break;
      }
      default:
        at += 4;
    }
  }
}

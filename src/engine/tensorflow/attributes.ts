/**
 * Attributes of operations. The eager and the graph API set them by functions of the same shape under two prefixes.
 *
 * @module
 */
import type { Pointer, TensorFlowLibrary } from "./c_api.ts";
import { dimensions } from "./tensor_data.ts";

/** Kinds of attribute values, numbered as TensorFlow.js's kernels expect. */
export const ATTRIBUTE = {
  STRING: 0,
  INT: 1,
  FLOAT: 2,
  BOOL: 3,
  TYPE: 4,
  SHAPE: 5,
} as const;

/** One attribute of an operation, as TensorFlow.js's kernels write it. */
export interface Attribute {
  /** TensorFlow's name of it. */
  name: string;
  /** One of {@linkcode ATTRIBUTE}. */
  type: number;
  /** String, number, boolean, dtype number, or a list of numbers. */
  value: unknown;
}

/**
 * Sets an attribute of an operation that is being built; arrays of numbers become lists.
 *
 * @param library The C functions.
 * @param api Prefix of the C functions: `"TFE_OpSetAttr"` for eager operations, `"TF_SetAttr"` for graph nodes.
 * @param target The operation.
 * @param attribute What to set.
 * @throws {TypeError} If the attribute's kind is unknown.
 *
 * @example
 * ```ts
 * import { ATTRIBUTE, setAttribute } from "./attributes.ts";
 * import { createBinding } from "./binding.ts";
 * import { findLibrary } from "./library.ts";
 *
 * const found = findLibrary().library;
 * if (found !== undefined) {
 *   const { library, context } = createBinding(found.path);
 *   const { symbols, status, cString } = library;
 *   const cast = symbols.TFE_NewOp(context, cString("Cast"), status)!;
 *   const attribute = { name: "DstT", type: ATTRIBUTE.TYPE, value: 3 }; // int32
 *   setAttribute(library, "TFE_OpSetAttr", cast, attribute);
 *   symbols.TFE_DeleteOp(cast);
 * }
 * ```
 */
export function setAttribute(
  library: TensorFlowLibrary,
  api: "TFE_OpSetAttr" | "TF_SetAttr",
  target: Pointer,
  { name, type, value }: Attribute,
): void {
  const { symbols, status, cString } = library;
  const key = cString(name);
  const isList = Array.isArray(value);
  switch (type) {
    case ATTRIBUTE.STRING: {
      const bytes = new TextEncoder().encode(value as string);
      const size = BigInt(bytes.byteLength);
      symbols[`${api}String`](target, key, bytes, size);
      break;
    }
    case ATTRIBUTE.INT:
      if (isList) {
        const list = dimensions(value);
        symbols[`${api}IntList`](target, key, list, value.length);
      } else symbols[`${api}Int`](target, key, BigInt(value as number));
      break;
    case ATTRIBUTE.FLOAT:
      if (isList) {
        const list = Float32Array.from(value);
        symbols[`${api}FloatList`](target, key, list, value.length);
      } else symbols[`${api}Float`](target, key, value as number);
      break;
    case ATTRIBUTE.BOOL:
      symbols[`${api}Bool`](target, key, value ? 1 : 0);
      break;
    case ATTRIBUTE.TYPE:
      if (isList) {
        const list = Int32Array.from(value);
        symbols[`${api}TypeList`](target, key, list, value.length);
      } else symbols[`${api}Type`](target, key, value as number);
      break;
    case ATTRIBUTE.SHAPE: {
      const shape = value as number[];
      const dims = dimensions(shape);
      if (api === "TF_SetAttr") {
        symbols.TF_SetAttrShape(target, key, dims, shape.length);
      } else {
        symbols.TFE_OpSetAttrShape(target, key, dims, shape.length, status);
      }
      break;
    }
    default:
      throw new TypeError(
        `Cannot set attribute '${name}' as its kind must be one of 0 to 5: current value is ${type}`,
      );
  }
}

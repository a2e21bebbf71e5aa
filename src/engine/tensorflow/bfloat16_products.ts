/**
 * A trace whose matrix products and convolutions are computed in bfloat16.
 *
 * @module
 */
import { ATTRIBUTE, type Attribute } from "./attributes.ts";
import { DTYPE } from "./tensor_data.ts";
import type { Node, Output, Trace } from "./trace.ts";

/** TensorFlow's number of bfloat16, which TensorFlow.js has no name for. */
const BFLOAT16 = 14;
const PRODUCTS = new Set(["MatMul", "BatchMatMulV2", "Conv2D"]);

/**
 * Puts casts around every product of a trace, and around the addition of a bias behind it, which the graph optimiser
 * joins with it. Sums inside a product are float32 on processors with bfloat16 instructions; all else stays float32.
 *
 * @param trace The trace to record into.
 * @returns A trace whose tensors are float32 outside of the products.
 *
 * @example
 * ```ts
 * import { bfloat16Products } from "./bfloat16_products.ts";
 * import { openTensorFlow } from "./c_api.ts";
 * import { findLibrary } from "./library.ts";
 * import { beginTrace } from "./trace.ts";
 *
 * const found = findLibrary().library;
 * if (found !== undefined) {
 *   const trace = bfloat16Products(beginTrace(openTensorFlow(found.path)));
 *   trace.dispose();
 * }
 * ```
 */
export function bfloat16Products(trace: Trace): Trace {
  /** What a float32 output is the cast of, or was cast to, in bfloat16. */
  const halves = new Map<string, Output>();

  function cast(output: Output, from: number, to: number): Node {
    const type = ATTRIBUTE.TYPE;
    return trace.operation("Cast", [
      { name: "SrcT", type, value: from },
      { name: "DstT", type, value: to },
    ], [output])[0];
  }

  function half(output: Output): Output {
    const key = output.join();
    const known = halves.get(key);
    if (known !== undefined) return known;
    const made = cast(output, DTYPE.FLOAT, BFLOAT16).output;
    halves.set(key, made);
    return made;
  }

  return {
    ...trace,
    operation(name, attributes, inputs) {
      const isProduct = PRODUCTS.has(name) ||
        (name === "BiasAdd" && halves.has(inputs[0].join()));
      if (!isProduct || !isFloat(attributes)) {
        return trace.operation(name, attributes, inputs);
      }
      const types = attributes.map((attribute) =>
        attribute.name === "T" ? { ...attribute, value: BFLOAT16 } : attribute
      );
      return trace.operation(name, types, inputs.map(half)).map((product) => {
        const node = cast(product.output, BFLOAT16, DTYPE.FLOAT);
        halves.set(node.output.join(), product.output);
        return node;
      });
    },
  };
}

function isFloat(attributes: Attribute[]): boolean {
  return attributes.some(({ name, value }) =>
    name === "T" && value === DTYPE.FLOAT
  );
}

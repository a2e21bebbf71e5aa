/**
 * Records operations into a TensorFlow graph instead of running them, and turns the graph into a function the eager
 * runtime can call. `jit` drives it; while a trace is active the binding sends every operation here.
 *
 * @module
 */
import type { Pointer, TensorFlowLibrary } from "./c_api.ts";
import { type Attribute, setAttribute } from "./attributes.ts";
import { dimensions, type Values, withTensor } from "./tensor_data.ts";
import { type OpSignature, opSignature } from "./op_signature.ts";

/** `TF_Output` as 16 bytes: address of the operation, index of the output. */
export type Output = Uint8Array<ArrayBuffer>;

/** A graph output with what TensorFlow inferred about it. */
export interface Node {
  /** Which output of which operation. */
  output: Output;
  /** Its shape, known in full. */
  shape: number[];
  /** TensorFlow's number of its dtype. */
  dtype: number;
}

/** A graph under construction. */
export interface Trace {
  /** Adds an input of the function; inputs are numbered in the order they are added. */
  input: (shape: number[], dtype: number) => Node;
  /** Adds a constant. */
  constant: (shape: number[], dtype: number, values: Values) => Node;
  /** Adds an operation and returns its outputs. */
  operation: (
    name: string,
    attributes: Attribute[],
    inputs: Output[],
  ) => Node[];
  /** Makes a function of all inputs so far and the given outputs, and hands it to `context`. */
  finish: (context: Pointer, functionName: string, outputs: Output[]) => void;
  /** Frees the graph. */
  dispose: () => void;
}

const signatures = new Map<string, OpSignature>();

/**
 * Begins an empty graph.
 *
 * @param library The C functions.
 * @returns The graph, to be disposed by the caller.
 *
 * @example
 * ```ts
 * import { ATTRIBUTE } from "./attributes.ts";
 * import { openTensorFlow } from "./c_api.ts";
 * import { findLibrary } from "./library.ts";
 * import { DTYPE } from "./tensor_data.ts";
 * import { beginTrace } from "./trace.ts";
 *
 * const found = findLibrary().library;
 * if (found !== undefined) {
 *   const trace = beginTrace(openTensorFlow(found.path));
 *   const values = new Float32Array([1, 2]);
 *   const { output } = trace.constant([2], DTYPE.FLOAT, values);
 *   const type = { name: "T", type: ATTRIBUTE.TYPE, value: DTYPE.FLOAT };
 *   const [sum] = trace.operation("AddV2", [type], [output, output]);
 *   console.log(sum.shape); // [2]
 *   trace.dispose();
 * }
 * ```
 */
export function beginTrace(library: TensorFlowLibrary): Trace {
  const { symbols, status, cString, check } = library;
  const graph = symbols.TF_NewGraph()!;
  const inputs: Output[] = [];
  const encoder = new TextEncoder();
  let count = 0;

  function begin(name: string): Pointer {
    // TensorFlow's optimiser sorts operands by name before it looks for patterns, so names begin with the operation. A
    // fresh encoding keeps them out of the string cache.
    const label = encoder.encode(`${name}_${count++}\0`);
    return symbols.TF_NewOperation(graph, cString(name), label)!;
  }

  function finishOperation(description: Pointer, name: string): Pointer {
    const operation = symbols.TF_FinishOperation(description, status);
    check(() => `Cannot trace operation '${name}'`);
    return operation!;
  }

  function node(operation: Pointer, index: number, name: string): Node {
    const output = toOutput(operation, index);
    const rank = symbols.TF_GraphGetTensorNumDims(graph, output, status);
    check(() => `Cannot trace operation '${name}'`);
    const dims = dimensions(new Array(Math.max(rank, 0)).fill(0));
    if (rank > 0) {
      symbols.TF_GraphGetTensorShape(graph, output, dims, rank, status);
      check(() => `Cannot trace operation '${name}'`);
    }
    const shape = Array.from(dims.subarray(0, Math.max(rank, 0)), Number);
    if (rank < 0 || shape.some((size) => size < 0)) {
      const known = rank < 0 ? "unknown rank" : `[${shape}]`;
      throw new Error(
        `Cannot trace operation '${name}' as its output shape must not depend on values: current value is ${known}`,
      );
    }
    return { output, shape, dtype: symbols.TF_OperationOutputType(output) };
  }

  return {
    input(shape, dtype) {
      const description = begin("Placeholder");
      symbols.TF_SetAttrType(description, cString("dtype"), dtype);
      symbols.TF_SetAttrShape(
        description,
        cString("shape"),
        dimensions(shape),
        shape.length,
      );
      const added = node(finishOperation(description, "input"), 0, "input");
      inputs.push(added.output);
      return added;
    },

    constant(shape, dtype, values) {
      const description = withTensor(
        library,
        shape,
        dtype,
        values,
        (tensor) => {
          const begun = begin("Const");
          symbols.TF_SetAttrTensor(begun, cString("value"), tensor, status); // copies
          check(() => "Cannot trace a constant");
          return begun;
        },
      );
      symbols.TF_SetAttrType(description, cString("dtype"), dtype);
      const operation = finishOperation(description, "Const");
      return { output: toOutput(operation, 0), shape, dtype };
    },

    operation(name, attributes, operands) {
      let signature = signatures.get(name);
      if (signature === undefined) {
        signature = opSignature(library, graph, name);
        signatures.set(name, signature);
      }
      const description = begin(name);
      for (const attribute of attributes) {
        if (signature.inferred.has(attribute.name)) continue;
        setAttribute(library, "TF_SetAttr", description, attribute);
      }
      // What is left over beside the single inputs belongs to the (one) list.
      const singles = signature.lists.filter((isList) => !isList).length;
      let at = 0;
      for (const isList of signature.lists) {
        if (isList) {
          const length = operands.length - singles;
          const list = concatenate(operands.slice(at, at + length));
          symbols.TF_AddInputList(description, list, length);
          at += length;
        } else {
          symbols.TF_AddInput(description, operands[at++]);
        }
      }
      const operation = finishOperation(description, name);
      const outputs = symbols.TF_OperationNumOutputs(operation);
      return Array.from(
        { length: outputs },
        (_, i) => node(operation, i, name),
      );
    },

    finish(context, functionName, outputs) {
      const traced = symbols.TF_GraphToFunction(
        graph,
        encoder.encode(functionName + "\0"),
        0,
        -1,
        null,
        inputs.length,
        concatenate(inputs),
        outputs.length,
        concatenate(outputs),
        null,
        null,
        null,
        status,
      );
      check(() => "Cannot finish a jitted function");
      symbols.TFE_ContextAddFunction(context, traced, status);
      symbols.TF_DeleteFunction(traced);
      check(() => "Cannot register a jitted function");
    },

    dispose() {
      symbols.TF_DeleteGraph(graph);
    },
  };
}

function toOutput(operation: Pointer, index: number): Output {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, Deno.UnsafePointer.value(operation), true);
  view.setInt32(8, index, true);
  return bytes;
}

function concatenate(outputs: Output[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.max(outputs.length, 1) * 16);
  outputs.forEach((output, i) => bytes.set(output, i * 16));
  return bytes;
}

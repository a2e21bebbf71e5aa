/**
 * What `@tensorflow/tfjs-node-gpu`'s kernels call instead of their native addon: tensors by number, operations by name,
 * run at once by TensorFlow's eager runtime or recorded into the active {@link Trace}.
 *
 * @module
 */
import {
  openTensorFlow,
  type Pointer,
  type TensorFlowLibrary,
  text,
} from "./c_api.ts";
import { DTYPE, fromTensor, type Values, withTensor } from "./tensor_data.ts";
import { ATTRIBUTE, type Attribute, setAttribute } from "./attributes.ts";
import type { Output, Trace } from "./trace.ts";

/** A tensor as the kernels see it. */
export interface TensorMetadata {
  /** Its number; never used twice. */
  id: number;
  /** Length along each axis. */
  shape: number[];
  /** TensorFlow's number of its dtype. */
  dtype: number;
}

/** Options of {@linkcode createBinding}. */
export interface BindingOptions {
  /**
   * Threads inside one operation and across operations.
   *
   * @default {0} all cores
   */
  threads?: number;
}

/** TensorFlow's numbers of dtypes and of kinds of attributes, under the names that the kernels know. */
const NUMBERS = {
  TF_FLOAT: DTYPE.FLOAT,
  TF_INT32: DTYPE.INT32,
  TF_INT64: DTYPE.INT64,
  TF_BOOL: DTYPE.BOOL,
  TF_COMPLEX64: DTYPE.COMPLEX64,
  TF_STRING: DTYPE.STRING,
  TF_RESOURCE: DTYPE.RESOURCE,
  TF_UINT8: DTYPE.UINT8,
  TF_ATTR_STRING: ATTRIBUTE.STRING,
  TF_ATTR_INT: ATTRIBUTE.INT,
  TF_ATTR_FLOAT: ATTRIBUTE.FLOAT,
  TF_ATTR_BOOL: ATTRIBUTE.BOOL,
  TF_ATTR_TYPE: ATTRIBUTE.TYPE,
  TF_ATTR_SHAPE: ATTRIBUTE.SHAPE,
} as const;

/** The binding: the interface of tfjs-node's addon, and beside it what tracing and `jit` need. */
export interface Binding extends Readonly<typeof NUMBERS> {
  /** Makes a tensor of values and returns its number. */
  createTensor: (shape: number[], dtype: number, values: Values) => number;
  /** Frees a tensor; a number that is free already is passed over. */
  deleteTensor: (id: number) => void;
  /** Reads the values of a tensor. */
  tensorDataSync: (id: number) => Values;
  /** Runs an operation, or records it while a trace is active. */
  executeOp: (
    name: string,
    attributes: Attribute[],
    inputs: number[],
    outputs: number,
  ) => TensorMetadata[];
  /** Whether the context has a GPU. */
  isUsingGpuDevice: () => boolean;
  /** Number of tensors that are alive. */
  getNumOfTensors: () => number;
  /** Number of saved models: none are ever loaded. */
  getNumOfSavedModels: () => number;
  /** Version of TensorFlow. */
  readonly TF_Version: string;
  /** The C functions. */
  readonly library: TensorFlowLibrary;
  /** The eager context. */
  readonly context: Pointer;
  /** Sends operations to `next` from now on, or back to the eager runtime; the nodes of the last trace are forgotten. */
  setTrace: (next: Trace | null) => void;
  /** Numbers a node of the active trace, so that kernels can use it as a tensor. */
  adopt: (output: Output) => number;
  /** The graph output behind a number, or `undefined` for a tensor with values. */
  outputOf: (id: number) => Output | undefined;
  /** Removes a jitted function from the context. */
  removeFunction: (name: string) => void;
}

/**
 * Opens libtensorflow and starts an eager context on it.
 *
 * @param path Path of the shared library.
 * @param options Threads.
 * @returns The binding, which lives as long as the process.
 * @throws {Error} If the library cannot be opened or the context cannot be made.
 *
 * @example
 * ```ts
 * import { createBinding } from "./binding.ts";
 * import { findLibrary } from "./library.ts";
 *
 * const { library } = findLibrary();
 * if (library !== undefined) {
 *   const binding = createBinding(library.path);
 *   const id = binding.createTensor(
 *     [2],
 *     binding.TF_FLOAT,
 *     new Float32Array([1, 2]),
 *   );
 *   binding.deleteTensor(id);
 * }
 * ```
 */
export function createBinding(
  path: string,
  options: BindingOptions = {},
): Binding {
  const library = openTensorFlow(path);
  const { symbols, status, cString, check } = library;
  const context = createContext(library, options.threads ?? 0);
  const handles = new Map<number, Pointer>();
  const symbolic = new Map<number, Output>();
  const lengths = new Int32Array(1);
  let nextId = 1;
  let trace: Trace | null = null;

  function createTensor(
    shape: number[],
    dtype: number,
    values: Values,
  ): number {
    const handle = withTensor(library, shape, dtype, values, (tensor) => {
      const lent = symbols.TFE_NewTensorHandle(tensor, status);
      check(() => `Cannot create a tensor of shape [${shape}]`);
      return dtype === DTYPE.STRING ? copyOfStrings(lent!) : lent!;
    });
    handles.set(nextId, handle);
    return nextId++;
  }

  /** A handle to strings of its own, in the place of `lent`. Joining a list of one is the operation that copies. */
  function copyOfStrings(lent: Pointer): Pointer {
    const id = nextId++;
    handles.set(id, lent);
    try {
      const one = { name: "N", type: ATTRIBUTE.INT, value: 1 };
      return run("StringJoin", [one], [id], 1)[0];
    } finally {
      deleteTensor(id);
    }
  }

  function deleteTensor(id: number): void {
    symbolic.delete(id);
    const handle = handles.get(id);
    if (handle === undefined) return;
    handles.delete(id);
    symbols.TFE_DeleteTensorHandle(handle);
  }

  function handleOf(id: number): Pointer {
    const handle = handles.get(id);
    if (handle === undefined) throw outsideTrace();
    return handle;
  }

  function metadata(handle: Pointer): TensorMetadata {
    const shape = shapeOf(handle);
    handles.set(nextId, handle);
    const dtype = symbols.TFE_TensorHandleDataType(handle);
    return { id: nextId++, shape, dtype };
  }

  function shapeOf(handle: Pointer): number[] {
    const rank = symbols.TFE_TensorHandleNumDims(handle, status);
    const shape: number[] = new Array(Math.max(rank, 0));
    for (let i = 0; i < rank; i++) {
      shape[i] = Number(symbols.TFE_TensorHandleDim(handle, i, status));
    }
    check(() => "Cannot run an operation");
    return shape;
  }

  function tensorDataSync(id: number): Values {
    const handle = handleOf(id);
    const tensor = symbols.TFE_TensorHandleResolve(handle, status);
    check(() => "Cannot read a tensor");
    const count = shapeOf(handle).reduce((a, b) => a * b, 1);
    const dtype = symbols.TFE_TensorHandleDataType(handle);
    try {
      return fromTensor(library, tensor!, dtype, count);
    } finally {
      symbols.TF_DeleteTensor(tensor);
    }
  }

  function run(
    name: string,
    attributes: Attribute[],
    inputs: number[],
    outputs: number,
  ): Pointer[] {
    const during = () =>
      `Cannot run operation '${name}' on shapes ${
        inputs.map((id) => `[${shapeOf(handleOf(id))}]`).join(", ")
      }`;
    const operation = symbols.TFE_NewOp(context, cString(name), status);
    check(during);
    try {
      for (const attribute of attributes) {
        setAttribute(library, "TFE_OpSetAttr", operation!, attribute);
      }
      for (const id of inputs) {
        symbols.TFE_OpAddInput(operation, handleOf(id), status);
      }
      check(during);
      const results = new BigUint64Array(Math.max(outputs, 1));
      lengths[0] = outputs;
      symbols.TFE_Execute(operation, results, lengths, status);
      check(during);
      return Array.from(
        results.subarray(0, lengths[0]),
        (address) => Deno.UnsafePointer.create(address)!,
      );
    } finally {
      symbols.TFE_DeleteOp(operation);
    }
  }

  function executeOp(
    name: string,
    attributes: Attribute[],
    inputs: number[],
    outputs: number,
  ): TensorMetadata[] {
    if (trace === null) {
      return run(name, attributes, inputs, outputs).map(metadata);
    }
    const operands = inputs.map((id) => {
      const output = symbolic.get(id);
      if (output === undefined) throw outsideTrace();
      return output;
    });
    return trace.operation(name, attributes, operands).map((node) => {
      symbolic.set(nextId, node.output);
      return { id: nextId++, shape: node.shape, dtype: node.dtype };
    });
  }

  return {
    // The interface of tfjs-node's addon
    createTensor,
    deleteTensor,
    tensorDataSync,
    executeOp,
    isUsingGpuDevice: () => hasGpu(library, context),
    getNumOfTensors: () => handles.size,
    getNumOfSavedModels: () => 0,
    ...NUMBERS,
    TF_Version: library.version,
    // What tracing needs beside it
    library,
    context,
    setTrace(next) {
      trace = next;
      symbolic.clear();
    },
    adopt(output) {
      symbolic.set(nextId, output);
      return nextId++;
    },
    outputOf: (id) => symbolic.get(id),
    removeFunction(name) {
      symbols.TFE_ContextRemoveFunction(context, cString(name), status);
      check(() => `Cannot remove function '${name}'`);
    },
  };
}

function outsideTrace(): Error {
  return new Error(
    "Cannot use a tensor as it must belong where it is used: it was made inside a jitted function and is used outside of it, or it was disposed",
  );
}

/** An eager context with the given number of threads. */
function createContext(library: TensorFlowLibrary, threads: number): Pointer {
  const { symbols, status, check } = library;
  const options = symbols.TFE_NewContextOptions();
  // ConfigProto: field 2 is intra_op_parallelism_threads, field 5 inter_op_parallelism_threads, both varints.
  if (threads > 0) {
    const config = new Uint8Array([
      2 << 3,
      ...varint(threads),
      5 << 3,
      ...varint(threads),
    ]);
    const size = BigInt(config.byteLength);
    symbols.TFE_ContextOptionsSetConfig(options, config, size, status);
    check(() => "Cannot set the number of threads");
  }
  const context = symbols.TFE_NewContext(options, status);
  symbols.TFE_DeleteContextOptions(options);
  check(() => "Cannot start TensorFlow");
  return context!;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  while (value > 127) {
    bytes.push((value & 127) | 128);
    value >>>= 7;
  }
  return [...bytes, value];
}

function hasGpu(library: TensorFlowLibrary, context: Pointer): boolean {
  const { symbols, status, check } = library;
  const devices = symbols.TFE_ContextListDevices(context, status);
  check(() => "Cannot list devices");
  const count = symbols.TF_DeviceListCount(devices);
  let found = false;
  for (let i = 0; i < count; i++) {
    found ||= text(symbols.TF_DeviceListType(devices, i, status)) === "GPU";
  }
  symbols.TF_DeleteDeviceList(devices);
  return found;
}

/**
 * The backend `tensorflow`: the kernels of `@tensorflow/tfjs-node-gpu` on our own {@link Binding}, and the two extra
 * abilities `jit` is made of: tracing, and calling what was traced.
 *
 * @module
 */
import util from "node:util";
import { tf } from "../tf.ts";
import { type Binding, type BindingOptions, createBinding } from "./binding.ts";
import type { Attribute } from "./attributes.ts";
import { registerGather } from "./gather.ts";
import { bfloat16Products } from "./bfloat16_products.ts";
import { beginTrace, type Output, type Trace } from "./trace.ts";
import type { Values } from "./tensor_data.ts";

/** The key TensorFlow.js keeps a tensor's values under. */
type DataId = tf.DataId;

/** What the package's backend keeps per tensor. */
interface TensorData {
  shape: number[];
  dtype: number;
  values: Values | null;
  id: number;
  refCount: number;
}

/** The members of the package's `NodeJSKernelBackend` used here; some of them are private in its own types. */
interface NodeBackend extends tf.KernelBackend {
  binding: Binding;
  isUsingGpuDevice: boolean;
  getDTypeInteger(dtype: tf.DataType): number;
  tensorMap: {
    get(dataId: DataId): TensorData;
    has(dataId: DataId): boolean;
  };
  getInputTensorIds(tensors: tf.TensorInfo[]): number[];
  createOutputTensor(
    metadata: { id: number; shape: number[]; dtype: number },
  ): tf.Tensor;
  executeSingleOutput(
    name: string,
    attributes: Attribute[],
    inputs: tf.TensorInfo[],
  ): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: Attribute[],
    inputs: tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[];
}

/** A function traced once, ready to be called with other values of the same shapes and dtypes. */
export interface TracedFunction {
  /** Runs it. Inputs are borrowed, outputs owned by the caller. */
  call: (inputs: tf.Tensor[], compile: boolean) => tf.Tensor[];
  /** Forgets it. */
  dispose: () => void;
}

/** The backend as the engine uses it. */
export interface TensorFlowBackend extends NodeBackend {
  /**
   * Traces `fn` for inputs of the given shapes and dtypes. `fn` gets stand-ins that have no values. With `"bfloat16"` its
   * products are computed so.
   */
  trace(
    fn: (inputs: tf.Tensor[]) => tf.Tensor[],
    like: tf.Tensor[],
    precision?: "float32" | "bfloat16",
  ): TracedFunction;
  /** Whether a trace is active. */
  isTracing(): boolean;
}

interface ActiveTrace {
  trace: Trace;
  /** Tensors born in this trace; all others are captured from outside. */
  local: WeakSet<DataId>;
  /** Node numbers of constants and captured tensors. */
  nodes: Map<DataId, number>;
  /** Captured tensors, in the order of their inputs. */
  sources: CapturedSource[];
}

/** Where a captured tensor's present values are found: a variable may hold others at every call. */
type CapturedSource = tf.Variable | { dataId: DataId };

let functions = 0;

/**
 * Opens libtensorflow and registers the backend `tensorflow` with TensorFlow.js.
 *
 * @param path Path of the shared library.
 * @returns The backend and the library's version.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { startTensorFlow } from "./backend.ts";
 * import { findLibrary } from "./library.ts";
 *
 * const { library } = findLibrary();
 * if (library !== undefined) {
 *   const { version } = await startTensorFlow(library.path);
 *   await tf.setBackend("tensorflow");
 *   console.log(version); // 2.21.0
 * }
 * ```
 */
export async function startTensorFlow(
  path: string,
  options: BindingOptions = {},
): Promise<{ backend: TensorFlowBackend; version: string }> {
  // The package uses two functions that newer runtimes have dropped from node:util.
  const shim = util as unknown as Record<string, unknown>;
  shim.isNullOrUndefined ??= (value: unknown) => value == null;
  shim.isArray ??= Array.isArray;
  const binding = createBinding(path, options);
  const module = await import(
    "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js"
  );
  const Base = (module.default ?? module)
    .NodeJSKernelBackend as unknown as new (
      binding: Binding,
      packageName: string,
    ) => NodeBackend;

  class Backend extends Base implements TensorFlowBackend {
    #active: ActiveTrace | null = null;

    isTracing(): boolean {
      return this.#active !== null;
    }

    override getInputTensorIds(tensors: tf.TensorInfo[]): number[] {
      if (this.#active === null) return super.getInputTensorIds(tensors);
      return tensors.map((tensor) => this.#nodeOf(tensor));
    }

    // Not `move`: that one also brings captured tensors over from another backend.
    override write(
      values: tf.backend_util.BackendValues,
      shape: number[],
      dtype: tf.DataType,
    ): DataId {
      const dataId = super.write(values, shape, dtype);
      this.#active?.local.add(dataId);
      return dataId;
    }

    override readSync(dataId: DataId): tf.backend_util.BackendValues {
      if (this.#active !== null) {
        const isConstant = this.#active.local.has(dataId) &&
          this.tensorMap.get(dataId).values != null;
        if (!isConstant) {
          throw new Error(
            "Cannot read a tensor's values as it must not be inside a jitted function, where tensors have shapes but no values yet: return it and read it outside",
          );
        }
      }
      return super.readSync(dataId);
    }

    trace(
      fn: (inputs: tf.Tensor[]) => tf.Tensor[],
      like: tf.Tensor[],
      precision: "float32" | "bfloat16" = "float32",
    ): TracedFunction {
      const begun = beginTrace(binding.library);
      const active: ActiveTrace = {
        trace: precision === "bfloat16" ? bfloat16Products(begun) : begun,
        local: new WeakSet(),
        nodes: new Map(),
        sources: [],
      };
      const { sources } = active;
      const name = `outis_jit_${functions++}`;
      let count = 0;
      tf.tidy(() => {
        const restoreVariables = rememberVariables();
        let assigned: string[] = [];
        this.#active = active;
        binding.setTrace(active.trace);
        try {
          const results = fn(like.map((tensor) => this.#standIn(tensor)));
          count = results.length;
          const outputs = results.map((result) => this.#outputOf(result));
          active.trace.finish(binding.context, name, outputs);
        } catch (error) {
          freeTape();
          throw error;
        } finally {
          binding.setTrace(null);
          this.#active = null;
          active.trace.dispose();
          assigned = restoreVariables(active.local);
        }
        if (assigned.length > 0) {
          binding.removeFunction(name);
          throw new Error(
            `Cannot jit a function as variables must not be assigned inside (return the new values and assign them outside): current value is an assignment to ${
              assigned.join(", ")
            }`,
          );
        }
      });
      return {
        call: (inputs, compile) => {
          const ids = this.getInputTensorIds(inputs);
          for (const source of sources) ids.push(this.#captureId(source));
          const attributes = compile
            ? [{
              name: "_XlaMustCompile",
              type: binding.TF_ATTR_BOOL,
              value: true,
            }]
            // Without it TensorFlow runs the graph as it was traced, unoptimised.
            : [{
              name: "config_proto",
              type: binding.TF_ATTR_STRING,
              value: "",
            }];
          return binding.executeOp(name, attributes, ids, count)
            .map((metadata) => this.createOutputTensor(metadata));
        },
        dispose: () => binding.removeFunction(name),
      };
    }

    override createOutputTensor(
      metadata: { id: number; shape: number[]; dtype: number },
    ): tf.Tensor {
      const tensor = super.createOutputTensor(metadata);
      this.#active?.local.add(tensor.dataId);
      return tensor;
    }

    /** An input of the active trace, shaped like `tensor`. */
    #standIn(tensor: tf.Tensor): tf.Tensor {
      const dtype = this.getDTypeInteger(tensor.dtype);
      const { output } = this.#active!.trace.input(tensor.shape, dtype);
      const id = binding.adopt(output);
      return this.createOutputTensor({ id, shape: tensor.shape, dtype });
    }

    /** The output of the active trace for a result; Identity lets an input or a captured tensor be one, too. */
    #outputOf(result: tf.Tensor): Output {
      const type = {
        name: "T",
        type: binding.TF_ATTR_TYPE,
        value: this.getDTypeInteger(result.dtype),
      };
      const ids = this.getInputTensorIds([result]);
      const [node] = binding.executeOp("Identity", [type], ids, 1);
      return binding.outputOf(node.id)!;
    }

    /** The node of a tensor in the active trace: born in it, a constant made in it, or captured from outside. */
    #nodeOf({ dataId }: tf.TensorInfo): number {
      const { trace, local, nodes, sources } = this.#active!;
      const known = nodes.get(dataId);
      if (known !== undefined) return known;
      // The stored shape, not the tensor's: a reshaped view shares its values with the original.
      const { shape, dtype, values, id } = this.tensorMap.get(dataId);
      const isLocal = local.has(dataId);
      if (isLocal && values == null) return id;
      const { output } = isLocal
        ? trace.constant(shape, dtype, values!)
        : trace.input(shape, dtype);
      if (!isLocal) sources.push(variableOf(dataId) ?? { dataId });
      const node = binding.adopt(output);
      nodes.set(dataId, node);
      return node;
    }

    #captureId(source: CapturedSource): number {
      const { dataId } = source;
      const { state } = tf.engine() as unknown as {
        state: { tensorInfo: { has(dataId: DataId): boolean } };
      };
      if (!state.tensorInfo.has(dataId)) {
        throw new Error(
          "Cannot call a jitted function as the tensors it captured must still exist: one of them was disposed",
        );
      }
      return super.getInputTensorIds([{ dataId } as tf.TensorInfo])[0];
    }
  }

  const backend = new Backend(binding, "@tensorflow/tfjs-node-gpu");
  if (tf.findBackendFactory("tensorflow") !== null) {
    tf.removeBackend("tensorflow");
  }
  tf.registerBackend("tensorflow", () => backend);
  await import("@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js");
  registerGather();
  return { backend, version: binding.library.version };
}

/** The registered variable that holds these values now, if any. */
function variableOf(dataId: DataId): tf.Variable | undefined {
  const variables = tf.engine().registeredVariables;
  return Object.values(variables).find((held) => held.dataId === dataId);
}

/**
 * Notes what the registered variables hold, within the current `tf.tidy`.
 *
 * @returns Gives those that came to hold tensors of a trace their old values back, disposes those that were made in it,
 * and names them all.
 */
function rememberVariables(): (local: WeakSet<DataId>) => string[] {
  const { registeredVariables } = tf.engine();
  const before = new Map<string, tf.Tensor>();
  for (const [name, variable] of Object.entries(registeredVariables)) {
    before.set(name, tf.clone(variable));
  }
  return (local) => {
    const assigned = Object.values(registeredVariables)
      .filter(({ dataId }) => local.has(dataId));
    for (const variable of assigned) {
      const values = before.get(variable.name);
      if (values === undefined) variable.dispose();
      else variable.assign(values);
    }
    return assigned.map(({ name }) => `'${name}'`);
  };
}

/** TensorFlow.js frees what operations saved for a gradient only where the gradient succeeds. */
function freeTape(): void {
  const { state } = tf.engine() as unknown as {
    state: { gradientDepth: number; activeTape?: { saved?: tf.Tensor[] }[] };
  };
  if (state.gradientDepth > 0) return;
  for (const { saved } of state.activeTape ?? []) tf.dispose(saved ?? []);
  state.activeTape = undefined;
}

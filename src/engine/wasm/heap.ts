/**
 * The WebAssembly heap as kernels see it: tensors are runs of numbers at an address, and kernels read and write them
 * through typed arrays or hand their addresses to the compiled kernels.
 *
 * A typed array on the heap is dead as soon as the heap grows, so take all outputs and scratch first, and call
 * {@linkcode numbers} after the last allocation (compiled kernels allocate too).
 *
 * @module
 */
import { tf } from "../tf.ts";

/** What the kernels here use of tfjs's own wasm backend. */
export interface WasmBackend {
  /** The compiled module. */
  readonly wasm: {
    readonly tfjs: {
      registerTensor(id: number, size: number, address: number): void;
      disposeData(id: number): void;
    };
    readonly HEAP32: Int32Array;
    _malloc: (bytes: number) => number;
    _free(address: number): void;
    _BatchMatMul(
      a: number,
      aShape: number,
      aRank: number,
      b: number,
      bShape: number,
      bRank: number,
      transposeA: number,
      transposeB: number,
      out: number,
    ): void;
  };
  /** Next free id of a tensor in the compiled module. */
  dataIdNextNumber: number;
  /** Where each tensor lies. */
  readonly dataIdMap: { get(dataId: object): { memoryOffset: number } };
  /** Makes a tensor whose values are whatever was there before. */
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  /** A view of a tensor's values. */
  typedArrayFromHeap(tensor: tf.TensorInfo): Numbers;
  /** Gives up one ownership; frees the values with the last. */
  disposeData(dataId: object): boolean;
  /** Adds an owner. */
  incRef(dataId: object): void;
}

/** A tensor's values where they lie on the heap. */
export type Numbers = Float32Array | Int32Array | Uint8Array;

/** What a kernel is called with. */
export interface KernelCall<Inputs, Attributes> {
  /** Input tensors by the name tfjs gives them. */
  inputs: Inputs;
  /** Settings of the operation. */
  attributes: Attributes;
  /** Where the tensors live. */
  backend: WasmBackend;
}

/**
 * A kernel for the wasm backend in the form tfjs registers.
 *
 * @param kernelName Name tfjs calls it by.
 * @param compute Computes the output; it owns what it allocates and returns one new tensor.
 * @returns The registration.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { assertEquals } from "@std/assert";
 * import { numbers, wasmKernel } from "./heap.ts";
 *
 * await useBackend("wasm");
 * const negate = wasmKernel<{ x: tf.TensorInfo }, unknown>(
 *   "Neg",
 *   ({ inputs: { x }, backend }) => {
 *     const out = backend.makeOutput(x.shape, "float32");
 *     numbers(backend, out).set(numbers(backend, x).map((value) => -value));
 *     return out;
 *   },
 * );
 * tf.unregisterKernel("Neg", "wasm");
 * tf.registerKernel(negate);
 * assertEquals(tf.neg([1, 2]).arraySync(), [-1, -2]);
 * ```
 */
export function wasmKernel<Inputs, Attributes>(
  kernelName: string,
  compute: (call: KernelCall<Inputs, Attributes>) => tf.TensorInfo,
): tf.KernelConfig {
  return {
    kernelName,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs, backend }) =>
      compute({
        inputs: inputs as Inputs,
        attributes: attrs as Attributes,
        backend: backend as WasmBackend,
      }),
  };
}

/**
 * Runs another registered kernel of the wasm backend.
 *
 * @param backend Where the tensors live.
 * @param kernelName The kernel to run.
 * @param inputs Its inputs. Borrowed.
 * @param attrs Its settings.
 * @returns Its output. Owned by the caller, who disposes it with `backend.disposeData`.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { assertEquals } from "@std/assert";
 * import { runKernel, type WasmBackend } from "./heap.ts";
 *
 * await useBackend("wasm");
 * const backend = tf.backend() as unknown as WasmBackend;
 * const x = tf.tensor2d([[1, 2, 3]]);
 * const turned = runKernel(backend, "Transpose", { x }, { perm: [1, 0] });
 * assertEquals(turned.shape, [3, 1]);
 * ```
 */
export function runKernel(
  backend: WasmBackend,
  kernelName: string,
  inputs: tf.NamedTensorInfoMap,
  attrs: tf.NamedAttrMap = {},
): tf.TensorInfo {
  const kernel = tf.getKernel(kernelName, "wasm");
  return kernel.kernelFunc({ inputs, attrs, backend }) as tf.TensorInfo;
}

/**
 * The values of a tensor, as a view of the heap.
 *
 * @param backend Where the tensor lives.
 * @param tensor The tensor.
 * @returns The view; valid until the next allocation.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { assertEquals } from "@std/assert";
 * import { numbers, type WasmBackend } from "./heap.ts";
 *
 * await useBackend("wasm");
 * const backend = tf.backend() as unknown as WasmBackend;
 * assertEquals(numbers(backend, tf.tensor1d([1, 2]))[1], 2);
 * ```
 */
export function numbers(backend: WasmBackend, tensor: tf.TensorInfo): Numbers {
  return backend.typedArrayFromHeap(tensor);
}

/**
 * The first byte of a tensor on the heap.
 *
 * @param backend Where the tensor lives.
 * @param tensor The tensor.
 * @returns The address in bytes; it stays the same when the heap grows.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { address, type WasmBackend } from "./heap.ts";
 *
 * await useBackend("wasm");
 * const backend = tf.backend() as unknown as WasmBackend;
 * console.log(address(backend, tf.zeros([4])) % 4); // 0
 * ```
 */
export function address(backend: WasmBackend, tensor: tf.TensorInfo): number {
  return backend.dataIdMap.get(tensor.dataId).memoryOffset;
}

/**
 * Copies a run of numbers on the heap: by a loop while it is short, since setting up a block copy takes as long as
 * some 40 numbers.
 *
 * @param from Values to read.
 * @param start First of them.
 * @param to Where they go; the runs must not overlap.
 * @param target First place to write.
 * @param length How many.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { copyRun } from "./heap.ts";
 *
 * const target = new Float32Array(3);
 * copyRun(new Float32Array([5, 6, 7]), 1, target, 0, 2);
 * assertEquals(target, new Float32Array([6, 7, 0]));
 * ```
 */
export function copyRun(
  from: Numbers,
  start: number,
  to: Numbers,
  target: number,
  length: number,
): void {
  if (length < 40) {
    for (let i = 0; i < length; i++) to[target + i] = from[start + i];
  } else to.set(from.subarray(start, start + length), target);
}

/**
 * Lends float32 tensors for the time of a call.
 *
 * @param backend Where they live.
 * @param sizes How many numbers each holds; their values are whatever was there before.
 * @param use Works with them.
 * @returns What `use` returns.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { assertEquals } from "@std/assert";
 * import { numbers, type WasmBackend, withScratch } from "./heap.ts";
 *
 * await useBackend("wasm");
 * const backend = tf.backend() as unknown as WasmBackend;
 * const last = withScratch(backend, [4], (scratch) => {
 *   const values = numbers(backend, scratch);
 *   values.fill(2);
 *   return values[3];
 * });
 * assertEquals(last, 2);
 * ```
 */
export function withScratch<Result>(
  backend: WasmBackend,
  sizes: readonly number[],
  use: (...scratch: tf.TensorInfo[]) => Result,
): Result {
  const scratch: tf.TensorInfo[] = [];
  try {
    for (const size of sizes) {
      scratch.push(backend.makeOutput([size], "float32"));
    }
    return use(...scratch);
  } finally {
    for (const { dataId } of scratch) backend.disposeData(dataId);
  }
}

/**
 * The same tensor under another shape, without a copy.
 *
 * @param backend Where it lives.
 * @param tensor The tensor. Borrowed.
 * @param shape The new shape, of as many numbers.
 * @returns A second owner of the same values.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { assertEquals } from "@std/assert";
 * import { reshaped, type WasmBackend } from "./heap.ts";
 *
 * await useBackend("wasm");
 * const backend = tf.backend() as unknown as WasmBackend;
 * const row = reshaped(backend, tf.zeros([2, 3]), [6]);
 * assertEquals(row.shape, [6]);
 * ```
 */
export function reshaped(
  backend: WasmBackend,
  tensor: tf.TensorInfo,
  shape: number[],
): tf.TensorInfo {
  backend.incRef(tensor.dataId);
  return { dataId: tensor.dataId, shape, dtype: tensor.dtype };
}

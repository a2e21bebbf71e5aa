import { tf } from "../tf.ts";
import { address, numbers, reshaped, runKernel, wasmKernel } from "./heap.ts";
import type { WasmBackend } from "./heap.ts";
import { multiplyMatrices, type ProductAddresses } from "./matrix_product.ts";

/** Inputs of a product of (batches of) matrices. */
export interface MatMulInputs {
  /** Left matrices, `[..., M, K]`, or `[..., K, M]` with `transposeA`. */
  a: tf.TensorInfo;
  /** Right matrices, `[..., K, N]`, or `[..., N, K]` with `transposeB`. */
  b: tf.TensorInfo;
}

/** Which of the two are given transposed. */
export interface MatMulAttributes {
  /** Whether `a` is. */
  transposeA: boolean;
  /** Whether `b` is. */
  transposeB: boolean;
}

/**
 * `BatchMatMul` for wasm: transposes first and multiplies then, ten times faster than the compiled kernel's loops, and
 * broadcasts the batch dimensions, which the compiled kernel gets wrong.
 */
export const batchMatMul: tf.KernelConfig = wasmKernel<
  MatMulInputs,
  MatMulAttributes
>(
  "BatchMatMul",
  ({ inputs, attributes, backend }) => matMul(backend, inputs, attributes),
);

/**
 * Multiplies (batches of) matrices, batch dimensions broadcast.
 *
 * @param backend Where the tensors live.
 * @param inputs The matrices, float32. Borrowed.
 * @param attributes Which are transposed.
 * @returns `[..., M, N]`. Owned by the caller.
 * @throws {TypeError} If a matrix is not float32 or the inner sizes differ.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { assertEquals } from "@std/assert";
 * import { matMul } from "./batch_mat_mul.ts";
 * import { numbers, type WasmBackend } from "./heap.ts";
 *
 * await useBackend("wasm");
 * const backend = tf.backend() as unknown as WasmBackend;
 * const [a, b] = [tf.tensor2d([[1, 2]]), tf.tensor2d([[3, 4]])];
 * const attributes = { transposeA: false, transposeB: true };
 * const product = matMul(backend, { a, b }, attributes);
 * assertEquals(numbers(backend, product)[0], 11);
 * ```
 */
export function matMul(
  backend: WasmBackend,
  { a, b }: MatMulInputs,
  { transposeA, transposeB }: MatMulAttributes,
): tf.TensorInfo {
  for (const [name, { dtype }] of Object.entries({ a, b })) {
    if (dtype !== "float32") {
      throw new TypeError(
        `Cannot multiply matrices on wasm as '${name}' must be float32: current value is ${dtype}`,
      );
    }
  }
  const left = transposeA ? swapLastTwo(backend, a) : a;
  const right = transposeB ? swapLastTwo(backend, b) : b;
  const [rows, inner] = left.shape.slice(-2);
  const [innerRight, columns] = right.shape.slice(-2);
  if (inner !== innerRight) {
    throw new TypeError(
      `Cannot multiply matrices as the inner size of 'b' must be ${inner}: current value is ${innerRight}`,
    );
  }
  const leftBatch = left.shape.slice(0, -2);
  const rightBatch = right.shape.slice(0, -2);
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(
    leftBatch,
    rightBatch,
  );

  const out = backend.makeOutput([...batch, rows, columns], "float32");
  const size = tf.util.sizeFromShape(out.shape);
  if (size > 0 && inner === 0) numbers(backend, out).fill(0);
  else if (size > 0) {
    // One right matrix for all: the left ones are rows of a single large matrix.
    const single = tf.util.sizeFromShape(rightBatch) === 1;
    multiplyMatrices(
      backend,
      { rows: single ? size / columns : rows, inner, columns },
      single
        ? [[
          address(backend, left),
          address(backend, right),
          address(backend, out),
        ]]
        : batchAddresses(),
    );
  }
  if (transposeA) backend.disposeData(left.dataId);
  if (transposeB) backend.disposeData(right.dataId);
  return out;

  function* batchAddresses(): Iterable<ProductAddresses> {
    const leftIndex = broadcastIndex(leftBatch, batch);
    const rightIndex = broadcastIndex(rightBatch, batch);
    for (let i = 0; i < size / (rows * columns); i++) {
      yield [
        address(backend, left) + leftIndex(i) * rows * inner * 4,
        address(backend, right) + rightIndex(i) * inner * columns * 4,
        address(backend, out) + i * rows * columns * 4,
      ];
    }
  }
}

/** A copy with the last two dimensions exchanged; without a copy where one of them is 1. */
function swapLastTwo(backend: WasmBackend, x: tf.TensorInfo): tf.TensorInfo {
  const rank = x.shape.length;
  const swapped = [
    ...x.shape.slice(0, -2),
    x.shape[rank - 1],
    x.shape[rank - 2],
  ];
  if (x.shape[rank - 1] === 1 || x.shape[rank - 2] === 1) {
    return reshaped(backend, x, swapped);
  }
  const perm = [...Array(rank - 2).keys(), rank - 1, rank - 2];
  return runKernel(backend, "Transpose", { x }, { perm });
}

/** Maps the flat index into the broadcast shape to the flat index into the shape that is broadcast. */
function broadcastIndex(
  shape: number[],
  broadcast: number[],
): (index: number) => number {
  if (tf.util.arraysEqual(shape, broadcast)) return (index) => index;
  const padded = [...Array(broadcast.length - shape.length).fill(1), ...shape];
  return (index) => {
    let flat = 0;
    let stride = 1;
    for (let axis = broadcast.length - 1; axis >= 0; axis--) {
      const position = index % broadcast[axis];
      index = Math.floor(index / broadcast[axis]);
      if (padded[axis] > 1) flat += position * stride;
      stride *= padded[axis];
    }
    return flat;
  };
}

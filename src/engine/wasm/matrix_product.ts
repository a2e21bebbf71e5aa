/**
 * Matrix products between regions of the WebAssembly heap.
 *
 * @module
 */
import type { WasmBackend } from "./heap.ts";

/** The sizes of a product `[rows, inner] x [inner, columns]`. */
export interface ProductSize {
  /** Rows of the left matrix and of the result. */
  rows: number;
  /** Columns of the left matrix, rows of the right one. */
  inner: number;
  /** Columns of the right matrix and of the result. */
  columns: number;
}

/** Addresses in bytes of row-major float32 matrices: left, right, result. */
export type ProductAddresses = readonly [
  left: number,
  right: number,
  result: number,
];

const shapeTables = new WeakMap<object, number>();

/**
 * Multiplies pairs of matrices of one size: result = left · right.
 *
 * The compiled kernel reaches 30 GFLOP/s only for a single untransposed pair and 2 otherwise, so batches come here
 * pair by pair. It also remembers the packed right matrix by tensor id and ignores its shape, which is wrong once a
 * tensor is multiplied under two shapes; every region gets an id of its own here, and consecutive pairs with the same
 * right matrix share the packing.
 *
 * @param backend Whose heap the addresses are on.
 * @param size Size of every pair; none of the three may be 0.
 * @param pairs The regions.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { assertEquals } from "@std/assert";
 * import { address, numbers, type WasmBackend } from "./heap.ts";
 * import { multiplyMatrices } from "./matrix_product.ts";
 *
 * await useBackend("wasm");
 * const backend = tf.backend() as unknown as WasmBackend;
 * const [a, b] = [tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])];
 * const out = backend.makeOutput([1, 1], "float32");
 * multiplyMatrices(backend, { rows: 1, inner: 2, columns: 1 }, [
 *   [address(backend, a), address(backend, b), address(backend, out)],
 * ]);
 * assertEquals(numbers(backend, out)[0], 11);
 * ```
 */
export function multiplyMatrices(
  backend: WasmBackend,
  { rows, inner, columns }: ProductSize,
  pairs: Iterable<ProductAddresses>,
): void {
  const { wasm } = backend;
  const shapes = shapeTable(backend);
  wasm.HEAP32.set([1, rows, inner, 1, inner, columns], shapes >> 2);
  const lend = (size: number, at: number) => {
    const id = backend.dataIdNextNumber++;
    wasm.tfjs.registerTensor(id, size, at);
    return id;
  };

  let packedAddress = -1;
  let packed = 0;
  try {
    for (const [left, right, result] of pairs) {
      if (right !== packedAddress) {
        if (packed) wasm.tfjs.disposeData(packed);
        packed = lend(inner * columns, right);
        packedAddress = right;
      }
      const a = lend(rows * inner, left);
      const out = lend(rows * columns, result);
      wasm._BatchMatMul(a, shapes, 3, packed, shapes + 12, 3, 0, 0, out);
      wasm.tfjs.disposeData(a);
      wasm.tfjs.disposeData(out);
    }
  } finally {
    if (packed) wasm.tfjs.disposeData(packed);
  }
}

/** Room on the heap for the two shapes the compiled kernel reads, taken once per backend. */
function shapeTable(backend: WasmBackend): number {
  let table = shapeTables.get(backend);
  if (table === undefined) {
    table = backend.wasm._malloc(6 * 4);
    shapeTables.set(backend, table);
  }
  return table;
}

/**
 * Products in float64, which TensorFlow.js has no dtype for.
 *
 * @module
 */
import { DTYPE } from "../tensorflow/tensor_data.ts";
import type { TensorFlowBackend } from "../tensorflow/backend.ts";
import { tf } from "../tf.ts";

/** The vectors that {@linkcode doubleProducts} multiplies with. */
export interface DoubleVectors {
  /** Number of vectors. */
  count: number;
  /** Length of each. */
  width: number;
  /** Values of the vectors `from` to `to - 1`, `[to - from, width]` in row-major order; read before the next call. */
  rows: (from: number, to: number) => Float64Array;
}

/** Vectors ready to be multiplied with; they are freed by `using`. */
export interface DoubleProducts extends Disposable {
  /**
   * Inner products of other vectors, `[n, width]` in row-major order, with all of these: `[n, count]`. The result is
   * overwritten by the next call.
   */
  multiply(left: Float64Array): Float64Array;
}

/** Bytes of vectors that are handed over at a time. */
const BLOCK_BYTES = 2 ** 24;

/**
 * Takes vectors over to multiply many others with: `left · rightᵀ` in float64.
 *
 * Where the backend is TensorFlow, its threads multiply, and the vectors lie in its memory alone. The other backends know
 * float32 only; there it is done in JavaScript, which takes fifteen times as long and more.
 *
 * @param vectors The right factor, given block by block.
 * @returns What multiplies.
 * @throws {TypeError} If a block, or a left factor later, has another length than it should.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { doubleProducts } from "@outis/outis/engine";
 *
 * const right = new Float64Array([1, 0, 3, 4]);
 * using vectors = doubleProducts({
 *   count: 2,
 *   width: 2,
 *   rows: (from, to) => right.subarray(2 * from, 2 * to),
 * });
 * assertEquals([...vectors.multiply(new Float64Array([1, 2]))], [1, 11]);
 * ```
 */
export function doubleProducts(vectors: DoubleVectors): DoubleProducts {
  const { count, width } = vectors;
  const multiplyBlock = tf.getBackend() === "tensorflow"
    ? nativeBlock
    : plainBlock;
  const most = Math.max(1, Math.floor(BLOCK_BYTES / (8 * width)));
  const blocks: (Block & { from: number; length: number })[] = [];
  for (let from = 0; from < count; from += most) {
    const length = Math.min(most, count - from);
    const values = vectors.rows(from, from + length);
    checkLength("rows", values, length * width);
    blocks.push({ from, length, ...multiplyBlock(values, width) });
  }
  let result = new Float64Array();
  return {
    multiply(left) {
      const n = Math.ceil(left.length / width);
      checkLength("left", left, n * width);
      if (result.length !== n * count) result = new Float64Array(n * count);
      for (const { from, length, multiply } of blocks) {
        const products = multiply(left);
        for (let row = 0; row < n; row++) {
          const own = products.subarray(row * length, (row + 1) * length);
          result.set(own, row * count + from);
        }
      }
      return result;
    },
    [Symbol.dispose]() {
      for (const { dispose } of blocks) dispose();
    },
  };
}

/** Some of the vectors, ready. */
interface Block {
  multiply: (left: Float64Array) => Float64Array;
  dispose: () => void;
}

function nativeBlock(values: Float64Array, width: number): Block {
  const { binding } = tf.backend() as TensorFlowBackend;
  const tensorOf = (data: Float64Array) =>
    binding.createTensor([data.length / width, width], DTYPE.DOUBLE, data);
  const right = tensorOf(values);
  const attributes = [
    { name: "T", type: binding.TF_ATTR_TYPE, value: DTYPE.DOUBLE },
    { name: "transpose_a", type: binding.TF_ATTR_BOOL, value: false },
    { name: "transpose_b", type: binding.TF_ATTR_BOOL, value: true },
  ];
  return {
    multiply(left) {
      const ids = [tensorOf(left)];
      try {
        const [{ id }] = binding.executeOp(
          "MatMul",
          attributes,
          [ids[0], right],
          1,
        );
        ids.push(id);
        return binding.tensorDataSync(id) as Float64Array;
      } finally {
        ids.forEach(binding.deleteTensor);
      }
    },
    dispose: () => binding.deleteTensor(right),
  };
}

function plainBlock(values: Float64Array, width: number): Block {
  // The giver may use its memory again.
  const right = values.slice();
  const count = right.length / width;
  return {
    multiply(left) {
      const products = new Float64Array(left.length / width * count);
      let at = 0;
      for (let a = 0; a < left.length; a += width) {
        let b = 0;
        // Four sums at a time: one would wait for its own addition again and again.
        for (; b + 4 * width <= right.length; b += 4 * width) {
          let [s0, s1, s2, s3] = [0, 0, 0, 0];
          for (let i = 0; i < width; i++) {
            const x = left[a + i];
            s0 += x * right[b + i];
            s1 += x * right[b + width + i];
            s2 += x * right[b + 2 * width + i];
            s3 += x * right[b + 3 * width + i];
          }
          products[at++] = s0;
          products[at++] = s1;
          products[at++] = s2;
          products[at++] = s3;
        }
        for (; b < right.length; b += width) {
          let sum = 0;
          for (let i = 0; i < width; i++) sum += left[a + i] * right[b + i];
          products[at++] = sum;
        }
      }
      return products;
    },
    dispose: () => {},
  };
}

function checkLength(name: string, values: Float64Array, length: number): void {
  if (values.length !== length) {
    throw new TypeError(
      `Cannot multiply vectors as '${name}' must be of length ${length}: current value is of length ${values.length}`,
    );
  }
}

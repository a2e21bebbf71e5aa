/**
 * Eq. 4: the radial basis function kernel.
 *
 * @module
 */
import { checkRange, checkShape } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import { checkFiniteValues } from "./check_features.ts";

/** Largest number of differences that are formed, N M D. */
const DIFFERENCES = 2 ** 20;

/**
 * Radial basis function kernel between two sets of vectors.
 *
 * k_σ(u, v) = exp(-‖u - v‖² / (2σ²)), in [0, 1] (eq. 4). Vectors are taken as they are. Small sets are subtracted pair by
 * pair. Larger ones, whose differences would not fit in memory, take one matrix product after both are moved by the mean
 * of `v`; there vectors closer than about 1e-3 of the set's size count as equal.
 *
 * @param u Vectors, `[N, D]`, at least one. Borrowed.
 * @param v Vectors, `[M, D]`, at least one. Borrowed.
 * @param sigma Bandwidth σ, in the unit of the vectors, above 0.
 * @returns Kernel values, `[N, M]`. Owned by the caller.
 * @throws {TypeError} If a tensor has not two axes or the widths differ.
 * @throws {RangeError} If `sigma` is not above 0, a set is empty, or a value is NaN or infinite.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { rbfKernel } from "@outis/outis/rewards";
 *
 * const u = tf.tensor2d([[0, 0]]);
 * const v = tf.tensor2d([[0, 0], [0, 2]]);
 * rbfKernel(u, v, 1).print(); // [[1, exp(-2)]]
 * ```
 */
export function rbfKernel(
  u: tf.Tensor2D,
  v: tf.Tensor2D,
  sigma: number,
): tf.Tensor2D {
  const act = "compute a kernel";
  checkShape(act, "u", u, [null, null]);
  checkShape(act, "v", v, [null, u.shape[1]]);
  checkRange(act, "sigma", sigma, { min: 0, exclusive: "min" });
  checkRange(act, "number of vectors in u", u.shape[0], { min: 1 });
  checkRange(act, "number of vectors in v", v.shape[0], { min: 1 });
  checkFiniteValues(act, "u", u);
  checkFiniteValues(act, "v", v);
  return kernelMatrix(u, v, sigma);
}

/**
 * {@linkcode rbfKernel} without its checks.
 *
 * @param u Vectors, `[N, D]`. Borrowed.
 * @param v Vectors, `[M, D]`. Borrowed.
 * @param sigma Bandwidth σ.
 * @returns Kernel values, `[N, M]`. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { kernelMatrix } from "./rbf_kernel.ts";
 *
 * kernelMatrix(tf.zeros([1, 2]), tf.ones([1, 2]), 1).print(); // [[e⁻¹]]
 * ```
 */
export function kernelMatrix(
  u: tf.Tensor2D,
  v: tf.Tensor2D,
  sigma: number,
): tf.Tensor2D {
  return tf.tidy(() => gaussian(squaredDistances(u, v), sigma)) as tf.Tensor2D;
}

/** ‖u - v‖², `[N, M]`. */
function squaredDistances(u: tf.Tensor2D, v: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => {
    if (u.size * v.shape[0] <= DIFFERENCES) {
      const apart = tf.sub(tf.expandDims(u, 1), tf.expandDims(v, 0)); // [N, M, D]
      return tf.sum(tf.square(apart), 2) as tf.Tensor2D;
    }
    const centre = tf.mean(v, 0); // [D]
    const left = tf.sub(u, centre); // [N, D]
    const right = tf.sub(v, centre); // [M, D]
    const squares = tf.add(
      tf.sum(tf.square(left), 1, true),
      tf.sum(tf.square(right), 1),
    ); // [N, M]
    const products = tf.matMul(left, right, false, true); // [N, M]
    return tf.sub(squares, tf.mul(products, 2)) as tf.Tensor2D;
  });
}

/**
 * The kernel of eq. 4 from squared distances.
 *
 * @param squaredDistance ‖u - v‖², any shape; values that rounding made negative count as 0. Borrowed.
 * @param sigma Bandwidth σ.
 * @returns exp(-‖u - v‖² / (2σ²)), same shape. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { gaussian } from "./rbf_kernel.ts";
 *
 * gaussian(tf.tensor1d([0, 2]), 1).print(); // 1, e⁻¹
 * ```
 */
export function gaussian<T extends tf.Tensor>(
  squaredDistance: T,
  sigma: number,
): T {
  return tf.tidy(() =>
    tf.exp(tf.mul(tf.relu(squaredDistance), -1 / (2 * sigma * sigma))) as T
  );
}

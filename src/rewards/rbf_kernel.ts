/**
 * Eq. 4: the radial basis function kernel.
 *
 * @module
 */
import { checkRange, checkShape } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";

/**
 * Radial basis function kernel between two sets of vectors.
 *
 * k_σ(u, v) = exp(-‖u - v‖² / (2σ²)), in [0, 1] (eq. 4). Vectors are taken as they are. Squared distances come from one
 * matrix product, after both sets are moved by the mean of `v`: without that, vectors far from the origin would lose
 * their differences to rounding.
 *
 * @param u Vectors, `[N, D]`. Borrowed.
 * @param v Vectors, `[M, D]`, at least one. Borrowed.
 * @param sigma Bandwidth σ, in the unit of the vectors, above 0.
 * @returns Kernel values, `[N, M]`. Owned by the caller.
 * @throws {TypeError} If a tensor has not two axes or the widths differ.
 * @throws {RangeError} If `sigma` is not above 0.
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
  return tf.tidy(() => {
    const centre = tf.mean(v, 0); // [D]
    const left = tf.sub(u, centre); // [N, D]
    const right = tf.sub(v, centre); // [M, D]
    const squares = tf.add(
      tf.sum(tf.square(left), 1, true),
      tf.sum(tf.square(right), 1),
    ); // [N, M]
    const products = tf.matMul(left, right, false, true); // [N, M]
    return gaussian(tf.sub(squares, tf.mul(products, 2)), sigma) as tf.Tensor2D;
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

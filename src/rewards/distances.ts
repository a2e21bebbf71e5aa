/**
 * Distances between the directions of features, from matrix products.
 *
 * @module
 */
import { l2Normalize, tf } from "../engine/mod.ts";

/** Squared length below which a vector has no direction; the square of {@linkcode l2Normalize}'s smallest length. */
const NO_LENGTH = 1e-24;

/** Squared distances between unit-length vectors, and how they became that. */
export type Distances = {
  /** One over the length of each vector, `[..., n]`. */
  inverse: tf.Tensor;
  /** To the references, `[..., n, m]`. */
  toReferences: tf.Tensor;
  /** Between the vectors, `[..., n, n]`; exactly 0 of a vector and itself. */
  within: tf.Tensor;
};

/**
 * Squared distances from cosines, ‖u - v‖² = 2 (1 - u·v).
 *
 * Lengths are read off the products, too, so no pass goes over the vectors but those of the products. Distances have an
 * error of about 1e-7, whatever their size.
 *
 * @param vectors Vectors of any length, `[..., n, D]`. Borrowed.
 * @param references Unit-length vectors, `[..., m, D]`. Borrowed.
 * @returns Squared distances, not below 0. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { unitDistances } from "./distances.ts";
 *
 * const vectors = tf.tensor2d([[3, 0], [0, 5]]);
 * const { within } = unitDistances(vectors, tf.tensor2d([[1, 0]]));
 * within.print(); // [[0, 2], [2, 0]]
 * ```
 */
export function unitDistances(
  vectors: tf.Tensor,
  references: tf.Tensor,
): Distances {
  return tf.tidy(() => {
    const products = tf.matMul(vectors, vectors, false, true);
    const diagonal = tf.eye(vectors.shape[vectors.rank - 2]);
    const squares = tf.sum(tf.mul(products, diagonal), -1);
    const inverse = tf.rsqrt(tf.maximum(squares, NO_LENGTH));
    const column = tf.expandDims(inverse, -1);
    const cosines = tf.mul(
      tf.mul(products, column),
      tf.expandDims(inverse, -2),
    );
    const cross = tf.mul(tf.matMul(vectors, references, false, true), column);
    return {
      inverse,
      toReferences: fromCosines(cross, 2),
      within: fromCosines(cosines, tf.sub(2, tf.mul(diagonal, 2))),
    };
  });
}

/** 2 (1 - cos), not below 0; 0 where `factor` is. */
function fromCosines(
  cosines: tf.Tensor,
  factor: tf.Tensor | number,
): tf.Tensor {
  return tf.mul(tf.relu(tf.sub(1, cosines)), factor);
}

/** What {@linkcode closeDistances} measures from. */
export interface Moved {
  /** What is subtracted from each unit-length vector; of a shape that broadcasts with them. */
  mean: tf.Tensor;
  /** The references less the same, `[..., m, D]`. */
  references: tf.Tensor;
}

/**
 * Squared distances of vectors that lie close together, where 1 - u·v would be rounding: all are moved by a mean first, so
 * the error is 1e-7 of their spread.
 *
 * @param vectors Vectors of any length, `[..., n, D]`. Borrowed.
 * @param move Gets the unit-length vectors (borrowed) and says where they lie.
 * @returns Squared distances, not below 0. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { closeDistances } from "./distances.ts";
 *
 * const { within } = closeDistances(tf.tensor2d([[3, 0], [0, 5]]), (unit) => {
 *   const mean = tf.mean(unit, 0);
 *   return { mean, references: tf.sub(tf.tensor2d([[1, 0]]), mean) };
 * });
 * within.print(); // [[0, 2], [2, 0]]
 * ```
 */
export function closeDistances(
  vectors: tf.Tensor,
  move: (unit: tf.Tensor) => Moved,
): Distances {
  return tf.tidy(() => {
    const unit = l2Normalize(vectors);
    const { mean, references } = move(unit);
    const moved = tf.sub(unit, mean);
    const squares = tf.sum(tf.square(moved), -1);
    const apart = tf.sub(1, tf.eye(vectors.shape[vectors.rank - 2]));
    const lengths = tf.sum(tf.square(vectors), -1);
    return {
      inverse: tf.rsqrt(tf.maximum(lengths, NO_LENGTH)),
      toReferences: fromProducts(
        [moved, squares],
        [references, tf.sum(tf.square(references), -1)],
      ),
      within: tf.mul(fromProducts([moved, squares], [moved, squares]), apart),
    };
  });
}

/** Vectors, `[..., n, D]`, and their squared lengths, `[..., n]`. */
type Located = readonly [vectors: tf.Tensor, squares: tf.Tensor];

/** ‖u‖² + ‖v‖² - 2 u·v, not below 0. */
function fromProducts(
  [u, uSquares]: Located,
  [v, vSquares]: Located,
): tf.Tensor {
  const products = tf.matMul(u, v, false, true);
  const squares = tf.add(
    tf.expandDims(uSquares, -1),
    tf.expandDims(vSquares, -2),
  );
  return tf.relu(tf.sub(squares, tf.mul(products, 2)));
}

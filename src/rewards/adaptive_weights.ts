/**
 * Weights of eq. 11 that no hand tunes: the multiple-gradient descent algorithm.
 *
 * @module
 */
import { checkRange, checkShape } from "../core/mod.ts";
import { l2Normalize, tf } from "../engine/mod.ts";
import {
  nameWeights,
  PAPER_WEIGHTS,
  type RewardWeightTensors,
} from "./reward_weights.ts";

/** Options of {@linkcode adaptiveWeights}. */
export interface AdaptiveWeightsOptions {
  /**
   * Root mean square below which a part counts as constant and has no say, above 0, in the unit of the parts. After eq. 10
   * a part of the default size is one whose spread is a tenth of eps0: rounding.
   * @default 0.1
   */
  smallest?: number;
}

/** What each reward asks for, as vectors of one shape. A `type`, for `tf.tidy` and `tf.dispose`. */
export type RewardDirections = {
  /** What semantic consistency asks for. */
  semantic: tf.Tensor;
  /** What distributional coverage asks for. */
  coverage: tf.Tensor;
  /** What expressive diversity asks for. */
  expressive: tf.Tensor;
};

/** The weights' sum, that of the paper's: what enters the tanh of eq. 11 keeps its size. */
const SUM = PAPER_WEIGHTS.semantic + PAPER_WEIGHTS.coverage +
  PAPER_WEIGHTS.expressive;

/**
 * What is added to the squared half of a distance between directions, as if each had a part of length 0.01 that no other
 * shares: directions that are the same have one best combination, then, in which they share alike.
 */
const APART = 1e-4;

/** Stands in for a sum of 0, where every part is constant. */
const NOTHING = 1e-30;

/**
 * Adaptive weights: the combination of the three rewards that opposes none of them.
 *
 * Multiple-gradient descent (Désidéri 2012), in the form of Sener and Koltun (2018), who compare gradients where the
 * objectives part and not in the weights of the network. For a policy gradient that place are the log-densities of the
 * batch: the gradient of J_i with respect to them is R̃_i itself. So the parts of eq. 10 are scaled to length one, and
 * the point of the triangle between them that is nearest to the origin, d = Σ_i a_i R̃_i / ‖R̃_i‖ with a_i ≥ 0 and
 * Σ_i a_i = 1, has d · R̃_i ≥ 0 for every i: to first order in the log-densities no reward falls. As the corners are
 * equally far from the origin, d is the centre of the circle through them, or the middle of the longest side where the
 * triangle is not acute. Two rewards weigh the same; of three, those that agree share what one that stands alone gets.
 *
 * λ_i = 2 (a_i / ‖R̃_i‖) / Σ_j (a_j / ‖R̃_j‖); 2 is the sum of the paper's weights. A constant part, as well as any that is
 * there alone with constant ones, gets 0 or 2. The weights depend on this batch only, nothing is kept between batches,
 * and they are constants: no gradient flows through them. The paper tunes its weights by hand and names these as future
 * work; the method is our choice.
 *
 * @param parts Three tensors of one shape: standardised rewards (eq. 10), `[B]`; or, for a reward differentiated through
 * the image, its gradient with respect to the features, `[B, D]`. Borrowed.
 * @param options What counts as constant.
 * @returns Weights, scalars at least 0 whose sum is 2, or all 0 if every part is constant. Owned by the caller.
 * @throws {TypeError} If the shapes differ.
 * @throws {RangeError} If `smallest` is not above 0.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { adaptiveWeights } from "@outis/outis/rewards";
 *
 * // Two agree, the third stands alone: 0.5, 0.5, 1.
 * const { semantic, coverage, expressive } = adaptiveWeights({
 *   semantic: tf.tensor1d([1, 1, -1, -1]),
 *   coverage: tf.tensor1d([1, 1, -1, -1]),
 *   expressive: tf.tensor1d([1, -1, 1, -1]),
 * });
 * tf.stack([semantic, coverage, expressive]).print();
 * ```
 */
export function adaptiveWeights(
  parts: RewardDirections,
  options: AdaptiveWeightsOptions = {},
): RewardWeightTensors {
  const { smallest } = options;
  const { semantic, coverage, expressive } = parts;
  const act = "balance rewards";
  checkShape(act, "coverage", coverage, semantic.shape);
  checkShape(act, "expressive", expressive, semantic.shape);
  if (smallest !== undefined) {
    checkRange(act, "smallest", smallest, { min: 0, exclusive: "min" });
  }
  return tf.tidy(() => {
    const rows = [semantic, coverage, expressive].map((x) =>
      tf.reshape(x, [-1])
    );
    return nameWeights(balanceRows(tf.stack(rows) as tf.Tensor2D, smallest));
  });
}

/**
 * {@linkcode adaptiveWeights} of rows.
 *
 * @param rows Semantic, coverage, expressive, `[3, n]`. Borrowed.
 * @param smallest Root mean square below which a row counts as constant.
 * @returns Weights, `[3]`. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { balanceRows } from "./adaptive_weights.ts";
 *
 * balanceRows(tf.tensor2d([[1, -1], [0, 0], [1, -1]])).print(); // [1, 0, 1]
 * ```
 */
export function balanceRows(rows: tf.Tensor2D, smallest = 0.1): tf.Tensor1D {
  // One operation with a gradient of zeros: what is inside is not recorded for a gradient.
  const balance = tf.customGrad((...args) => {
    const [rows, save] = args as unknown as [tf.Tensor2D, tf.GradSaveFunc];
    save([rows]);
    return {
      value: nearestWeights(rows, smallest),
      gradFunc: (_slope: tf.Tensor, saved: tf.Tensor[]) => [
        tf.zerosLike(saved[0]),
      ],
    };
  });
  return balance(rows) as tf.Tensor1D;
}

/** The weights, from the rows' lengths and their nearest point. */
function nearestWeights(rows: tf.Tensor2D, smallest: number): tf.Tensor1D {
  return tf.tidy(() => {
    const size = tf.sqrt(tf.mean(tf.square(rows), 1)); // [3]
    const heard = tf.cast(tf.greaterEqual(size, smallest), "float32"); // [3]
    const shares = tf.where(
      tf.greater(tf.min(heard), 0),
      nearestPoint(l2Normalize(rows)),
      heard, // of two the middle between them, one alone all
    );
    const weights = tf.div(shares, tf.maximum(size, smallest)); // [3]
    const sum = tf.maximum(tf.sum(weights), NOTHING);
    return tf.mul(tf.div(weights, sum), SUM) as tf.Tensor1D;
  });
}

/**
 * Where in the triangle between three vectors of length one the origin is nearest, in parts of the corners, up to a
 * factor. The centre of the circle through the corners is at q_i (x_i · y_i), with the squared side q opposite to a corner
 * and the sides x and y that leave it; where one of these is not positive the triangle is not acute, and that corner has
 * no part. All from differences, not from products of the corners: those of corners close together would be rounding.
 */
function nearestPoint(corners: tf.Tensor): tf.Tensor {
  const next = [1, 2, 0];
  const last = [2, 0, 1];
  const leaving = tf.sub(tf.gather(corners, next), corners); // [3, n]
  const coming = tf.gather(leaving, last); // [3, n]
  const squares = tf.mul(tf.sum(tf.square(leaving), 1), 0.5); // [3]
  const centre = tf.mul(
    tf.add(tf.gather(squares, next), APART),
    tf.sub(APART, tf.sum(tf.mul(leaving, coming), 1)),
  );
  return tf.where(
    tf.greater(tf.min(centre), 0),
    centre,
    tf.step(centre),
  );
}

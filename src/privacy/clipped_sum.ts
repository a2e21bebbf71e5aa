/**
 * Gradients of single units, clipped and added up without ever being written down.
 *
 * | symbol | here |
 * | --- | --- |
 * | g_b = l_b ⊗ r_b | gradient of sample b with respect to a tensor: `left` row b times `right` row b |
 * | u, K | a unit (a picture, a person), and its samples, K consecutive rows |
 * | C | `clip` |
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { checkRange, checkShape, type Params } from "../core/mod.ts";

/**
 * Gradients of all samples of a batch with respect to one tensor, as outer products: those of a dense layer's weight are
 * its input times the slope of its output, of a bias 1 times the slope, of a table's rows an indicator of the row times
 * the slope. A `type`, to go through `jit`.
 */
export type OuterGradients = {
  /** `[B, I]`. */
  left: tf.Tensor2D;
  /** `[B, O]`. */
  right: tf.Tensor2D;
};

/** Options of {@linkcode clippedSum}. */
export interface ClippedSumOptions {
  /** C, the largest norm a unit's gradient keeps, over all tensors together; above 0. */
  clip: number;
  /** 1 for a unit that counts, 0 for one that only fills the batch up, `[U]`. Borrowed. */
  present: tf.Tensor1D;
}

/** What {@linkcode clippedSum} returns. A `type`, to go through `jit`. */
export type ClippedSum = {
  /** Σ_u present_u · clipped gradient of u, `[I, O]` for each tensor. */
  sum: Params;
  /** Norm of each unit's gradient before clipping, over all tensors, `[U]`. */
  norms: tf.Tensor1D;
};

/** Share of the samples' own norms that is added before comparing: what float32 may round away never passes the clip. */
const SLACK = 1e-5;

/**
 * Σ_u ḡ_u min(1, C / ‖ḡ_u‖), ḡ_u = 1/K Σ_{b in u} g_b: what each unit adds to the sum has a norm of at most C.
 *
 * ‖Σ_b l_b ⊗ r_b‖² = Σ_{b,b'} (l_b · l_b') (r_b · r_b'), and a weighted sum of outer products is one matrix product: exact,
 * at about the cost and memory of an ordinary gradient of the batch ("ghost clipping"; Li et al., 2022, for K = 1).
 *
 * @param gradients By name of the tensor; all of the same batch `[U K, …]`, the samples of a unit one after the other.
 * Borrowed.
 * @param options The clip, and which units count.
 * @returns Sum and norms. Owned by the caller.
 * @throws {RangeError} If `clip` is not above 0.
 * @throws {TypeError} If the batch is no multiple of the units, or not the same for all tensors.
 *
 * @example
 * ```ts
 * import { clippedSum } from "@outis/outis/privacy";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * // Two units with gradients (3, 4) and (0, 0.5) of a bias: the first is clipped to (0.6, 0.8).
 * const bias = { left: tf.ones([2, 1]) as tf.Tensor2D, right: tf.tensor2d([[3, 4], [0, 0.5]]) };
 * const { sum } = clippedSum({ bias }, { clip: 1, present: tf.ones([2]) });
 * console.log(sum.bias.arraySync()); // about [[0.6, 1.3]]
 * ```
 */
export function clippedSum(
  gradients: { [name: string]: OuterGradients },
  options: ClippedSumOptions,
): ClippedSum {
  const { clip, present } = options;
  const act = "clip gradients";
  checkRange(act, "clip", clip, { min: 0, exclusive: true });
  const entries = Object.entries(gradients);
  const [units] = present.shape;
  const batch = entries[0]?.[1].left.shape[0] ?? 0;
  const samples = batch / units;
  if (!(Number.isInteger(samples) && samples > 0)) {
    throw new TypeError(
      `Cannot ${act} as 'gradients' must be of a multiple of the ${units} units: current value is of ${batch} samples`,
    );
  }
  for (const [name, { left, right }] of entries) {
    checkShape(act, `${name}.left`, left, [batch, null]);
    checkShape(act, `${name}.right`, right, [batch, null]);
  }
  return tf.tidy(() => {
    const grams = entries.map(([, { left, right }]) =>
      tf.mul(gram(left, units), gram(right, units))
    );
    const products = tf.addN(grams); // [U, K, K], of each two samples of a unit
    const squares = tf.div(tf.sum(products, [1, 2]), samples ** 2);
    const own = tf.sum(tf.mul(products, tf.eye(samples)), [1, 2]);
    const atMost = tf.add(squares, tf.mul(own, SLACK / samples));
    const norms = tf.sqrt(tf.maximum(atMost, 1e-30)); // [U]
    const shares = tf.div(
      tf.mul(present, tf.minimum(1, tf.div(clip, norms))),
      samples,
    );
    const weights = tf.reshape(
      tf.tile(tf.reshape(shares, [units, 1]), [1, samples]),
      [batch, 1],
    );
    const sum = Object.fromEntries(
      entries.map(([name, { left, right }]) => [
        name,
        tf.matMul(left, tf.mul(right, weights) as tf.Tensor2D, true),
      ]),
    );
    return { sum, norms: norms as tf.Tensor1D };
  });
}

/** Products of each two rows of a unit, `[U, K, K]`. */
function gram(rows: tf.Tensor2D, units: number): tf.Tensor {
  const [batch, width] = rows.shape;
  const grouped = tf.reshape(rows, [units, batch / units, width]);
  return tf.matMul(grouped, grouped, false, true);
}

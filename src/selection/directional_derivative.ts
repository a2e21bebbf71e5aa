/**
 * Inner products of each sample's gradient with one direction, without a gradient per sample.
 *
 * @module
 */
import type { Params } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import {
  type LabelledBatch,
  moveAlong,
  type SampleLoss,
  sampleLosses,
} from "./batch_gradient.ts";

/**
 * How far the weights are moved, as a share of their length: far enough that the losses change by more than float32
 * rounds, near enough that they are straight.
 */
const SHARE = 1e-3;

/** Stands in for the length of weights or of a direction that is zero. */
const NO_LENGTH = 1e-12;

/**
 * ⟨∇l_i(w), d⟩ of each sample, by a symmetric difference: (l_i(w + h d) - l_i(w - h d)) / 2h, two forward passes for all
 * samples together.
 *
 * tfjs has no forward mode, and a gradient of a gradient would need second derivatives of every operation. The error is
 * that of a third derivative times h², where h d is a thousandth as long as the weights.
 *
 * @param loss Loss of each sample.
 * @param params Weights w. Borrowed.
 * @param direction Direction d, for some of the weights. Borrowed.
 * @param samples Samples. Borrowed.
 * @returns One inner product per sample, `[B]`. Owned by the caller.
 * @throws {TypeError} If the loss returns another shape than `[B]`.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import type { SampleLoss } from "@outis/outis/selection";
 * import { directionalDerivative } from "./directional_derivative.ts";
 *
 * // d/dw of (w - x)² at 0 is -2 x; along 3.
 * const loss: SampleLoss = ({ w }, x) => tf.square(tf.sub(w, x)) as tf.Tensor1D;
 * const samples = {
 *   images: tf.tensor([1, 2]),
 *   labels: tf.tensor1d([0, 0], "int32"),
 * };
 * const [params, direction] = [{ w: tf.scalar(0) }, { w: tf.scalar(3) }];
 * directionalDerivative(loss, params, direction, samples).print(); // [-6, -12]
 * ```
 */
export function directionalDerivative(
  loss: SampleLoss,
  params: Params,
  direction: Params,
  samples: LabelledBatch,
): tf.Tensor1D {
  return tf.tidy(() => {
    const names = Object.keys(direction);
    const steepness = lengthOf(names.map((name) => direction[name]));
    const reach = lengthOf(names.map((name) => params[name]));
    // Weights that are all zero have no length to take a share of: a step of a thousandth, then.
    const length = tf.where(tf.greater(reach, NO_LENGTH), reach, 1);
    const size = tf.div(
      tf.mul(length, SHARE),
      tf.maximum(steepness, NO_LENGTH),
    ) as tf.Scalar;
    const along = moveAlong(params, direction, size);
    const against = moveAlong(params, direction, tf.neg(size) as tf.Scalar);
    const change = tf.sub(
      sampleLosses(loss, along, samples),
      sampleLosses(loss, against, samples),
    );
    return tf.div(change, tf.mul(size, 2)) as tf.Tensor1D;
  });
}

/** Euclidean length of several tensors as one vector. */
function lengthOf(tensors: readonly tf.Tensor[]): tf.Tensor {
  return tf.sqrt(tf.addN(tensors.map((x) => tf.sum(tf.square(x)))));
}

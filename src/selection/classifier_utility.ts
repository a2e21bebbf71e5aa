/**
 * Eq. 12 as far as the classifier sees it: forward passes only.
 *
 * @module
 */
import { checkRange, type Params } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import {
  batchGradient,
  type LabelledBatch,
  type SampleLoss,
} from "./batch_gradient.ts";
import { directionalDerivative } from "./directional_derivative.ts";
import { checkLabels, checkRate } from "./lookahead_utility.ts";

/** A loss in two parts: a network up to its features, and a classifier on them. */
export interface ClassifierLoss {
  /** `(params, images) -> [B, D]`: features. As pure as {@linkcode SampleLoss}. */
  features: (params: Params, images: tf.Tensor) => tf.Tensor2D;
  /** Loss of each sample, of features in place of images. */
  loss: SampleLoss;
}

/** Options of {@linkcode classifierUtility}. */
export interface ClassifierUtilityOptions {
  /** Rate η of the virtual step, above 0. Borrowed. */
  learningRate: number | tf.Scalar;
  /** Which weights are the classifier's, as in `(name) => name.startsWith("head.")`. */
  classifier: (name: string) => boolean;
}

/**
 * First-order lookahead utility over the classifier layer only: -η ⟨∇_c l(x̂), ∇_c L⟩ with the classifier's weights c.
 *
 * What {@linkcode lookaheadUtility} is without its curvature and without the layers below, for which it is a stand-in: one
 * forward pass of the network over the mixed batch, no backward pass through it, and the candidates are not run again.
 * So it costs a fraction of the exact one; how well the order agrees depends on the network (see the benches). The
 * candidates are seen as part of the mixed batch here, which matters where batch normalisation uses its statistics. Runs
 * inside `jit`.
 *
 * @param model Features, and the loss on them.
 * @param params Weights w of both. Borrowed.
 * @param data `batch`, the mixed batch of real and synthetic samples; `candidates`, how many of its last samples are the
 * synthetic ones to judge, C. Borrowed.
 * @param options Rate, and which weights are the classifier's.
 * @returns Utility of each candidate, `[C]`, in nats; negative where the loss would fall. Owned by the caller.
 * @throws {TypeError} If labels and images differ in number, or the loss returns another shape than `[B]`.
 * @throws {RangeError} If the rate is not above 0, `candidates` is not a whole number from 1 to the batch's size, or the
 * loss depends on none of the classifier's weights.
 *
 * @example
 * ```ts
 * import { crossEntropy, tf } from "@outis/outis/engine";
 * import { classifierUtility } from "@outis/outis/selection";
 *
 * const params = { "head.weight": tf.zeros([2, 2]) };
 * const utility = classifierUtility(
 *   {
 *     features: (_params, images) => images as tf.Tensor2D,
 *     loss: (params, features, labels) =>
 *       crossEntropy(
 *         tf.matMul(features as tf.Tensor2D, params["head.weight"] as tf.Tensor2D),
 *         labels,
 *       ),
 *   },
 *   params,
 *   {
 *     batch: {
 *       images: tf.tensor2d([[1, 0], [0, 1], [1, 0]]),
 *       labels: tf.tensor1d([0, 1, 0], "int32"),
 *     },
 *     candidates: 1,
 *   },
 *   { learningRate: 0.3, classifier: (name) => name === "head.weight" },
 * );
 * utility.print(); // -0.3 · (2 / 3) · 0.5
 * ```
 */
export function classifierUtility(
  model: ClassifierLoss,
  params: Params,
  data: { batch: LabelledBatch; candidates: number },
  options: ClassifierUtilityOptions,
): tf.Tensor1D {
  const { learningRate, classifier } = options;
  const { batch, candidates } = data;
  checkRate(learningRate);
  checkLabels("batch", batch);
  const count = batch.labels.shape[0];
  checkRange("look ahead", "candidates", candidates, {
    min: 1,
    max: count,
    integer: true,
  });
  return tf.tidy(() => {
    const features = model.features(params, batch.images); // [B, D]
    const start = count - candidates;
    const last: LabelledBatch = {
      images: tf.slice(features, [start, 0], [candidates, features.shape[1]]),
      labels: tf.slice(batch.labels, [start], [candidates]),
    };
    const known: LabelledBatch = { images: features, labels: batch.labels };
    const gradients = batchGradient(model.loss, params, known, {
      option: "classifier",
      includes: classifier,
    });
    const slope = directionalDerivative(model.loss, params, gradients, last);
    return tf.neg(tf.mul(slope, learningRate)); // [C]
  });
}

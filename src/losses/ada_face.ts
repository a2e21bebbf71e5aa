/**
 * AdaFace, a loss for faces whose margin follows the quality of an image, of which the feature's norm tells.
 *
 * Kim et al., "AdaFace: Quality Adaptive Margin for Face Recognition", 2022.
 *
 * | symbol | here |
 * | --- | --- |
 * | m | `margin` |
 * | h | `concentration` |
 * | s | `scale` |
 * | μ_z, σ_z | `norms.mean`, `norms.deviation` |
 * | ‖z‖^ | `quality` |
 *
 * @module
 */
import { checkRange, checkShape } from "../core/mod.ts";
import { crossEntropy, tf } from "../engine/mod.ts";
import { classCosines } from "./cos_face.ts";
import {
  featureNorms,
  type NormStatistics,
  normStatistics,
} from "./norm_statistics.ts";

/** Keeps cosines from ±1, angles from 0 and π, and the deviation from 0, as in AdaFace's program. */
const EPSILON = 1e-3;

/** Options of {@linkcode adaFace}. */
export interface AdaFaceOptions {
  /** Margin m, in [0, 1). @default 0.4, that of AdaFace */
  margin?: number;
  /** How soon a norm off the mean counts as low or high quality, h, above 0. @default 0.333, that of AdaFace */
  concentration?: number;
  /** Scale s of the cosines, above 0. @default 64, that of AdaFace */
  scale?: number;
  /**
   * Mean and deviation of norms to compare with: those of training so far, kept by the caller with `normStatistics` and
   * renewed by the batch before its loss, as in AdaFace's program. Borrowed.
   * @default those of this batch
   */
  norms?: NormStatistics;
}

/**
 * Quality adaptive margin loss of each sample.
 *
 * l_i = -log softmax_y(s (cos(θ_ij + g_angle [j = y_i]) - g_add [j = y_i])) with g_angle = -m q, g_add = m + m q and
 * the quality q = clip(h (‖f_i‖ - μ) / (σ + 0.001), -1, 1): at q = -1 it is ArcFace, at 0 CosFace, at 1 a negative
 * angular margin. θ + g_angle is kept in [0.001, π - 0.001]. No gradient flows through the norms.
 *
 * @param features Features, `[B, D]`; their norms count. Borrowed.
 * @param classes Weights of the classes, one column each, `[D, C]`, any norm. Borrowed.
 * @param labels Class of each sample, int32, `[B]`. Borrowed.
 * @param options Margin, scale, and what norms are compared with.
 * @returns Loss of each sample, `[B]`, in nats, at least 0. Owned by the caller.
 * @throws {TypeError} If widths or lengths differ.
 * @throws {RangeError} If an option is out of range, or one sample is compared with itself alone.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { adaFace } from "@outis/outis/losses";
 *
 * const features = tf.tensor2d([[2, 0], [0, 2]]); // of one norm: q = 0, CosFace
 * const classes = tf.tensor2d([[1, 1], [1, -1]]); // at 45° to both
 * const labels = tf.tensor1d([0, 1], "int32");
 * adaFace(features, classes, labels, { scale: 1 }).print(); // log(1 + e^0.4), log(1 + e^1.814)
 * ```
 */
export function adaFace(
  features: tf.Tensor2D,
  classes: tf.Tensor2D,
  labels: tf.Tensor1D,
  options: AdaFaceOptions = {},
): tf.Tensor1D {
  const { margin = 0.4, concentration = 0.333, scale = 64 } = options;
  const act = "compute the AdaFace loss";
  checkShape(act, "labels", labels, [features.shape[0]]);
  checkRange(act, "margin", margin, { min: 0, max: 1, exclusive: "max" });
  for (const [name, value] of Object.entries({ concentration, scale })) {
    checkRange(act, name, value, { min: 0, exclusive: "min" });
  }
  return tf.tidy(() => {
    const { mean, deviation } = options.norms ?? normStatistics(features);
    const offset = tf.div(
      tf.sub(featureNorms(features), mean),
      tf.add(deviation, EPSILON),
    );
    const quality = tf.clipByValue(tf.mul(offset, concentration), -1, 1); // [B]
    const cosines = tf.clipByValue(
      classCosines(features, classes),
      -1 + EPSILON,
      1 - EPSILON,
    ); // [B, C]
    const truth = tf.cast(tf.oneHot(labels, classes.shape[1]), "float32");
    const own = tf.sum(tf.mul(cosines, truth), 1); // [B]
    const angle = tf.clipByValue(
      tf.sub(tf.acos(own), tf.mul(quality, margin)),
      EPSILON,
      Math.PI - EPSILON,
    );
    const added = tf.mul(tf.add(quality, 1), margin);
    const change = tf.sub(tf.sub(tf.cos(angle), added), own); // [B]
    const shifted = tf.add(cosines, tf.mul(truth, tf.expandDims(change, 1)));
    return crossEntropy(tf.mul(shifted, scale) as tf.Tensor2D, labels); // [B]
  });
}

/**
 * ArcFace, a loss for faces with a margin on the angle.
 *
 * Deng et al., "ArcFace: Additive Angular Margin Loss for Deep Face Recognition", 2019.
 *
 * @module
 */
import { checkRange, checkShape } from "../core/mod.ts";
import { crossEntropy, tf } from "../engine/mod.ts";
import { classCosines } from "./cos_face.ts";

/** Cosines are kept this far from ±1, where the angle's slope has no bound. */
const SHORT_OF_ONE = 1e-7;

/** Options of {@linkcode arcFace}. */
export interface ArcFaceOptions {
  /** Margin m, added to the angle with the true class, rad, in [0, π). @default 0.5, that of ArcFace */
  margin?: number;
  /** Scale s of the cosines, above 0. @default 64, that of ArcFace */
  scale?: number;
  /**
   * What becomes of an angle θ that the margin would push past π, where the cosine rises again. False: its cosine loses
   * m sin m instead, so that the logit keeps falling with θ, as in the program of ArcFace's authors. True: only angles
   * below π / 2 have a margin, which is easier to train where classes are few.
   * @default false
   */
  easyMargin?: boolean;
}

/**
 * Additive angular margin loss of each sample.
 *
 * l_i = -log softmax_y(s (cos(θ_ij + m [j = y_i]))), where θ_ij is the angle of feature i and the weights of class j.
 * The gradient is the formula's own; insightface's later program treats the margin as a constant on the cosine instead.
 *
 * @param features Features, `[B, D]`, any norm. Borrowed.
 * @param classes Weights of the classes, one column each, `[D, C]`, any norm. Borrowed.
 * @param labels Class of each sample, int32, `[B]`. Borrowed.
 * @param options Margin and scale.
 * @returns Loss of each sample, `[B]`, in nats, at least 0. Owned by the caller.
 * @throws {TypeError} If widths or lengths differ.
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { arcFace } from "@outis/outis/losses";
 *
 * const features = tf.tensor2d([[2, 2]]); // at 45° between two classes
 * const classes = tf.tensor2d([[1, 0], [0, 1]]);
 * const labels = tf.tensor1d([0], "int32");
 * arcFace(features, classes, labels, { margin: Math.PI / 4, scale: 1 }).print(); // log(1 + e^0.7071)
 * ```
 */
export function arcFace(
  features: tf.Tensor2D,
  classes: tf.Tensor2D,
  labels: tf.Tensor1D,
  options: ArcFaceOptions = {},
): tf.Tensor1D {
  const { margin = 0.5, scale = 64, easyMargin = false } = options;
  const act = "compute the ArcFace loss";
  checkShape(act, "labels", labels, [features.shape[0]]);
  checkRange(act, "margin", margin, { min: 0, max: Math.PI, exclusive: "max" });
  checkRange(act, "scale", scale, { min: 0, exclusive: "min" });
  return tf.tidy(() => {
    const cosines = tf.clipByValue(
      classCosines(features, classes),
      -1 + SHORT_OF_ONE,
      1 - SHORT_OF_ONE,
    ); // [B, C]
    const truth = tf.cast(tf.oneHot(labels, classes.shape[1]), "float32");
    const own = tf.sum(tf.mul(cosines, truth), 1); // [B]
    const sine = tf.sqrt(tf.sub(1, tf.square(own)));
    const turned = tf.sub(
      tf.mul(own, Math.cos(margin)),
      tf.mul(sine, Math.sin(margin)),
    ); // cos(θ + m)
    const least = easyMargin ? 0 : Math.cos(Math.PI - margin);
    const near = tf.step(tf.sub(own, least)); // 1 where the margin is added to the angle
    const beyond = easyMargin ? own : tf.sub(own, margin * Math.sin(margin));
    const shifted = tf.add(beyond, tf.mul(near, tf.sub(turned, beyond)));
    const change = tf.expandDims(tf.sub(shifted, own), 1); // [B, 1]
    const logits = tf.mul(tf.add(cosines, tf.mul(truth, change)), scale);
    return crossEntropy(logits as tf.Tensor2D, labels); // [B]
  });
}

/**
 * CosFace, the recogniser's loss for faces (section 5.1 of the paper).
 *
 * Wang et al., "CosFace: Large Margin Cosine Loss for Deep Face Recognition", 2018.
 *
 * @module
 */
import { checkRange, checkShape } from "../core/mod.ts";
import { crossEntropy, l2Normalize, tf } from "../engine/mod.ts";

/** Options of {@linkcode cosFace}. */
export interface CosFaceOptions {
  /** Margin m, subtracted from the cosine with the true class, in [0, 1). @default 0.35, that of CosFace */
  margin?: number;
  /** Scale s of the cosines, above 0. @default 64, that of CosFace */
  scale?: number;
}

/**
 * Large margin cosine loss of each sample.
 *
 * l_i = -log softmax_y(s (cos θ_ij - m [j = y_i])), where cos θ_ij is that of feature i and the weights of class j, both
 * taken at length one.
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
 * import { cosFace } from "@outis/outis/losses";
 *
 * const features = tf.tensor2d([[2, 0]]);
 * const classes = tf.tensor2d([[1, 0], [0, 1]]); // the axes
 * const labels = tf.tensor1d([0], "int32");
 * cosFace(features, classes, labels, { margin: 0.5, scale: 1 }).print(); // log(1 + e^-0.5)
 * ```
 */
export function cosFace(
  features: tf.Tensor2D,
  classes: tf.Tensor2D,
  labels: tf.Tensor1D,
  options: CosFaceOptions = {},
): tf.Tensor1D {
  const { margin = 0.35, scale = 64 } = options;
  const act = "compute the CosFace loss";
  checkShape(act, "labels", labels, [features.shape[0]]);
  checkRange(act, "margin", margin, { min: 0, max: 1, exclusive: "max" });
  checkRange(act, "scale", scale, { min: 0, exclusive: "min" });
  return tf.tidy(() => {
    const cosines = classCosines(features, classes); // [B, C]
    const truth = tf.cast(tf.oneHot(labels, classes.shape[1]), "float32");
    const logits = tf.mul(tf.sub(cosines, tf.mul(truth, margin)), scale);
    return crossEntropy(logits as tf.Tensor2D, labels); // [B]
  });
}

/**
 * Cosines of features with class weights: what CosFace decides by once trained.
 *
 * @param features Features, `[B, D]`, any norm. Borrowed.
 * @param classes Weights of the classes, one column each, `[D, C]`, any norm. Borrowed.
 * @returns Cosines, `[B, C]`, in [-1, 1]. Owned by the caller.
 * @throws {TypeError} If the widths differ.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { classCosines } from "@outis/outis/losses";
 *
 * const features = tf.tensor2d([[3, 4]]);
 * const classes = tf.tensor2d([[2, 0], [0, 1]]);
 * classCosines(features, classes).print(); // [[0.6, 0.8]]
 * ```
 */
export function classCosines(
  features: tf.Tensor2D,
  classes: tf.Tensor2D,
): tf.Tensor2D {
  const act = "compare features with classes";
  checkShape(act, "features", features, [null, null]);
  checkShape(act, "classes", classes, [features.shape[1], null]);
  return tf.tidy(() =>
    tf.matMul<tf.Tensor2D>(
      l2Normalize(features),
      l2Normalize(classes, { axis: 0 }),
    )
  );
}

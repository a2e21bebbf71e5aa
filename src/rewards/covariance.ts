/**
 * Eqs. 6 to 8: covariance of a set of features, and its trace.
 *
 * @module
 */
import { checkRange, checkShape } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import { checkFiniteValues } from "./check_features.ts";

/**
 * Sample covariance of a set of features.
 *
 * Σ = 1/(B-1) Σ_j (f_j - f̄)(f_j - f̄)ᵀ (eqs. 6 and 7). Features are taken as they are: the paper's are unit-length, so
 * normalise them first. For the trace alone {@linkcode covarianceTrace} needs no `[D, D]`.
 *
 * @param features One set of features, `[B, D]`, at least two. Borrowed.
 * @returns Covariance, `[D, D]`, symmetric, in the square of the features' unit. Owned by the caller.
 * @throws {TypeError} If the tensor has not two axes.
 * @throws {RangeError} If there are fewer than two features (one has no covariance), or a value is NaN or infinite.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { covariance } from "@outis/outis/rewards";
 *
 * covariance(tf.tensor2d([[1, 0], [-1, 0]])).print(); // [[2, 0], [0, 0]]
 * ```
 */
export function covariance(features: tf.Tensor2D): tf.Tensor2D {
  checkSet("compute a covariance", features);
  return tf.tidy(() => {
    const centred = centre(features); // [B, D]
    const products = tf.matMul(centred, centred, true, false); // [D, D]
    return tf.div(products, features.shape[0] - 1) as tf.Tensor2D;
  });
}

/**
 * Trace of the sample covariance: the spread of a set of features.
 *
 * S = tr Σ = 1/(B-1) Σ_j ‖f_j - f̄‖² (eq. 8), without forming Σ.
 *
 * @param features One set of features, `[B, D]`, at least two, taken as they are. Borrowed.
 * @returns Spread, scalar, at least 0; at most B/(B-1) for unit-length features. Owned by the caller.
 * @throws {TypeError} If the tensor has not two axes.
 * @throws {RangeError} If there are fewer than two features (one has no covariance), or a value is NaN or infinite.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { covarianceTrace } from "@outis/outis/rewards";
 *
 * covarianceTrace(tf.tensor2d([[1, 0], [-1, 0]])).print(); // 2
 * ```
 */
export function covarianceTrace(features: tf.Tensor2D): tf.Scalar {
  checkSet("compute the trace of a covariance", features);
  return traceOf(features);
}

/**
 * {@linkcode covarianceTrace} without its checks.
 *
 * @param features One set of features, `[B, D]`, at least two. Borrowed.
 * @returns Spread, scalar. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { traceOf } from "./covariance.ts";
 *
 * traceOf(tf.tensor2d([[1, 0], [-1, 0]])).print(); // 2
 * ```
 */
export function traceOf(features: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() =>
    tf.div(
      tf.sum(squaredDeviations(features)),
      features.shape[0] - 1,
    ) as tf.Scalar
  );
}

/**
 * Squared distance of each feature to the mean of its set.
 *
 * @param features One set of features, `[B, D]`. Borrowed.
 * @returns ‖f_j - f̄‖², `[B]`. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { assertEquals } from "@std/assert";
 * import { squaredDeviations } from "./covariance.ts";
 *
 * const features = tf.tensor2d([[0, 0], [2, 0]]); // their mean is [1, 0]
 * assertEquals(squaredDeviations(features).arraySync(), [1, 1]);
 * ```
 */
export function squaredDeviations(features: tf.Tensor2D): tf.Tensor1D {
  return tf.tidy(() => {
    return tf.sum(tf.square(centre(features)), 1) as tf.Tensor1D; // [B]
  });
}

/** Deviations from the mean. Twice, as far from the origin the first mean has an error of rounding. */
function centre(features: tf.Tensor2D): tf.Tensor2D {
  const once = tf.sub(features, tf.mean(features, 0));
  return tf.sub(once, tf.mean(once, 0));
}

function checkSet(act: string, features: tf.Tensor2D): void {
  checkShape(act, "features", features, [null, null]);
  checkRange(act, "number of features", features.shape[0], { min: 2 });
  checkFiniteValues(act, "features", features);
}

/**
 * The spring that holds variations to their identity (eq. B6).
 *
 * @module
 */
import { checkRange, checkShape } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import {
  angleSlope,
  boundedCosine,
  directions,
  KAPPA,
} from "./angular_distance.ts";

/** Options of {@linkcode identitySpring}. */
export interface IdentitySpringOptions {
  /** k of U = k/2 θ², at least 0; the source's k_e/4 is half its k_e. */
  stiffness: number;
  /**
   * κ, in (0, 1].
   *
   * @default {0.999999}
   */
  kappa?: number;
}

/** What {@linkcode identitySpring} finds. */
export interface IdentitySpring {
  /** dU/de, `[n, E]`. Owned by the caller. */
  gradient: tf.Tensor2D;
  /** U, summed up. */
  energy: number;
  /** Smallest, mean and largest angle to the identity, radians. */
  angles: { min: number; mean: number; max: number };
}

/**
 * Energy and gradient of the spring between the directions of embeddings and of a reference:
 *
 * U = Σ_a (k/2) θ_a²,  dU/de_a = -(k/‖e_a‖) θ_a κ / √(1 - c_a²) (u_ref - (u_a·u_ref) u_a),  c_a = κ u_a·u_ref = cos θ_a
 *
 * @param embeddings e, `[n, E]`, any norm but zero. Borrowed.
 * @param reference The identity, `[E]`, any norm but zero. Borrowed.
 * @param options Strength.
 * @returns Gradient, energy, angles.
 * @throws {TypeError} If the widths differ.
 * @throws {RangeError} If an option is out of range, or a vector is zero or not finite.
 *
 * @example
 * ```ts
 * import { identitySpring } from "@outis/outis/brownian";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const spring = identitySpring(tf.tensor2d([[0, 2]]), tf.tensor1d([1, 0]), { stiffness: 1 });
 * spring.gradient.print(); // [[-π/4, 0]]
 * ```
 */
export function identitySpring(
  embeddings: tf.Tensor2D,
  reference: tf.Tensor1D,
  options: IdentitySpringOptions,
): IdentitySpring {
  const { stiffness, kappa = KAPPA } = options;
  const act = "hold variations to an identity";
  checkShape(act, "embeddings", embeddings, [null, reference.size]);
  checkShape(act, "reference", reference, [null]);
  checkRange(act, "stiffness", stiffness, { min: 0 });
  checkRange(act, "kappa", kappa, { min: 0, max: 1, exclusive: "min" });
  let angles: Float32Array = new Float32Array();
  const gradient = tf.tidy(() => {
    const [units, lengths] = directions(act, "embeddings", embeddings); // [n, E], [n, 1]
    const one = tf.reshape(reference, [1, -1]) as tf.Tensor2D;
    const [towards] = directions(act, "reference", one); // [1, E]
    const raw = tf.sum(tf.mul(units, towards), 1, true); // [n, 1]
    const cosine = boundedCosine(tf.mul(raw, kappa));
    const angle = tf.acos(cosine);
    angles = angle.dataSync() as Float32Array;
    const slope = angleSlope(cosine, kappa);
    const strength = tf.div(tf.mul(stiffness, tf.mul(angle, slope)), lengths);
    return tf.mul(strength, tf.sub(tf.mul(raw, units), towards));
  }) as tf.Tensor2D;
  const squares = angles.reduce((sum, value) => sum + value * value, 0);
  return {
    gradient,
    energy: 0.5 * stiffness * squares,
    angles: {
      min: angles.reduce((a, b) => Math.min(a, b), Infinity),
      mean: angles.reduce((a, b) => a + b, 0) / angles.length,
      max: angles.reduce((a, b) => Math.max(a, b), -Infinity),
    },
  };
}

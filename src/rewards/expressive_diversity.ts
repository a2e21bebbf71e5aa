/**
 * Eq. 9: expressive diversity.
 *
 * @module
 */
import { checkOneOf, checkRange, checkShape } from "../core/mod.ts";
import { l2Normalize, tf } from "../engine/mod.ts";
import { squaredDeviations, traceOf } from "./covariance.ts";
import { checkFeatures } from "./check_features.ts";
import type { SetReward } from "./distributional_coverage.ts";

/** Options of {@linkcode expressiveDiversity}. */
export interface ExpressiveDiversityOptions {
  /** How much wider than the references the samples should spread, ε, above -1. Not printed. @default 0.1 */
  epsilon?: number;
  /** Scale τ of the penalty, above 0; it cancels in eq. 10. The paper prints no value. @default 1 */
  tau?: number;
  /**
   * What one sample gets: `"shared"`, the set's reward; or `"leaveOneOut"`, what the set would lose without it,
   * R_exp(G) - R_exp(G \ j), from three samples on. Our reading; the paper has one number per set.
   * @default "shared"
   */
  credit?: "shared" | "leaveOneOut";
}

/**
 * Expressive diversity: generated features should spread a little wider than the references.
 *
 * R_exp = -((S_g - (1 + ε) S_r) / τ)², at most 0 (eq. 9), with the traces S of the covariances of unit-length features
 * (eqs. 6 to 8).
 *
 * @param generated Features of generated images of one identity, `[B, D]`, any norm, at least two. Borrowed.
 * @param reference Reference features of that identity, `[N, D]`, any norm, at least two. Borrowed.
 * @param options Wished excess of spread, scale, and credit.
 * @returns Reward of the set and of each sample. Owned by the caller.
 * @throws {TypeError} If the widths differ.
 * @throws {RangeError} If a set is too small (one sample has no covariance; leave-one-out needs three), a feature has no
 * direction ({@linkcode checkFeatures}), or an option is out of range.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { expressiveDiversity } from "@outis/outis/rewards";
 *
 * const generated = tf.tensor2d([[1, 0], [0, 1]]); // spread 1
 * const reference = tf.tensor2d([[1, 0], [-1, 0]]); // spread 2
 * expressiveDiversity(generated, reference).value.print(); // -(1 - 2.2)² = -1.44
 * ```
 */
export function expressiveDiversity(
  generated: tf.Tensor2D,
  reference: tf.Tensor2D,
  options: ExpressiveDiversityOptions = {},
): SetReward {
  const act = "score expressive diversity";
  checkFeatures(act, "generated", generated);
  checkShape(act, "reference", reference, [null, generated.shape[1]]);
  checkFeatures(act, "reference", reference);
  checkDiversityOptions(act, options);
  checkRange(act, "number of references", reference.shape[0], { min: 2 });
  checkRange(act, "number of samples", generated.shape[0], {
    min: options.credit === "leaveOneOut" ? 3 : 2,
  });
  return tf.tidy(() => {
    const deviation = squaredDeviations(l2Normalize(generated)); // [B]
    const sums = {
      deviation,
      total: tf.sum(deviation),
      count: tf.scalar(generated.shape[0]),
      referenceSpread: traceOf(l2Normalize(reference)),
    };
    const value = diversityCredits(sums, { ...options, credit: "shared" });
    const perSample = options.credit === "leaveOneOut"
      ? diversityCredits(sums, options)
      : tf.mul(tf.onesLike(deviation), value); // [B]
    return { value, perSample } as SetReward;
  });
}

/**
 * The samples' shares of eq. 9 from squared deviations.
 *
 * With q_j = ‖f̂_j - f̄‖² and Q = Σ_j q_j over a set of n: S = Q / (n-1), and without sample j
 * S' = (Q - n/(n-1) q_j) / (n-2), because the mean moves by (f̄ - f̂_j) / (n-1). With the wished spread W, leaving one out
 * gives (S' - S) (S' + S - 2 W) / τ², in which nothing is lost to the difference of two squares that are almost the same.
 *
 * @param sums For each sample: `deviation` q_j, `total` Q and `count` n of its set, and `referenceSpread` S_r of its
 * identity. Shapes that broadcast.
 * @param options Wished excess of spread, scale, and credit.
 * @returns One reward per sample. A set of one counts as one without spread, never NaN. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { diversityCredits } from "./expressive_diversity.ts";
 *
 * const sums = {
 *   deviation: tf.tensor1d([0.5, 0.5]),
 *   total: tf.scalar(1), // S_g = 1
 *   count: tf.scalar(2),
 *   referenceSpread: tf.scalar(0.5),
 * };
 * diversityCredits(sums, { epsilon: 0 }).print(); // -(1 - 0.5)² = -0.25
 * ```
 */
export function diversityCredits(
  sums: {
    deviation: tf.Tensor;
    total: tf.Tensor;
    count: tf.Tensor;
    referenceSpread: tf.Tensor;
  },
  options: ExpressiveDiversityOptions,
): tf.Tensor {
  const { epsilon = 0.1, tau = 1, credit = "shared" } = options;
  const { deviation, total, count, referenceSpread } = sums;
  return tf.tidy(() => {
    const wished = tf.mul(referenceSpread, 1 + epsilon);
    const others = tf.maximum(tf.sub(count, 1), 1); // n - 1
    const spread = tf.div(total, others);
    if (credit === "shared") {
      return tf.neg(tf.square(tf.div(tf.sub(spread, wished), tau)));
    }
    const rest = tf.maximum(tf.sub(count, 2), 1); // n - 2, 1 where the others have no spread
    const change = tf.div(
      tf.sub(
        tf.mul(total, tf.sub(others, rest)),
        tf.mul(deviation, count),
      ),
      tf.mul(others, rest),
    ); // S' - S
    const excess = tf.mul(tf.sub(spread, wished), 2);
    return tf.div(tf.mul(change, tf.add(change, excess)), tau * tau);
  });
}

/**
 * Checks the options of eq. 9.
 *
 * @param act What the caller is about to do.
 * @param options Options as the caller got them.
 * @throws {RangeError} If one is out of range.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { checkDiversityOptions } from "./expressive_diversity.ts";
 *
 * checkDiversityOptions("score", { epsilon: 0.1, tau: 1 });
 * assertThrows(() => checkDiversityOptions("score", { tau: 0 }), RangeError);
 * ```
 */
export function checkDiversityOptions(
  act: string,
  options: ExpressiveDiversityOptions,
): void {
  const { epsilon, tau, credit } = options;
  if (epsilon !== undefined) {
    checkRange(act, "epsilon", epsilon, { min: -1, exclusive: "min" });
  }
  if (tau !== undefined) {
    checkRange(act, "tau", tau, { min: 0, exclusive: "min" });
  }
  if (credit !== undefined) {
    checkOneOf(act, "credit", credit, ["shared", "leaveOneOut"]);
  }
}

/**
 * Eq. 5: distributional coverage.
 *
 * @module
 */
import { checkOneOf, checkRange, checkShape } from "../core/mod.ts";
import { l2Normalize, tf } from "../engine/mod.ts";
import { checkFeatures } from "./check_features.ts";
import { kernelMatrix } from "./rbf_kernel.ts";

/** How the set's coverage is credited to its samples, apart from the kernel's bandwidth. */
export interface CoverageCreditOptions {
  /** Weight α of the redundancy term, at least 0. The paper prints no value. @default 0.5 */
  alpha?: number;
  /** Whether the pairs g = g' are left out of the redundancy term. @default false, as printed */
  excludeSelf?: boolean;
  /**
   * What one sample gets: `"mean"`, its own terms of eq. 5, whose mean over the set is eq. 5; or `"marginal"`, with the
   * redundancy term doubled: the effect on eq. 5 of moving this sample, times the number of samples. Our reading; the
   * paper has one number per set.
   * @default "mean"
   */
  credit?: "mean" | "marginal";
}

/** Options of {@linkcode distributionalCoverage}. */
export interface DistributionalCoverageOptions extends CoverageCreditOptions {
  /** Bandwidth σ of the kernel (eq. 4), above 0: {@linkcode medianBandwidth} of the bank. */
  sigma: number;
}

/** A reward of a set of samples, and what each sample gets of it. A `type`, for `tf.tidy` and `tf.dispose`. */
export type SetReward = {
  /** Reward of the set, scalar. */
  value: tf.Scalar;
  /** Reward of each sample, `[B]`. */
  perSample: tf.Tensor1D;
};

/**
 * Distributional coverage: generated features should lie where the references lie, and not all in one place.
 *
 * R_cov = E_{g, r} k(f̂_g, f̂_r) - α E_{g, g'} k(f̂_g, f̂_g'), in [-α, 1] (eq. 5), over the generated set and the
 * references of one identity.
 *
 * @param generated Features of generated images of one identity, `[B, D]`, any norm. Borrowed.
 * @param reference Reference features of that identity, `[N, D]`, any norm. Borrowed.
 * @param options Bandwidth, weight of the redundancy term, and credit.
 * @returns Reward of the set and of each sample. Owned by the caller.
 * @throws {TypeError} If the widths differ.
 * @throws {RangeError} If a set is empty, a feature has no direction ({@linkcode checkFeatures}), an option is out of
 * range, or `excludeSelf` meets a single sample.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { distributionalCoverage } from "@outis/outis/rewards";
 *
 * const generated = tf.tensor2d([[1, 0], [0, 1]]);
 * const reference = tf.tensor2d([[2, 0]]);
 * const { value, perSample } = distributionalCoverage(generated, reference, {
 *   sigma: 1,
 * });
 * value.print(); // (1 + e⁻¹) / 4
 * perSample.print();
 * ```
 */
export function distributionalCoverage(
  generated: tf.Tensor2D,
  reference: tf.Tensor2D,
  options: DistributionalCoverageOptions,
): SetReward {
  const act = "score distributional coverage";
  checkFeatures(act, "generated", generated);
  checkShape(act, "reference", reference, [null, generated.shape[1]]);
  checkFeatures(act, "reference", reference);
  const { sigma, ...credit } = options;
  checkCoverageOptions(act, credit);
  checkRange(act, "sigma", sigma, { min: 0, exclusive: "min" });
  const count = generated.shape[0];
  checkRange(act, "number of samples", count, {
    min: options.excludeSelf ? 2 : 1,
  });
  return tf.tidy(() => {
    const unit = l2Normalize(generated); // [B, D]
    const toReference = tf.mean(
      kernelMatrix(unit, l2Normalize(reference), sigma),
      1,
    ); // [B]
    const kernelSum = tf.sum(kernelMatrix(unit, unit, sigma), 1); // [B]
    const sums = { toReference, kernelSum, count: tf.scalar(count) };
    return {
      value: tf.mean(coverageCredits(sums, { ...credit, credit: "mean" })),
      perSample: coverageCredits(sums, credit) as tf.Tensor1D,
    } as SetReward;
  });
}

/**
 * The samples' shares of eq. 5 from sums of kernel values.
 *
 * @param sums For each sample: `toReference`, its mean kernel value with the references; `kernelSum`, the sum of its
 * kernel values with all samples of its set, itself included; `count`, the size of its set. Shapes that broadcast.
 * @param options Weight of the redundancy term, and credit.
 * @returns One reward per sample. With `excludeSelf` a sample alone in its set has no redundancy. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { assertEquals } from "@std/assert";
 * import { coverageCredits } from "./distributional_coverage.ts";
 *
 * const sums = {
 *   toReference: tf.tensor1d([1, 0.5]),
 *   kernelSum: tf.tensor1d([1.5, 1.5]),
 *   count: tf.scalar(2),
 * };
 * const credits = coverageCredits(sums, { alpha: 1 });
 * assertEquals(credits.arraySync(), [0.25, -0.25]); // less 1.5 / 2 each
 * ```
 */
export function coverageCredits(
  sums: { toReference: tf.Tensor; kernelSum: tf.Tensor; count: tf.Tensor },
  options: CoverageCreditOptions,
): tf.Tensor {
  const { alpha = 0.5, excludeSelf = false, credit = "mean" } = options;
  const { toReference, kernelSum, count } = sums;
  const weight = credit === "marginal" ? 2 * alpha : alpha;
  return tf.tidy(() => {
    const redundancy = excludeSelf
      ? tf.div(tf.sub(kernelSum, 1), tf.maximum(tf.sub(count, 1), 1))
      : tf.div(kernelSum, count);
    return tf.sub(toReference, tf.mul(redundancy, weight));
  });
}

/**
 * Checks the options of eq. 5.
 *
 * @param act What the caller is about to do.
 * @param options Options as the caller got them.
 * @throws {RangeError} If one is out of range.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { checkCoverageOptions } from "./distributional_coverage.ts";
 *
 * checkCoverageOptions("score", { sigma: 1, credit: "mean" });
 * assertThrows(() => checkCoverageOptions("score", { sigma: 0 }), RangeError);
 * ```
 */
export function checkCoverageOptions(
  act: string,
  options: Partial<DistributionalCoverageOptions>,
): void {
  const { sigma, alpha, credit } = options;
  if (sigma !== undefined) {
    checkRange(act, "sigma", sigma, { min: 0, exclusive: "min" });
  }
  if (alpha !== undefined) checkRange(act, "alpha", alpha, { min: 0 });
  if (credit !== undefined) {
    checkOneOf(act, "credit", credit, ["mean", "marginal"]);
  }
}

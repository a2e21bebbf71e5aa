/**
 * Means over a handful of seeds: their confidence intervals, and whether two methods differ.
 *
 * @module
 */
import { checkRange } from "../core/mod.ts";
import { meanAndError, pairedDifference } from "./mean_and_error.ts";
import { studentCritical, studentTails } from "./student_t.ts";

/** A mean and the interval that holds the true mean with a given confidence. */
export interface ConfidenceInterval {
  /** Mean of the values. */
  mean: number;
  /** Half of the interval's width: it is mean ± this. */
  halfWidth: number;
  /** Confidence, in (0, 1). */
  level: number;
  /** Number of values. */
  count: number;
}

/** Options of {@linkcode meanInterval} and {@linkcode pairedTest}. */
export interface ConfidenceOptions {
  /** Confidence of the interval, in (0, 1). @default 0.95 */
  level?: number;
}

/**
 * Confidence interval of a mean by Student's t: mean ± t(level, n - 1) * deviation / sqrt(n).
 *
 * It takes the values to be independent and about normally distributed, as the scores of one method under several seeds.
 *
 * @param values At least two.
 * @param options Confidence.
 * @returns Mean and half width, in the unit of the values.
 * @throws {RangeError} If there are fewer than two values, one is not finite, or `level` is not in (0, 1).
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { meanInterval } from "@outis/outis/metrics";
 *
 * const { mean, halfWidth } = meanInterval([1, 2, 3]);
 * assertAlmostEquals(mean, 2);
 * assertAlmostEquals(halfWidth, 2.4841, 1e-4); // 4.3027 * 1 / sqrt(3)
 * ```
 */
export function meanInterval(
  values: ArrayLike<number>,
  options: ConfidenceOptions = {},
): ConfidenceInterval {
  const { level = 0.95 } = options;
  checkRange("find an interval", "level", level, {
    min: 0,
    max: 1,
    exclusive: true,
  });
  const { mean, standardError, count } = meanAndError(values);
  const halfWidth = standardError * studentCritical(1 - level, count - 1);
  return { mean, halfWidth, level, count };
}

/** How two methods differ under the same seeds. */
export interface PairedTest extends ConfidenceInterval {
  /** The t statistic. @default left out where all differences are equal: there is no spread to measure by */
  t?: number;
  /** Two-sided p-value of no difference. @default left out with `t` */
  p?: number;
}

/**
 * Paired t-test: the mean of `after - before`, its interval, and how likely such a mean would be if there were none.
 *
 * @param before Values of one method, one per seed.
 * @param after Values of the other under the same seeds, in the same order.
 * @param options Confidence of the interval.
 * @returns Mean difference, its interval, t and p.
 * @throws {TypeError} If the numbers of values differ.
 * @throws {RangeError} If there are fewer than two, one is not finite, or `level` is not in (0, 1).
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { pairedTest } from "@outis/outis/metrics";
 *
 * // Differences 1, 2, 3: t = 2 / (1 / sqrt(3)) with two degrees of freedom.
 * const { mean, t, p } = pairedTest([0, 0, 0], [1, 2, 3]);
 * assertAlmostEquals(mean, 2);
 * assertAlmostEquals(t!, 3.4641, 1e-4);
 * assertAlmostEquals(p!, 0.0742, 1e-4);
 * ```
 */
export function pairedTest(
  before: ArrayLike<number>,
  after: ArrayLike<number>,
  options: ConfidenceOptions = {},
): PairedTest {
  const { mean, standardError, count } = pairedDifference(before, after);
  const differences = Array.from(before, (value, i) => after[i] - value);
  const interval = meanInterval(differences, options);
  // Rounding alone makes no spread: equal scores of two methods must not pass for a certain difference.
  const scale = Math.max(
    ...Array.from(before, Math.abs),
    ...Array.from(after, Math.abs),
  );
  if (standardError <= 1e-12 * scale) return interval;
  const t = mean / standardError;
  return { ...interval, t, p: studentTails(t, count - 1) };
}

/**
 * Holm's correction: p-values of several tests such that the chance of any false alarm stays as stated.
 *
 * The k-th smallest of m is multiplied by m - k + 1, kept in order, and at most 1.
 *
 * @param values P-values, in any order.
 * @returns Adjusted p-values, in the order of `values`.
 * @throws {RangeError} If one is not in [0, 1].
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { holmAdjusted } from "@outis/outis/metrics";
 *
 * const [first, second] = holmAdjusted([0.04, 0.01]);
 * assertAlmostEquals(first, 0.04);
 * assertAlmostEquals(second, 0.02);
 * ```
 */
export function holmAdjusted(values: readonly number[]): number[] {
  values.forEach((value, i) =>
    checkRange("adjust p-values", `values[${i}]`, value, { min: 0, max: 1 })
  );
  const order = [...values.keys()].sort((a, b) => values[a] - values[b]);
  const adjusted = Array<number>(values.length);
  let least = 0;
  order.forEach((index, k) => {
    least = Math.max(least, Math.min(1, (values.length - k) * values[index]));
    adjusted[index] = least;
  });
  return adjusted;
}

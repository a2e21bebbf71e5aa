/**
 * Means with their errors.
 *
 * @module
 */
import { checkFinite, checkLength } from "../core/mod.ts";

/** A mean and how well it is known. */
export interface MeanAndError {
  /** Mean of the values. */
  mean: number;
  /** Sample standard deviation, with n - 1. */
  deviation: number;
  /** Standard error of the mean, deviation / sqrt(n): for independent values. */
  standardError: number;
  /** n, the number of values. */
  count: number;
}

/**
 * Mean, deviation and standard error of independent values, in float64.
 *
 * @param values At least two.
 * @returns Mean and error, in the unit of the values.
 * @throws {RangeError} If there are fewer than two values, or one is not finite.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { meanAndError } from "@outis/outis/metrics";
 *
 * const { mean, standardError } = meanAndError([1, 3]);
 * assert(mean === 2 && Math.abs(standardError - 1) < 1e-12);
 * ```
 */
export function meanAndError(values: ArrayLike<number>): MeanAndError {
  const count = values.length;
  if (count < 2) {
    throw new RangeError(
      `Cannot estimate an error as 'values' must be at least two: current value is ${count}`,
    );
  }
  checkFinite("estimate an error", "values", values);
  let mean = 0;
  for (let i = 0; i < count; i++) mean += values[i] / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (values[i] - mean) ** 2;
  const deviation = Math.sqrt(squares / (count - 1));
  return {
    mean,
    deviation,
    standardError: deviation / Math.sqrt(count),
    count,
  };
}

/**
 * Mean and error of the differences `after - before`, measured on the same things: what they share cancels.
 *
 * @param before Values of one method, or of one time.
 * @param after Values of the other, in the same order.
 * @returns Mean difference and its error, in the unit of the values.
 * @throws {TypeError} If the numbers of values differ.
 * @throws {RangeError} If there are fewer than two, or one is not finite.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { pairedDifference } from "@outis/outis/metrics";
 *
 * const { mean, standardError } = pairedDifference([1, 5], [2, 6]);
 * assert(mean === 1 && standardError === 0);
 * ```
 */
export function pairedDifference(
  before: ArrayLike<number>,
  after: ArrayLike<number>,
): MeanAndError {
  checkLength("compare values", "after", after, before.length);
  return meanAndError(
    Float64Array.from(before, (value, i) => after[i] - value),
  );
}

/**
 * Intervals and p-values from redraws.
 *
 * @module
 */
import { checkRange } from "../core/mod.ts";

/** An interval. */
export interface Interval {
  /** Lower end. */
  low: number;
  /** Upper end. */
  high: number;
}

/**
 * The interval that holds the middle of redrawn values: the percentile interval of a bootstrap.
 *
 * @param values Redrawn values, at least two; infinite ones are allowed, NaN is not.
 * @param level Part of the values inside, in (0, 1).
 * @returns The quantiles (1 - level) / 2 and (1 + level) / 2, interpolated linearly as NumPy does.
 * @throws {RangeError} If there are fewer than two values, one is NaN, or the level is out of range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { percentileInterval } from "@outis/outis/metrics";
 *
 * assertEquals(percentileInterval([4, 0, 2, 1, 3], 0.5), { low: 1, high: 3 });
 * ```
 */
export function percentileInterval(
  values: ArrayLike<number>,
  level: number,
): Interval {
  const act = "find an interval";
  checkRange(act, "values.length", values.length, { min: 2 });
  checkRange(act, "level", level, { min: 0, max: 1, exclusive: true });
  const sorted = Float64Array.from(values).sort();
  if (Number.isNaN(sorted.at(-1))) {
    throw new RangeError(
      "Cannot find an interval as 'values' must be numbers: current value is NaN",
    );
  }
  const quantile = (part: number): number => {
    const at = part * (sorted.length - 1);
    const below = Math.floor(at);
    const [a, b] = [sorted[below], sorted[Math.ceil(at)]];
    return a === b ? a : a + (at - below) * (b - a);
  };
  return { low: quantile((1 - level) / 2), high: quantile((1 + level) / 2) };
}

/**
 * Two-sided p-value of "no difference" from redrawn differences: twice the part of them on the rarer side of 0, the
 * observed one counted in, so never 0.
 *
 * @param differences Redrawn differences.
 * @returns In (0, 1].
 * @throws {RangeError} If there is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bootstrapTails } from "@outis/outis/metrics";
 *
 * assertEquals(bootstrapTails([1, 2, 3]), 0.5); // 2 (0 + 1) / (3 + 1)
 * ```
 */
export function bootstrapTails(differences: ArrayLike<number>): number {
  const count = differences.length;
  checkRange("find a p-value", "differences.length", count, { min: 1 });
  let [below, above] = [0, 0];
  for (let i = 0; i < count; i++) {
    if (differences[i] <= 0) below++;
    if (differences[i] >= 0) above++;
  }
  return Math.min(1, 2 * (Math.min(below, above) + 1) / (count + 1));
}

/**
 * Student's t distribution with whole degrees of freedom: what intervals over a handful of seeds need.
 *
 * @module
 */
import { checkRange } from "../core/mod.ts";

/**
 * Probability that |T| exceeds |t|: the p-value of a two-sided test.
 *
 * For whole degrees of freedom n the integral is a finite sum in theta = atan(t / sqrt(n)) (Abramowitz and Stegun, 26.7.3
 * and 26.7.4): exact up to rounding, but for probabilities near 0, which are known to about 1e-15 only.
 *
 * @param t Statistic, any number; infinite gives 0.
 * @param freedom Degrees of freedom, a whole number of at least 1.
 * @returns Probability, in [0, 1].
 * @throws {RangeError} If a number is outside its range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { studentTails } from "@outis/outis/metrics";
 *
 * assertAlmostEquals(studentTails(1, 1), 0.5); // a Cauchy variable lies in [-1, 1] half the time
 * ```
 */
export function studentTails(t: number, freedom: number): number {
  checkFreedom(freedom);
  if (Number.isNaN(t)) {
    throw new RangeError(
      `Cannot judge a t statistic as 't' must be a number: current value is ${t}`,
    );
  }
  const theta = Math.atan(Math.abs(t) / Math.sqrt(freedom));
  const [sine, cosine] = [Math.sin(theta), Math.cos(theta)];
  const isOdd = freedom % 2 === 1;
  // Terms cos^k theta with the double factorials of their series; k has the other parity than `freedom`.
  let term = isOdd ? cosine : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let k = isOdd ? 2 : 1; k < freedom - 2; k += 2) {
    term *= k / (k + 1) * cosine * cosine;
    sum += term;
  }
  const inside = isOdd ? 2 / Math.PI * (theta + sine * sum) : sine * sum;
  return Math.min(1, Math.max(0, 1 - inside));
}

/**
 * The t that |T| exceeds with a given probability: the factor of an interval's half width.
 *
 * @param tails Probability of both tails together, in (0, 1): 0.05 for an interval of 95 %.
 * @param freedom Degrees of freedom, a whole number of at least 1.
 * @returns The positive t, to about 1e-12 relative for tails of 1e-4 and more.
 * @throws {RangeError} If a number is outside its range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { studentCritical } from "@outis/outis/metrics";
 *
 * assertAlmostEquals(studentCritical(0.05, 4), 2.7764451, 1e-7); // five seeds
 * ```
 */
export function studentCritical(tails: number, freedom: number): number {
  checkFreedom(freedom);
  checkRange("find a critical t", "tails", tails, {
    min: 0,
    max: 1,
    exclusive: true,
  });
  let low = 0;
  let high = 1;
  while (studentTails(high, freedom) > tails) high *= 2;
  // Bisection: as many halvings as a float64 has bits.
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (studentTails(middle, freedom) > tails) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function checkFreedom(freedom: number): void {
  checkRange("use Student's t", "freedom", freedom, { min: 1, integer: true });
}

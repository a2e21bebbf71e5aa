/**
 * McNemar's test: do two recognisers err on different pairs, one more often than the other?
 *
 * @module
 */
import { checkLength, checkRange } from "../core/mod.ts";

/** Result of {@linkcode mcNemar}. */
export interface McNemarTest {
  /** Pairs that only the first judges rightly. */
  onlyFirst: number;
  /** Pairs that only the second judges rightly. */
  onlySecond: number;
  /** Two-sided p-value of "both are equally good", exact; 1 where they agree on every pair. */
  p: number;
}

/**
 * McNemar's exact test: of the pairs on which two recognisers disagree, each is right on half, if neither is better. The
 * p-value is the binomial distribution's, twice the smaller tail.
 *
 * It takes the pairs to be independent. Pairs that share people are not; the bootstrap over identities minds that.
 *
 * @param first 1 for each pair that the first judges rightly, else 0.
 * @param second The same of the second, in the same order.
 * @returns The numbers of disagreements, and p.
 * @throws {TypeError} If the numbers of pairs differ.
 * @throws {RangeError} If there is no pair.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { mcNemar } from "@outis/outis/metrics";
 *
 * const { onlySecond, p } = mcNemar([1, 0, 0, 0], [1, 1, 1, 1]);
 * assertEquals(onlySecond, 3);
 * assertAlmostEquals(p, 0.25); // 2 (1/2)^3
 * ```
 */
export function mcNemar(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): McNemarTest {
  const act = "compare two recognisers";
  checkRange(act, "first.length", first.length, { min: 1 });
  checkLength(act, "second", second, first.length);
  let [onlyFirst, onlySecond] = [0, 0];
  for (let i = 0; i < first.length; i++) {
    if (first[i] && !second[i]) onlyFirst++;
    if (second[i] && !first[i]) onlySecond++;
  }
  const n = onlyFirst + onlySecond;
  // From the largest term of the tail downwards, for 2^-n alone is 0 beyond a thousand disagreements.
  const least = Math.min(onlyFirst, onlySecond);
  let logTerm = -n * Math.LN2;
  for (let k = 1; k <= least; k++) logTerm += Math.log((n - k + 1) / k);
  let term = 1;
  let sum = 0;
  for (let k = least; k >= 0 && term > 0; k--) {
    sum += term;
    term *= k / (n - k + 1);
  }
  return {
    onlyFirst,
    onlySecond,
    p: Math.min(1, 2 * Math.exp(logTerm) * sum),
  };
}

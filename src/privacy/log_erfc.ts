/**
 * The complementary error function far out in its tail.
 *
 * @module
 */

/** From here on the continued fraction is the better one. */
const TAIL = 2;

/**
 * log erfc(x), erfc(x) = 2/√π ∫_x^∞ exp(-t²) dt, also where erfc(x) itself is no double any more.
 *
 * Below 2 by the series of erf whose terms are all positive, from there on by the continued fraction of Laplace; right to
 * about 1e-13, relative to erfc(x).
 *
 * @param x Any number.
 * @returns A number of at most log 2.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { logErfc } from "./log_erfc.ts";
 *
 * assertAlmostEquals(logErfc(0), 0);
 * assertAlmostEquals(logErfc(100), -10005.177585, 1e-6); // e^-10005: far below the smallest double
 * ```
 */
export function logErfc(x: number): number {
  if (x >= TAIL) return -x * x - 0.5 * Math.log(Math.PI) - Math.log(tail(x));
  // erf(6) is 1 to the last bit.
  return x <= -6 ? Math.LN2 : Math.log(1 - errorFunction(x));
}

/** erf(x) = 2/√π exp(-x²) Σ 2ⁿ x²ⁿ⁺¹ / (1 · 3 · … · (2n + 1)). */
function errorFunction(x: number): number {
  let term = x;
  let sum = 0;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    sum += term;
    term *= 2 * x * x / (2 * n + 1);
  }
  return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
}

/** The denominator of exp(-x²) / (√π (x + (1/2) / (x + (2/2) / (x + (3/2) / …)))), from its far end. */
function tail(x: number): number {
  const terms = Math.ceil(10 + 400 / (x * x)); // 110 at 2, where they are needed
  let value = x;
  for (let k = terms; k > 0; k--) value = x + k / 2 / value;
  return value;
}

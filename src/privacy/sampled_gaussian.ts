/**
 * Rényi differential privacy of one step of training with sampled, clipped and noisy gradients.
 *
 * I. Mironov, K. Talwar and L. Zhang, "Rényi differential privacy of the sampled Gaussian mechanism" (2019), section 3.3.
 *
 * | symbol | here |
 * | --- | --- |
 * | q | `sampleRate`, the chance of each unit to be in the batch |
 * | σ | `noiseMultiplier`, deviation of the noise over the clipping norm |
 * | α > 1 | `order` |
 * | A_α | E over N(0, σ²) of (1 - q + q exp((2z - 1) / 2σ²))^α |
 *
 * @module
 */
import { checkOneOf, checkRange } from "../core/mod.ts";
import { logErfc } from "./log_erfc.ts";

/** A step: each unit joins with a fixed chance, and noise covers the clipped sum. */
export interface SampledGaussian {
  /** q, the chance of each unit to be in a batch, in [0, 1]. */
  sampleRate: number;
  /** σ, deviation of the noise as a multiple of the clipping norm, at least 0. */
  noiseMultiplier: number;
}

/**
 * How the infinite sum at fractional orders is taken: `"signed"` as it is, as Opacus does, or `"absolute"`, all terms
 * positive, a bound from above, as dp-accounting does; an order at which this needs more than 1,000 terms is given up.
 */
export type FractionalSeries = "signed" | "absolute";

/** Terms below e^-30 are left out. */
const SMALLEST = -30;
const MOST_TERMS = 1000;

/**
 * The Rényi divergence of order α of one step between data sets that differ in one unit, added or removed.
 *
 * log(A_α) / (α - 1); at q = 1 that is α / (2σ²). Steps compose by addition.
 *
 * @param step q and σ.
 * @param order α, above 1; whole numbers are the quickest.
 * @param series The sum at fractional orders.
 * @returns Nats, at least 0; `Infinity` without noise, or where the series is given up.
 * @throws {RangeError} If a number is out of its range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { sampledGaussianDivergence } from "@outis/outis/privacy";
 *
 * // Every unit in every batch: the plain Gaussian mechanism.
 * assertEquals(sampledGaussianDivergence({ sampleRate: 1, noiseMultiplier: 2 }, 8), 8 / (2 * 2 ** 2));
 * ```
 */
export function sampledGaussianDivergence(
  step: SampledGaussian,
  order: number,
  series: FractionalSeries = "signed",
): number {
  const { sampleRate: q, noiseMultiplier: sigma } = step;
  const act = "account for privacy";
  checkRange(act, "sampleRate", q, { min: 0, max: 1 });
  checkRange(act, "noiseMultiplier", sigma, { min: 0 });
  checkRange(act, "order", order, { min: 1, exclusive: true });
  checkOneOf(act, "series", series, ["signed", "absolute"]);
  if (q === 0) return 0;
  if (sigma === 0) return Infinity;
  if (q === 1) return order / (2 * sigma ** 2);
  const logA = Number.isInteger(order)
    ? wholeOrder(q, sigma, order)
    : fractionalOrder(q, sigma, order, series);
  // Rounding may leave -1e-17 where the divergence is all but 0.
  return Math.max(0, logA / (order - 1));
}

/** log Σ_k C(α, k) (1 - q)^(α-k) q^k exp((k² - k) / 2σ²). */
function wholeOrder(q: number, sigma: number, order: number): number {
  let sum = -Infinity;
  let logBinomial = 0;
  for (let k = 0; k <= order; k++) {
    sum = logAdd(
      sum,
      logBinomial + k * Math.log(q) + (order - k) * Math.log1p(-q) +
        (k * k - k) / (2 * sigma ** 2),
    );
    logBinomial += Math.log((order - k) / (k + 1));
  }
  return sum;
}

/** The two integrals below and above z₀, where both halves of the mixture weigh the same, as series in k. */
function fractionalOrder(
  q: number,
  sigma: number,
  order: number,
  series: FractionalSeries,
): number {
  const cut = sigma ** 2 * Math.log(1 / q - 1) + 0.5; // z₀
  // Log of the moment of `power` units that joined, and of the share of its Gaussian beyond the cut.
  const moment = (power: number) =>
    power * Math.log(q) + (order - power) * Math.log1p(-q) +
    (power * power - power) / (2 * sigma ** 2);
  const share = (beyond: number) =>
    logErfc(beyond / (Math.SQRT2 * sigma)) - Math.LN2;
  let [below, above, logBinomial, sign] = [-Infinity, -Infinity, 0, 1];
  let [lastBelow, lastAbove] = [-Infinity, -Infinity];
  for (let k = 0;; k++) {
    const rest = order - k;
    const nextBelow = logBinomial + moment(k) + share(k - cut);
    const nextAbove = logBinomial + moment(rest) + share(cut - rest);
    const largest = Math.max(nextBelow, nextAbove);
    if (series === "absolute") {
      below = logAdd(below, nextBelow);
      above = logAdd(above, nextAbove);
      const falls = nextBelow < lastBelow && nextAbove < lastAbove;
      const sum = logAdd(below, above);
      if (falls && largest < sum + SMALLEST) return sum;
      if (k + 1 === MOST_TERMS) return Infinity;
    } else {
      below = (sign > 0 ? logAdd : logSubtract)(below, nextBelow);
      above = (sign > 0 ? logAdd : logSubtract)(above, nextAbove);
      if (largest < SMALLEST) return logAdd(below, above);
    }
    [lastBelow, lastAbove] = [nextBelow, nextAbove];
    logBinomial += Math.log(Math.abs(rest) / (k + 1));
    if (rest < 0) sign = -sign;
  }
}

/** log(eᵃ + eᵇ). */
function logAdd(a: number, b: number): number {
  const [low, high] = a < b ? [a, b] : [b, a];
  return low === -Infinity ? high : high + Math.log1p(Math.exp(low - high));
}

/** log(eᵃ - eᵇ); -∞ where rounding has b reach a. */
function logSubtract(a: number, b: number): number {
  if (b === -Infinity) return a;
  return b >= a ? -Infinity : a + Math.log(-Math.expm1(b - a));
}

/**
 * How much privacy a training has spent.
 *
 * @module
 */
import { checkRange } from "../core/mod.ts";
import {
  type FractionalSeries,
  type SampledGaussian,
  sampledGaussianDivergence,
} from "./sampled_gaussian.ts";

/** Steps of one kind. */
export interface NoisySteps extends SampledGaussian {
  /** How many, a whole number. */
  steps: number;
}

/** Choices that decide the digits of ε, all of them valid. */
export interface RenyiConvention {
  /** Orders α among which the best is taken, above 1. */
  orders: readonly number[];
  /** The sum at fractional orders. */
  series: FractionalSeries;
  /** Whether ε is 0 where already the divergence shows it: δ² > 1 - exp(-divergence). */
  divergenceBound: boolean;
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => from + i);
const TENTHS = range(1, 100).map((x) => 1 + x / 10);

/** What Opacus's `RDPAccountant` does: 1.1 to 10.9 by tenths, 12 to 63, sums with their signs. */
export const opacusConvention: RenyiConvention = {
  orders: [...TENTHS, ...range(12, 64)],
  series: "signed",
  divergenceBound: false,
};

/** What dp-accounting's `RdpAccountant` does: 1.1 to 10.9 by tenths, 11 to 63, 128 to 1,024, sums without signs. */
export const dpAccountingConvention: RenyiConvention = {
  orders: [...TENTHS, ...range(11, 64), 128, 256, 512, 1024],
  series: "absolute",
  divergenceBound: true,
};

/** Options of {@linkcode renyiAccountant}. */
export interface RenyiAccountantOptions {
  /** δ, the chance with which the promise may fail, in (0, 1); well below 1 over the number of units. */
  delta: number;
  /**
   * Orders and sums.
   *
   * @default {dpAccountingConvention}
   */
  convention?: RenyiConvention;
}

/** What was spent. */
export interface PrivacySpent {
  /** ε at the accountant's δ; `Infinity` without noise. */
  epsilon: number;
  /** The order α that gave it; at an end of the list a longer one may give less. */
  order: number;
}

/** Tells ε; see {@linkcode renyiAccountant}. */
export interface RenyiAccountant {
  /** δ. */
  delta: number;
  /**
   * The ε of all the steps together.
   *
   * @throws {RangeError} If a rate, a multiplier or a number of steps is out of its range.
   */
  spent: (steps: readonly NoisySteps[]) => PrivacySpent;
}

/**
 * The Rényi accountant of DP-SGD with Poisson-sampled batches: (ε, δ) of any sequence of steps, by adding their divergences
 * and the conversion of Balle et al. (2020, theorem 21) and Canonne et al. (2020, proposition 12),
 *
 * ε = min_α divergence(α) + log((α - 1) / α) - (log δ + log α) / (α - 1)   and at least 0.
 *
 * Units are added or removed (not exchanged) between neighbouring data sets, sensitivity is the clipping norm. Where
 * Opacus's value is below 0, which says 0, this is 0.
 *
 * @param options δ, and whose digits.
 * @returns The accountant; it remembers the divergences of steps it has seen.
 * @throws {RangeError} If δ is out of range, or an order is.
 *
 * @example
 * ```ts
 * import { renyiAccountant } from "@outis/outis/privacy";
 *
 * const accountant = renyiAccountant({ delta: 1e-5 });
 * // 60,000 pictures, 256 expected in a batch, 15 epochs.
 * const steps = { sampleRate: 256 / 60_000, noiseMultiplier: 1.3, steps: 3516 };
 * console.log(accountant.spent([steps]).epsilon.toFixed(2)); // "0.95"
 * ```
 */
export function renyiAccountant(
  options: RenyiAccountantOptions,
): RenyiAccountant {
  const { delta, convention = dpAccountingConvention } = options;
  const { orders, series, divergenceBound } = convention;
  const act = "account for privacy";
  checkRange(act, "delta", delta, { min: 0, max: 1, exclusive: true });
  checkRange(act, "orders.length", orders.length, { min: 1 });
  const known = new Map<string, number[]>();

  function divergences(step: SampledGaussian): number[] {
    const key = `${step.sampleRate} ${step.noiseMultiplier}`;
    const found = known.get(key) ??
      orders.map((order) => sampledGaussianDivergence(step, order, series));
    known.set(key, found);
    return found;
  }

  function epsilonOf(divergence: number, order: number): number {
    if (divergenceBound) {
      if (delta ** 2 + Math.expm1(-divergence) > 0) return 0;
      if (order <= 1.01) return Infinity; // the formula below is unstable there
    }
    return divergence + Math.log1p(-1 / order) -
      Math.log(delta * order) / (order - 1);
  }

  return {
    delta,
    spent(steps) {
      const total = new Float64Array(orders.length);
      for (const { steps: count, ...step } of steps) {
        checkRange(act, "steps", count, { min: 0, integer: true });
        if (count === 0) continue;
        for (const [i, one] of divergences(step).entries()) {
          total[i] += count * one;
        }
      }
      if (total.every((divergence) => divergence === 0)) {
        return { epsilon: 0, order: orders[0] };
      }
      let best = { epsilon: Infinity, order: orders[0] };
      for (const [i, order] of orders.entries()) {
        const epsilon = Math.max(0, epsilonOf(total[i], order));
        if (epsilon < best.epsilon) best = { epsilon, order };
      }
      return best;
    },
  };
}

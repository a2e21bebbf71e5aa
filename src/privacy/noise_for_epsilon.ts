/**
 * The noise a promise needs.
 *
 * @module
 */
import { checkRange } from "../core/mod.ts";
import { renyiAccountant, type RenyiConvention } from "./renyi_accountant.ts";

/** Options of {@linkcode noiseForEpsilon}. */
export interface NoiseForEpsilonOptions {
  /** ε that must not be exceeded, above 0. */
  epsilon: number;
  /** δ, in (0, 1). */
  delta: number;
  /** q, the chance of each unit to be in a batch, in (0, 1]. */
  sampleRate: number;
  /** Steps of the whole training, a whole number of at least 1. */
  steps: number;
  /**
   * Orders and sums.
   *
   * @default {dpAccountingConvention}
   */
  convention?: RenyiConvention;
  /**
   * By how much the result may be above the smallest multiplier, relative.
   *
   * @default {1e-4}
   */
  tolerance?: number;
}

/** A multiplier above this makes any gradient vanish. */
const MOST = 1e6;

/**
 * The smallest noise multiplier σ with which a training stays within (ε, δ), by bisection.
 *
 * @param options The promise, and the training's length and rate.
 * @returns σ, never below the smallest.
 * @throws {RangeError} If an option is out of its range, or no multiplier up to a million is enough.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { noiseForEpsilon } from "@outis/outis/privacy";
 *
 * const noise = noiseForEpsilon({ epsilon: 8, delta: 1e-5, sampleRate: 1, steps: 10 });
 * assert(noise > 1.8 && noise < 2.2);
 * ```
 */
export function noiseForEpsilon(options: NoiseForEpsilonOptions): number {
  const { epsilon, delta, sampleRate, steps, convention, tolerance = 1e-4 } =
    options;
  const act = "find the noise for a promise";
  checkRange(act, "epsilon", epsilon, { min: 0, exclusive: true });
  checkRange(act, "sampleRate", sampleRate, { min: 0, max: 1 });
  checkRange(act, "steps", steps, { min: 1, integer: true });
  checkRange(act, "tolerance", tolerance, { min: 0, max: 1, exclusive: true });
  const isEnough = (noiseMultiplier: number) => {
    const accountant = renyiAccountant({
      delta,
      ...(convention && { convention }),
    });
    const spent = accountant.spent([{ sampleRate, noiseMultiplier, steps }]);
    return spent.epsilon <= epsilon;
  };
  let high = 1;
  while (!isEnough(high)) {
    high *= 2;
    if (high > MOST) {
      throw new RangeError(
        `Cannot ${act} as 'epsilon' must be within reach at delta ${delta} and these orders: current value is ${epsilon}`,
      );
    }
  }
  let low = high === 1 ? 0 : high / 2;
  while (high - low > tolerance * high) {
    const middle = (low + high) / 2;
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * Whether a synthetic set matches the people it was trained on more than it matches others.
 *
 * @module
 */
import { checkFinite, checkRange, type RandomStream } from "../core/mod.ts";

/** Options of {@linkcode excessTest}. */
export interface ExcessTestOptions {
  /**
   * Whether the people of both lists are the same ones, each compared with itself.
   *
   * @default {false}
   */
  paired?: boolean;
  /**
   * Permutations drawn.
   *
   * @default {9999}
   */
  permutations?: number;
  /**
   * Resamples of the interval.
   *
   * @default {2000}
   */
  resamples?: number;
  /**
   * Confidence of the interval, in (0, 1).
   *
   * @default {0.9}
   */
  confidence?: number;
  /** Draws permutations and resamples. */
  random: RandomStream;
}

/** A one-sided test, and an interval beside it. */
export interface ExcessTest {
  /** Mean over the real people: share of their pairs with synthetic images that match. */
  rate: number;
  /** What it is judged against: the same mean over the control, or the real people's own false matches. */
  reference: number;
  /** Difference of the two. */
  excess: number;
  /** Interval of the excess by a bootstrap over people, at the confidence asked for. */
  interval: readonly [low: number, high: number];
  /** Probability of an excess as large or larger if there were none: one-sided, at least 1 / (permutations + 1). */
  pValue: number;
  /** Number of people in either list. */
  people: readonly [real: number, reference: number];
  /** What was done, in one sentence. */
  rule: string;
}

/**
 * Tests whether rates of real people are higher than those of others, one-sided, with people as the units.
 *
 * Images of a person, and images of a synthetic identity, go together, so that pairs of images are no independent trials
 * and a binomial test would see leaks everywhere. People are: if the generator does not know the real ones, they and the
 * control are exchangeable, and the share of permutations of people whose difference of means is at least the one found
 * is an exact p-value. Paired, the signs of the differences are flipped instead.
 *
 * @param real Rate of each real person, in [0, 1].
 * @param reference Rate of each person of the control; paired, what is expected of each real person.
 * @param options Paired or not; numbers of draws.
 * @returns Excess, interval and p-value.
 * @throws {RangeError} If a list has fewer than two people, or a rate is not finite.
 * @throws {TypeError} If paired lists differ in length.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { excessTest } from "@outis/outis/privacy";
 *
 * const leaked = [0.05, 0.04, 0.06, 0.05, 0.07];
 * const others = [0.001, 0, 0.002, 0.001, 0.001];
 * const { pValue } = excessTest(leaked, others, { random: randomStream(1) });
 * console.log(pValue < 0.01); // true: 1 of 252 ways to choose five of the ten
 * ```
 */
export function excessTest(
  real: ArrayLike<number>,
  reference: ArrayLike<number>,
  options: ExcessTestOptions,
): ExcessTest {
  const { paired = false, permutations = 9999, resamples = 2000 } = options;
  const { confidence = 0.9, random } = options;
  const act = "test for excess";
  checkRange(act, "permutations", permutations, { min: 99, integer: true });
  checkRange(act, "resamples", resamples, { min: 99, integer: true });
  checkRange(act, "confidence", confidence, {
    min: 0,
    max: 1,
    exclusive: true,
  });
  for (const [name, rates] of Object.entries({ real, reference })) {
    checkRange(act, `${name}.length`, rates.length, { min: 2 });
    checkFinite(act, name, rates);
  }
  if (paired && real.length !== reference.length) {
    throw new TypeError(
      `Cannot ${act} as 'reference' must be of length ${real.length}, one for each real person: current value is of length ${reference.length}`,
    );
  }
  const a = Float64Array.from(real);
  const b = Float64Array.from(reference);
  const excess = mean(a) - mean(b);
  // Sums of the same numbers in another order differ in their last bits.
  const least = excess - 1e-12 * (1 + Math.abs(excess));
  let extreme = 0;
  const draws = random.fork("permutations");
  for (let k = 0; k < permutations; k++) {
    const difference = paired ? flipped(a, b, draws) : permuted(a, b, draws);
    if (difference >= least) extreme++;
  }
  const bootstrap = random.fork("bootstrap");
  const resampled = Float64Array.from({ length: resamples }, () => {
    const [x, y] = [drawn(a.length, bootstrap), drawn(b.length, bootstrap)];
    return meanOf(a, x) - meanOf(b, paired ? x : y);
  }).sort();
  const tail = (1 - confidence) / 2;
  const interval = [
    resampled[Math.floor(tail * (resamples - 1))],
    resampled[Math.ceil((1 - tail) * (resamples - 1))],
  ] as const;
  const sure = `${
    Math.round(100 * confidence)
  } % interval by a bootstrap over people`;
  return {
    rate: mean(a),
    reference: mean(b),
    excess,
    interval,
    pValue: (extreme + 1) / (permutations + 1),
    people: [a.length, b.length],
    rule: paired
      ? `One-sided paired test by ${permutations} flips of signs over ${a.length} real people; ${sure}.`
      : `One-sided test by ${permutations} permutations of ${a.length} real and ${b.length} control people; ${sure}.`,
  };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean of those chosen. */
function meanOf(values: Float64Array, chosen: Uint32Array): number {
  let sum = 0;
  for (const i of chosen) sum += values[i];
  return sum / chosen.length;
}

/** As many indices, drawn with replacement. */
function drawn(count: number, random: RandomStream): Uint32Array {
  return Uint32Array.from({ length: count }, () => random.integer(count));
}

/** Difference of means after dealing all people out anew. */
function permuted(
  a: Float64Array,
  b: Float64Array,
  random: RandomStream,
): number {
  const order = random.permutation(a.length + b.length);
  let [x, y] = [0, 0];
  for (const [place, i] of order.entries()) {
    const value = i < a.length ? a[i] : b[i - a.length];
    if (place < a.length) x += value;
    else y += value;
  }
  return x / a.length - y / b.length;
}

/** Mean difference after turning the signs of some. */
function flipped(
  a: Float64Array,
  b: Float64Array,
  random: RandomStream,
): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    sum += (random.integer(2) === 0 ? 1 : -1) * (a[i] - b[i]);
  }
  return sum / a.length;
}

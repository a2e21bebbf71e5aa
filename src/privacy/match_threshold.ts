/**
 * From which cosine on two images count as the same person: a matcher's own false matches say it.
 *
 * @module
 */
import { checkLength, checkRange, type RandomStream } from "../core/mod.ts";
import type { Features } from "../metrics/mod.ts";
import { directions, dot } from "./directions.ts";

/** Options of {@linkcode matchThreshold}. */
export interface MatchThresholdOptions {
  /**
   * Share of pairs of different people that may match, from 1e-4 to 1e-2.
   *
   * @default {1e-3}
   */
  falseMatchRate?: number;
  /**
   * Most pairs of either kind that are compared; where there are more, they are drawn at random.
   *
   * @default {1_000_000}
   */
  pairs?: number;
  /** Draws pairs. */
  random: RandomStream;
}

/** A threshold, and what a matcher does with it. */
export interface MatchThreshold {
  /** Least cosine of a match. */
  threshold: number;
  /** Rate that was asked for. */
  falseMatchRate: number;
  /** Share of the impostor pairs that reach the threshold: at most the rate asked for. */
  measured: number;
  /** Pairs of different people that were compared. */
  impostorPairs: number;
  /** Pairs of the same person that were compared. */
  genuinePairs: number;
  /** Share of these that reach the threshold; undefined where there is no such pair. */
  trueMatchRate?: number;
}

/** False matches below which a rate is no measurement. */
const LEAST_FALSE_MATCHES = 10;

/**
 * Finds the least cosine that at most a given share of pairs of different people reaches.
 *
 * Pairs that share an image are not independent, so that the rate is known less well than their number suggests.
 *
 * @param features Features of real photographs, any norm. Borrowed.
 * @param labels Identity of each.
 * @param options False-match rate, number of pairs.
 * @returns Threshold and true-match rate.
 * @throws {RangeError} If there are fewer than 10 / rate pairs of different people, the rate is out of range, or a feature
 *   is not finite.
 * @throws {TypeError} If there is not one label a vector.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { matchThreshold } from "@outis/outis/privacy";
 *
 * // 80 people on a circle, two photographs each.
 * const angles = Array.from({ length: 160 }, (_, i) => (i >> 1) / 80 * 2 * Math.PI);
 * const data = new Float32Array(angles.flatMap((a) => [Math.cos(a), Math.sin(a)]));
 * const labels = angles.map((_, i) => i >> 1);
 * const { threshold, trueMatchRate } = matchThreshold({ data, width: 2 }, labels, {
 *   falseMatchRate: 0.01,
 *   random: randomStream(1),
 * });
 * console.log(threshold > 0.99, trueMatchRate); // true 1
 * ```
 */
export function matchThreshold(
  features: Features,
  labels: ArrayLike<number>,
  options: MatchThresholdOptions,
): MatchThreshold {
  const { falseMatchRate = 1e-3, pairs: most = 1_000_000, random } = options;
  const act = "set a match threshold";
  checkRange(act, "falseMatchRate", falseMatchRate, { min: 1e-4, max: 1e-2 });
  checkRange(act, "pairs", most, { min: 1, integer: true });
  const vectors = directions(act, "features", features);
  checkLength(act, "labels", labels, vectors.count);
  const impostors = pairsOf(labels, false, most, random.fork("impostors"));
  const needed = leastImpostorPairs(falseMatchRate);
  if (impostors.length / 2 < needed) {
    throw new RangeError(
      `Cannot ${act} as the pairs of different people must be at least ${LEAST_FALSE_MATCHES} / false-match rate, ${needed} for a rate of ${falseMatchRate}: current value is ${
        impostors.length / 2
      }`,
    );
  }
  const cosines = (pairs: Int32Array) =>
    Float64Array.from(
      { length: pairs.length / 2 },
      (_, k) => dot(vectors, pairs[2 * k], vectors, pairs[2 * k + 1]),
    ).sort();
  const different = cosines(impostors);
  const { threshold, matched: wrong } = rankThreshold(
    different,
    falseMatchRate,
  );
  const genuine = cosines(
    pairsOf(labels, true, most, random.fork("genuine")),
  );
  const matched = genuine.reduce((n, x) => n + (x >= threshold ? 1 : 0), 0);
  return {
    threshold,
    falseMatchRate,
    measured: wrong / different.length,
    impostorPairs: different.length,
    genuinePairs: genuine.length,
    ...(genuine.length > 0 && { trueMatchRate: matched / genuine.length }),
  };
}

/**
 * Pairs of different people without which a false-match rate is no measurement: ten false matches.
 *
 * @param falseMatchRate The rate, in (0, 1].
 * @returns 10 / rate, a whole number.
 *
 * @example
 * ```ts
 * import { leastImpostorPairs } from "@outis/outis/privacy";
 *
 * console.log(leastImpostorPairs(1e-3)); // 10000
 * ```
 */
export function leastImpostorPairs(falseMatchRate: number): number {
  return Math.ceil(LEAST_FALSE_MATCHES / falseMatchRate - 1e-9);
}

/**
 * Finds the least cosine that at most a given share of them reaches.
 *
 * @param cosines Cosines of pairs of different people, in ascending order.
 * @param falseMatchRate The share.
 * @returns The threshold, and how many reach it.
 *
 * @example
 * ```ts
 * import { rankThreshold } from "@outis/outis/privacy";
 *
 * console.log(rankThreshold(new Float64Array([0.1, 0.2, 0.3, 0.4]), 0.25)); // { threshold: 0.4, matched: 1 }
 * ```
 */
export function rankThreshold(
  cosines: Float64Array,
  falseMatchRate: number,
): { threshold: number; matched: number } {
  const count = cosines.length;
  let at = count - Math.floor(count * falseMatchRate + 1e-9);
  // Equal ones on the border may not match either.
  while (at > 0 && at < count && cosines[at] === cosines[at - 1]) at++;
  return {
    threshold: at < count ? cosines[at] : cosines[count - 1] + Number.EPSILON,
    matched: count - at,
  };
}

/** Pairs of one kind, two indices each: all, or as many as wanted, drawn with replacement. */
function pairsOf(
  labels: ArrayLike<number>,
  same: boolean,
  most: number,
  random: RandomStream,
): Int32Array {
  const n = labels.length;
  const sizes = new Map<number, number[]>();
  for (let i = 0; i < n; i++) {
    const group = sizes.get(labels[i]);
    if (group) group.push(i);
    else sizes.set(labels[i], [i]);
  }
  const choose2 = (k: number) => k * (k - 1) / 2;
  let genuine = 0;
  for (const { length } of sizes.values()) genuine += choose2(length);
  const all = same ? genuine : choose2(n) - genuine;
  const pairs = new Int32Array(2 * Math.min(all, most));
  let at = 0;
  if (all <= most) {
    for (let a = 0; a < n; a++) {
      for (let b = a + 1; b < n; b++) {
        if ((labels[a] === labels[b]) !== same) continue;
        pairs[at++] = a;
        pairs[at++] = b;
      }
    }
    return pairs;
  }
  // Of all pairs alike: for those of one person, people with more pairs come more often.
  const groups = [...sizes.values()].filter(({ length }) => length > 1);
  const ends = groups.map(() => 0);
  groups.forEach(({ length }, k) =>
    ends[k] = (ends[k - 1] ?? 0) + choose2(length)
  );
  while (at < pairs.length) {
    const group = same ? groups[firstAbove(ends, random.integer(all))] : null;
    const draw = () =>
      group === null ? random.integer(n) : group[random.integer(group.length)];
    const [a, b] = [draw(), draw()];
    if (a === b || (labels[a] === labels[b]) !== same) continue;
    pairs[at++] = a;
    pairs[at++] = b;
  }
  return pairs;
}

/** First index whose value lies above `value`, in an ascending list. */
function firstAbove(ends: readonly number[], value: number): number {
  let [low, high] = [0, ends.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

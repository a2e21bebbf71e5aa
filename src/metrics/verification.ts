/**
 * Face verification as customary: ten folds, the threshold chosen on nine.
 *
 * @module
 */
import { checkLength, checkRange } from "../core/mod.ts";
import { type Features, unitFeatures } from "./features.ts";
import { receiverCurve, type TrueAcceptRate } from "./receiver_curve.ts";
import type { VerificationPairs } from "./verification_pairs.ts";

/** Options of {@linkcode verification}. */
export interface VerificationOptions {
  /** Number of folds. @default 10 */
  folds?: number;
  /** False accept rates at which to give the true accept rate. @default [0.01, 0.001] */
  falseAcceptRates?: readonly number[];
}

/** One fold. */
export interface VerificationFold {
  /** Fraction of its pairs judged rightly, in [0, 1]. */
  accuracy: number;
  /** Threshold on the squared distance, chosen on the other folds. */
  threshold: number;
  /** Number of its pairs. */
  pairs: number;
}

/** Result of {@linkcode verification}. */
export interface VerificationResult {
  /** Mean accuracy of the folds, in [0, 1]. */
  accuracy: number;
  /** Population standard deviation of the folds' accuracies, as customarily printed behind ±. */
  accuracyDeviation: number;
  /** The folds, in order. */
  folds: VerificationFold[];
  /** Area under the receiver operating characteristic of all pairs. */
  areaUnderCurve: number;
  /** Rate at which false accepts and false rejects are equally frequent, over all pairs. */
  equalErrorRate: number;
  /** True accept rates over all pairs, where there are pairs enough. */
  trueAcceptRates: TrueAcceptRate[];
  /** How many pairs there were. */
  counts: { pairs: number; same: number; different: number };
  /** What was done, in one sentence, to be printed beside the numbers. */
  protocol: string;
}

/** Thresholds are 0, 0.01, ... 3.99; squared distances of unit vectors lie in [0, 4]. */
const THRESHOLDS = 400;
const THRESHOLD_STEP = 0.01;

/**
 * Verifies pairs of images by the protocol of insightface (and of facenet before it).
 *
 * Features are scaled to unit length; a pair counts as the same identity where the squared distance lies below a
 * threshold (strictly). Folds are contiguous; for each, the threshold is the first of those that judge most pairs of the
 * other folds rightly. All in float64. To follow insightface to the end, pass `f(x) + f(flipped x)` as features.
 *
 * @param features Features of all images, any norm.
 * @param pairs Which images to compare; in an order that makes the folds balanced.
 * @param options Folds and rates.
 * @returns Accuracy, its folds, and what all pairs together say.
 * @throws {TypeError} If the pairs' arrays differ in length.
 * @throws {RangeError} If there are fewer pairs than folds, an index is out of range, a feature is not finite, or one
 *   kind of pairs is missing.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { verification } from "@outis/outis/metrics";
 *
 * const features = { data: new Float32Array([1, 0, 1, 0.1, 0, 1]), width: 2 };
 * const pairs = {
 *   first: new Int32Array([0, 0, 1, 0]),
 *   second: new Int32Array([1, 2, 2, 1]),
 *   same: new Uint8Array([1, 0, 0, 1]),
 * };
 * const { accuracy } = verification(features, pairs, { folds: 2 });
 * assert(accuracy === 1);
 * ```
 */
export function verification(
  features: Features,
  pairs: VerificationPairs,
  options: VerificationOptions = {},
): VerificationResult {
  const { folds = 10, falseAcceptRates = [0.01, 0.001] } = options;
  const { same } = pairs;
  checkRange("verify", "folds", folds, { min: 2, integer: true });
  checkRange("verify", "pairs", same.length, { min: folds });
  const distances = squaredDistances(features, pairs);
  const curve = receiverCurve(distances, same, falseAcceptRates);
  const results = foldBounds(same.length, folds).map(([from, to]) => {
    const inside = rightByThreshold(distances, same, from, to);
    const before = rightByThreshold(distances, same, 0, from);
    const after = rightByThreshold(distances, same, to, same.length);
    let best = 0;
    for (let k = 1; k < THRESHOLDS; k++) {
      if (before[k] + after[k] > before[best] + after[best]) best = k;
    }
    return {
      accuracy: inside[best] / (to - from),
      threshold: best * THRESHOLD_STEP,
      pairs: to - from,
    };
  });
  const accuracy = mean(results.map((fold) => fold.accuracy));
  const squares = results.map((fold) => (fold.accuracy - accuracy) ** 2);
  const matching = same.reduce((sum, value) => sum + (value ? 1 : 0), 0);
  return {
    accuracy,
    accuracyDeviation: Math.sqrt(mean(squares)),
    folds: results,
    ...curve,
    counts: {
      pairs: same.length,
      same: matching,
      different: same.length - matching,
    },
    protocol:
      `Squared distance of unit features below a threshold, chosen from 0 to 3.99 in steps of 0.01 on the other of ${folds} contiguous folds.`,
  };
}

function squaredDistances(
  features: Features,
  { first, second, same }: VerificationPairs,
): Float64Array {
  checkLength("verify", "pairs.first", first, same.length);
  checkLength("verify", "pairs.second", second, same.length);
  const { width } = features;
  const unit = unitFeatures(features);
  const index = { min: 0, max: unit.length / width - 1, integer: true };
  return Float64Array.from(same, (_, k) => {
    checkRange("verify", `pairs.first[${k}]`, first[k], index);
    checkRange("verify", `pairs.second[${k}]`, second[k], index);
    let sum = 0;
    for (let i = 0; i < width; i++) {
      const a = unit[first[k] * width + i];
      const b = unit[second[k] * width + i];
      sum += (a - b) ** 2;
    }
    return sum;
  });
}

// As scikit-learn's KFold without shuffling: the first folds take the remainder.
function foldBounds(count: number, folds: number): [number, number][] {
  const size = Math.floor(count / folds);
  const larger = count % folds;
  const start = (k: number) => k * size + Math.min(k, larger);
  return Array.from({ length: folds }, (_, k) => [start(k), start(k + 1)]);
}

// How many of the pairs [from, to) each threshold judges rightly.
function rightByThreshold(
  distances: Float64Array,
  same: ArrayLike<number>,
  from: number,
  to: number,
): Int32Array {
  const right = new Int32Array(THRESHOLDS);
  for (let k = 0; k < THRESHOLDS; k++) {
    const threshold = k * THRESHOLD_STEP;
    for (let i = from; i < to; i++) {
      if ((distances[i] < threshold) === Boolean(same[i])) right[k]++;
    }
  }
  return right;
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

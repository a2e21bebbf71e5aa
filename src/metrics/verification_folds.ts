/**
 * Folds of verification pairs and the threshold of each.
 *
 * @module
 */
import { checkFinite, checkLength, checkRange } from "../core/mod.ts";

/** One fold. */
export interface VerificationFold {
  /** Fraction of its pairs judged rightly, in [0, 1]. */
  accuracy: number;
  /** Threshold on the squared distance, chosen on the other folds. */
  threshold: number;
  /** Number of its pairs. */
  pairs: number;
}

/** What {@linkcode chooseThresholds} finds. */
export interface ChosenThresholds {
  /** The folds, in order. */
  folds: VerificationFold[];
  /** Fold of each pair. */
  foldOf: ArrayLike<number>;
  /** Whether the folds were given pair by pair. */
  listed: boolean;
  /** The first threshold that judges most of all pairs rightly, and the fraction it does. */
  best: { threshold: number; accuracy: number };
}

/** Thresholds are 0, 0.01, … 3.99; squared distances of unit vectors lie in [0, 4]. */
const THRESHOLDS = 400;
const THRESHOLD_STEP = 0.01;

const ACT = "verify";

/**
 * Chooses the threshold of each fold on the others, as described at `verificationMetrics`.
 *
 * @param squaredDistances One per pair.
 * @param same Whether a pair shows the same identity.
 * @param folds Number of contiguous folds, or the fold of each pair.
 * @returns Folds and thresholds.
 * @throws {TypeError} If there are not as many distances as pairs, or as folds.
 * @throws {RangeError} If there are fewer pairs than folds, an empty fold, or a distance that is not finite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { chooseThresholds } from "./verification_folds.ts";
 *
 * const { folds } = chooseThresholds([0.1, 1.7, 2, 0.1], [1, 0, 0, 1], 2);
 * assertEquals(folds.map(({ threshold }) => threshold), [0.11, 0.11]);
 * ```
 */
export function chooseThresholds(
  squaredDistances: ArrayLike<number>,
  same: ArrayLike<number | boolean>,
  folds: number | ArrayLike<number>,
): ChosenThresholds {
  const count = squaredDistances.length;
  checkLength(ACT, "same", same, count);
  checkFinite(ACT, "squaredDistances", squaredDistances);
  const foldOf = assignFolds(folds, count);
  const right = countRight(squaredDistances, same, foldOf);
  const all = addUp(right.map(({ byThreshold }) => byThreshold));
  const best = firstBest(all);
  return {
    folds: right.map(({ byThreshold, pairs }) => {
      const best = firstBest(all.map((total, k) => total - byThreshold[k]));
      return {
        accuracy: byThreshold[best] / pairs,
        threshold: best * THRESHOLD_STEP,
        pairs,
      };
    }),
    foldOf,
    listed: typeof folds !== "number",
    best: { threshold: best * THRESHOLD_STEP, accuracy: all[best] / count },
  };
}

function assignFolds(
  folds: number | ArrayLike<number>,
  count: number,
): ArrayLike<number> {
  if (typeof folds !== "number") {
    checkLength(ACT, "folds", folds, count);
    for (let i = 0; i < count; i++) {
      checkRange(ACT, `folds[${i}]`, folds[i], {
        min: 0,
        max: count - 1,
        integer: true,
      });
    }
    return folds;
  }
  checkRange(ACT, "folds", folds, { min: 2, integer: true });
  checkRange(ACT, "pairs", count, { min: folds });
  // As scikit-learn's KFold without shuffling: the first folds take the remainder.
  const size = Math.floor(count / folds);
  const larger = count % folds;
  const boundary = larger * (size + 1);
  return Int32Array.from(
    { length: count },
    (_, i) =>
      i < boundary
        ? Math.floor(i / (size + 1))
        : larger + Math.floor((i - boundary) / size),
  );
}

/** Of each fold, how many of its pairs each threshold judges rightly. */
function countRight(
  distances: ArrayLike<number>,
  same: ArrayLike<number | boolean>,
  foldOf: ArrayLike<number>,
): { byThreshold: Float64Array; pairs: number }[] {
  const folds: { byThreshold: Float64Array; pairs: number }[] = [];
  for (let i = 0; i < distances.length; i++) {
    const fold = folds[foldOf[i]] ??= {
      byThreshold: new Float64Array(THRESHOLDS),
      pairs: 0,
    };
    fold.pairs++;
    const first = firstAbove(distances[i]);
    const [from, to] = same[i] ? [first, THRESHOLDS] : [0, first];
    for (let k = from; k < to; k++) fold.byThreshold[k]++;
  }
  for (let k = 0; k < Math.max(2, folds.length); k++) {
    if (folds[k] === undefined) {
      throw new RangeError(
        `Cannot verify as 'folds' must be at least two, each with a pair: current value is none in fold ${k}`,
      );
    }
  }
  return folds;
}

/** The first threshold that accepts a distance; 400 if none does. */
function firstAbove(distance: number): number {
  let k = Math.floor(distance / THRESHOLD_STEP);
  k = Math.max(0, Math.min(THRESHOLDS, k));
  // The quotient may be off by a rounding; the comparison decides.
  while (k > 0 && distance < (k - 1) * THRESHOLD_STEP) k--;
  while (k < THRESHOLDS && !(distance < k * THRESHOLD_STEP)) k++;
  return k;
}

function firstBest(values: Float64Array): number {
  return values.reduce((best, value, k) => value > values[best] ? k : best, 0);
}

function addUp(rows: Float64Array[]): Float64Array {
  return Float64Array.from(
    rows[0],
    (_, k) => rows.reduce((sum, row) => sum + row[k], 0),
  );
}

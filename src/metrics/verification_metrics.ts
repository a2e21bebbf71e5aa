/**
 * Face verification as customary: ten folds, the threshold chosen on nine.
 *
 * @module
 */
import { type ProtocolRecord, protocolRecord } from "./protocol_record.ts";
import { type ReceiverCurve, receiverCurve } from "./receiver_curve.ts";
import {
  chooseThresholds,
  type VerificationFold,
} from "./verification_folds.ts";

/** Options of {@linkcode verificationMetrics}. */
export interface VerificationOptions {
  /**
   * Number of contiguous folds, the first ones larger by one where the pairs do not divide; or the fold of each pair,
   * from 0, where a list gives them.
   *
   * @default {10}
   */
  folds?: number | ArrayLike<number>;
  /** False accept rates at which to give the true accept rate. @default 1e-1, 1e-2, … 1e-6 */
  falseAcceptRates?: readonly number[];
}

/** Result of {@linkcode verificationMetrics}. The curve and what is read from it are those of all pairs together. */
export interface VerificationMetrics extends ReceiverCurve {
  /** Accuracy over the folds, in [0, 1]: mean, and population standard deviation as customarily printed behind ±. */
  accuracy: { mean: number; std: number };
  /** The folds, in order. */
  folds: VerificationFold[];
  /** The first threshold that judges most of all pairs rightly, and the fraction it does: chosen on what it is judged on. */
  bestThreshold: { threshold: number; accuracy: number };
  /** What was done and how many pairs there were. */
  protocol: ProtocolRecord;
}

/**
 * Verifies pairs by the protocol of insightface (and of facenet before it), from their squared distances.
 *
 * A pair counts as the same identity where the squared distance of its unit features lies below a threshold, strictly.
 * For each fold, the threshold is the first of those that judge most pairs of the other folds rightly. All in float64, and
 * added in NumPy's order: the accuracies are insightface's to the last bit.
 *
 * @param squaredDistances |f̂ - ĝ|² of each pair, in [0, 4], in an order that makes the folds balanced.
 * @param same 1 (or true) for pairs of the same identity, 0 for others.
 * @param options Folds and rates.
 * @returns Accuracy, its folds, and what all pairs together say.
 * @throws {TypeError} If there are not as many distances as pairs, or as folds.
 * @throws {RangeError} If there are fewer pairs than folds, an empty fold, a distance that is not finite, or one kind of
 *   pairs only.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { verificationMetrics } from "@outis/outis/metrics";
 *
 * const { accuracy } = verificationMetrics([0.1, 1.7, 2, 0.1], [1, 0, 0, 1], { folds: 2 });
 * assert(accuracy.mean === 1 && accuracy.std === 0);
 * ```
 */
export function verificationMetrics(
  squaredDistances: ArrayLike<number>,
  same: ArrayLike<number | boolean>,
  options: VerificationOptions = {},
): VerificationMetrics {
  const {
    folds = 10,
    falseAcceptRates = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6],
  } = options;
  const count = squaredDistances.length;
  const { folds: results, best, listed } = chooseThresholds(
    squaredDistances,
    same,
    folds,
  );
  const curve = receiverCurve(squaredDistances, same, falseAcceptRates);
  const matching = Array.from(same).filter(Boolean).length;
  return {
    accuracy: spread(results.map(({ accuracy }) => accuracy)),
    folds: results,
    bestThreshold: best,
    ...curve,
    protocol: protocolRecord({
      name: "verification",
      parameters: {
        distance: "squared, of unit features",
        comparison: "strictly below the threshold",
        thresholds: "0 to 3.99 in steps of 0.01, first best of the other folds",
        folds: `${results.length} ${listed ? "as listed" : "contiguous"}`,
        falseAcceptRates: [...falseAcceptRates],
      },
      counts: { pairs: count, same: matching, different: count - matching },
    }),
  };
}

function spread(values: number[]): { mean: number; std: number } {
  const mean = sumInPairs(values) / values.length;
  const squares = values.map((value) => (value - mean) * (value - mean));
  return { mean, std: Math.sqrt(sumInPairs(squares) / values.length) };
}

/** The sum in the order in which NumPy adds up to 128 numbers: eight sums, these in pairs, then the rest. */
function sumInPairs(values: number[]): number {
  const whole = values.length >= 8 ? values.length - values.length % 8 : 0;
  const sums = values.slice(0, Math.min(8, whole));
  for (let i = 8; i < whole; i++) sums[i % 8] += values[i];
  const start = whole === 0 ? 0 : ((sums[0] + sums[1]) + (sums[2] + sums[3])) +
    ((sums[4] + sums[5]) + (sums[6] + sums[7]));
  return values.slice(whole).reduce((sum, value) => sum + value, start);
}

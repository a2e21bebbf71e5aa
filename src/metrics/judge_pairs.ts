/**
 * Which pairs are judged rightly: what two recognisers are compared by, pair by pair.
 *
 * @module
 */
import { chooseThresholds } from "./verification_folds.ts";
import type { VerificationOptions } from "./verification_metrics.ts";

/**
 * Judges every pair by the threshold of its fold, as `verificationMetrics` does.
 *
 * @param squaredDistances One per pair.
 * @param same 1 (or true) for pairs of the same identity, 0 for others.
 * @param options Folds.
 * @returns 1 for each pair judged rightly, else 0; their mean over equal folds is the accuracy.
 * @throws {TypeError} If there are not as many distances as pairs, or as folds.
 * @throws {RangeError} If there are fewer pairs than folds, an empty fold, or a distance that is not finite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { judgePairs } from "@outis/outis/metrics";
 *
 * const right = judgePairs([0.1, 1.7, 0.5, 0.1], [1, 0, 0, 1], { folds: 2 });
 * assertEquals([...right], [1, 1, 1, 1]);
 * ```
 */
export function judgePairs(
  squaredDistances: ArrayLike<number>,
  same: ArrayLike<number | boolean>,
  options: Pick<VerificationOptions, "folds"> = {},
): Uint8Array<ArrayBuffer> {
  const { folds, foldOf } = chooseThresholds(
    squaredDistances,
    same,
    options.folds ?? 10,
  );
  return Uint8Array.from(
    { length: squaredDistances.length },
    (_, i) =>
      squaredDistances[i] < folds[foldOf[i]].threshold === Boolean(same[i])
        ? 1
        : 0,
  );
}

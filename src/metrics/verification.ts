/**
 * Verification of images by their features.
 *
 * @module
 */
import type { Features } from "./features.ts";
import { pairDistances } from "./pair_distances.ts";
import {
  type VerificationMetrics,
  verificationMetrics,
  type VerificationOptions,
} from "./verification_metrics.ts";
import type { VerificationPairs } from "./verification_pairs.ts";

/**
 * Verifies pairs of images by the protocol of insightface: {@linkcode pairDistances}, then
 * {@linkcode verificationMetrics}. To follow insightface to the end, pass `f(x) + f(flipped x)` as features.
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
 * assert(accuracy.mean === 1);
 * ```
 */
export function verification(
  features: Features,
  pairs: VerificationPairs,
  options: VerificationOptions = {},
): VerificationMetrics {
  return verificationMetrics(
    pairDistances(features, pairs),
    pairs.same,
    options,
  );
}

/**
 * How far apart the two images of a pair are.
 *
 * @module
 */
import { checkLength, checkRange } from "../core/mod.ts";
import { type Features, unitFeatures } from "./features.ts";
import type { VerificationPairs } from "./verification_pairs.ts";

/**
 * Squared distances |f̂ - ĝ|² = 2 - 2 cos of the unit-length features of pairs, in float64.
 *
 * @param features Features of all images, any norm.
 * @param pairs Which images to compare.
 * @returns One per pair, in [0, 4].
 * @throws {TypeError} If the pairs' arrays differ in length.
 * @throws {RangeError} If an index is out of range or a feature is not finite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { pairDistances } from "@outis/outis/metrics";
 *
 * const features = { data: new Float32Array([2, 0, 0, 1]), width: 2 };
 * const pairs = {
 *   first: new Int32Array([0, 0]),
 *   second: new Int32Array([0, 1]),
 *   same: new Uint8Array([1, 0]),
 * };
 * assertEquals([...pairDistances(features, pairs)], [0, 2]);
 * ```
 */
export function pairDistances(
  features: Features,
  pairs: VerificationPairs,
): Float64Array<ArrayBuffer> {
  const { first, second, same } = pairs;
  checkLength("verify", "pairs.first", first, same.length);
  checkLength("verify", "pairs.second", second, same.length);
  const { width } = features;
  const unit = unitFeatures(features);
  const index = { min: 0, max: unit.length / width - 1, integer: true };
  return Float64Array.from(same, (_, k) => {
    checkRange("verify", `pairs.first[${k}]`, first[k], index);
    checkRange("verify", `pairs.second[${k}]`, second[k], index);
    const [a, b] = [first[k] * width, second[k] * width];
    let sum = 0;
    for (let i = 0; i < width; i++) sum += (unit[a + i] - unit[b + i]) ** 2;
    return sum;
  });
}

/**
 * How far apart identities lie in feature space.
 *
 * @module
 */
import { checkLength } from "../core/mod.ts";
import { type Features, unitFeatures } from "./features.ts";

/** Result of {@linkcode separability}. */
export interface Separability {
  /** Mean cosine of pairs of the same identity, in [-1, 1]. */
  same: number;
  /** Mean cosine of pairs of different identities, in [-1, 1]. */
  different: number;
  /** Their difference: large where identities are compact and apart. */
  gap: number;
}

/**
 * Compares the mean cosine within identities with that between them, over all pairs, in float64.
 *
 * From sums alone: over a group of unit vectors with sum s, the cosines of all n^2 ordered pairs, self-pairs included,
 * add up to |s|^2.
 *
 * @param features Features of any norm.
 * @param labels Identity of each.
 * @returns Both means and their difference.
 * @throws {TypeError} If labels and features differ in number.
 * @throws {RangeError} If a feature is not finite, or one kind of pairs is missing.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { separability } from "@outis/outis/metrics";
 *
 * const features = { data: new Float32Array([1, 0, 2, 0, 0, 3]), width: 2 };
 * const { gap } = separability(features, [0, 0, 1]);
 * assert(gap === 1);
 * ```
 */
export function separability(
  features: Features,
  labels: ArrayLike<number>,
): Separability {
  const { width } = features;
  const unit = unitFeatures(features);
  const count = unit.length / width;
  checkLength("measure separability", "labels", labels, count);
  const total = new Float64Array(width);
  const groups = new Map<number, { count: number; sum: Float64Array }>();
  let selves = 0;
  for (let row = 0; row < count; row++) {
    const group = groups.get(labels[row]) ??
      { count: 0, sum: new Float64Array(width) };
    groups.set(labels[row], group);
    group.count++;
    for (let i = 0; i < width; i++) {
      const value = unit[row * width + i];
      group.sum[i] += value;
      total[i] += value;
      selves += value * value;
    }
  }
  let within = 0;
  let samePairs = 0;
  for (const group of groups.values()) {
    within += square(group.sum);
    samePairs += group.count * (group.count - 1);
  }
  const differentPairs = count * (count - 1) - samePairs;
  if (samePairs === 0 || differentPairs === 0) {
    throw new RangeError(
      `Cannot measure separability as 'labels' must be pairs of both kinds: current value is ${
        samePairs / 2
      } same, ${differentPairs / 2} different`,
    );
  }
  const same = (within - selves) / samePairs;
  const different = (square(total) - within) / differentPairs;
  return { same, different, gap: same - different };
}

function square(vector: Float64Array): number {
  return vector.reduce((sum, value) => sum + value * value, 0);
}

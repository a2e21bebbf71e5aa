/**
 * One vector for each identity.
 *
 * @module
 */
import { checkLength, checkRange } from "../core/mod.ts";
import type { Features } from "../metrics/mod.ts";
import { directions } from "./directions.ts";

/**
 * Mean direction of each identity: the mean of its unit features, which need not be of unit length.
 *
 * @param features Features of any norm. Borrowed.
 * @param labels Identity of each vector, from 0.
 * @param count Number of identities.
 * @returns `[count, width]` in row-major order; zeros for an identity without images.
 * @throws {TypeError} If there is not one label a vector.
 * @throws {RangeError} If a label is out of range, or a feature is not finite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { identityCentroids } from "@outis/outis/privacy";
 *
 * const data = new Float32Array([2, 0, 0, 5, 0, 1]);
 * const centroids = identityCentroids({ data, width: 2 }, [0, 0, 1], 2);
 * assertEquals([...centroids.data], [0.5, 0.5, 0, 1]);
 * ```
 */
export function identityCentroids(
  features: Features,
  labels: ArrayLike<number>,
  count: number,
): { data: Float64Array; width: number } {
  const act = "average identities";
  const { width } = features;
  const { data, scales } = directions(act, "features", features);
  checkLength(act, "labels", labels, scales.length);
  const sums = new Float64Array(count * width);
  const sizes = new Float64Array(count);
  for (const [i, scale] of scales.entries()) {
    const label = labels[i];
    checkRange(act, `labels[${i}]`, label, {
      min: 0,
      max: count - 1,
      integer: true,
    });
    sizes[label]++;
    for (let k = 0; k < width; k++) {
      sums[label * width + k] += data[i * width + k] * scale;
    }
  }
  for (let k = 0; k < sums.length; k++) {
    sums[k] /= sizes[Math.floor(k / width)] || 1;
  }
  return { data: sums, width };
}

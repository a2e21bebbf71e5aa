/**
 * The bandwidth σ of eq. 4, by the median heuristic.
 *
 * @module
 */
import { checkLength } from "../core/mod.ts";
import type { tf } from "../engine/mod.ts";
import { checkFeatures } from "./check_features.ts";

/**
 * Bandwidth of the kernel: the median over identities of the median distance between two features of an identity.
 *
 * Distances are between unit-length features, so the result lies in (0, 2]. The paper prints no value for σ; this is our
 * reading. Reads the tensor and computes in float64 on the host.
 *
 * @param features Reference features, `[N, D]`, any norm. Borrowed.
 * @param labels Identity of each row, `[N]`; without it all rows are one identity.
 * @returns Bandwidth, unitless. A median of an even number of values is the mean of the middle two.
 * @throws {TypeError} If the number of labels differs from the number of rows.
 * @throws {RangeError} If a value is not finite, a row is zero, no identity has two rows, or the median is zero.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { medianBandwidth } from "@outis/outis/rewards";
 *
 * medianBandwidth(tf.tensor2d([[3, 0], [0, 1]])); // Math.SQRT2
 * ```
 */
export function medianBandwidth(
  features: tf.Tensor2D,
  labels?: ArrayLike<number>,
): number {
  const act = "find a bandwidth";
  checkFeatures(act, "features", features);
  const [rows, width] = features.shape;
  if (labels !== undefined) checkLength(act, "labels", labels, rows);
  const unit = unitRows(features.dataSync(), rows, width);
  const groups = new Map<number, Float64Array[]>();
  for (let row = 0; row < rows; row++) {
    const label = labels === undefined ? 0 : labels[row];
    const group = groups.get(label);
    if (group === undefined) groups.set(label, [unit[row]]);
    else group.push(unit[row]);
  }
  const medians = [...groups.values()]
    .filter((group) => group.length > 1)
    .map((group) => median(pairDistances(group)));
  if (medians.length === 0) {
    throw new RangeError(
      `Cannot ${act} as 'features' must hold two rows of one identity: current value is one row for each`,
    );
  }
  const bandwidth = median(Float64Array.from(medians));
  if (bandwidth === 0) {
    throw new RangeError(
      `Cannot ${act} as 'features' must differ within identities: current value is a median distance of 0`,
    );
  }
  return bandwidth;
}

function unitRows(
  values: ArrayLike<number>,
  rows: number,
  width: number,
): Float64Array[] {
  return Array.from({ length: rows }, (_, row) => {
    const vector = Float64Array.from(
      { length: width },
      (_, i) => values[row * width + i],
    );
    const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
    return vector.map((x) => x / length);
  });
}

function pairDistances(vectors: Float64Array[]): Float64Array {
  const distances = new Float64Array(vectors.length * (vectors.length - 1) / 2);
  let next = 0;
  for (let i = 0; i < vectors.length; i++) {
    for (let j = 0; j < i; j++) {
      let squares = 0;
      for (let d = 0; d < vectors[i].length; d++) {
        const difference = vectors[i][d] - vectors[j][d];
        squares += difference * difference;
      }
      distances[next++] = Math.sqrt(squares);
    }
  }
  return distances;
}

function median(values: Float64Array): number {
  const sorted = values.toSorted();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]
    : (sorted[middle - 1] + sorted[middle]) / 2;
}

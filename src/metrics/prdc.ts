/**
 * Precision, recall, density and coverage of synthetic images in feature space.
 *
 * @module
 */
import { checkRange } from "../core/mod.ts";
import { type ExactDistances, exactDistances } from "./exact_distances.ts";
import { checkSets } from "./feature_sets.ts";
import type { Features } from "./features.ts";
import { type ProtocolRecord, protocolRecord } from "./protocol_record.ts";

/** Options of {@linkcode prdc}. */
export interface PrdcOptions {
  /** k: a ball around an image reaches to its k-th nearest neighbour in its own set. @default 5 */
  nearest?: number;
}

/** Result of {@linkcode prdc}. */
export interface Prdc {
  /** Fraction of synthetic images inside the ball of a real one: how many look real. In [0, 1]. */
  precision: number;
  /** Fraction of real images inside the ball of a synthetic one: how much of the variety is there. In [0, 1]. */
  recall: number;
  /** Mean number of real balls around a synthetic image, over k: 1 for equal distributions, may exceed it. */
  density: number;
  /** Fraction of real images with a synthetic one inside their ball. In [0, 1]; 1 - 2^-k or so for equal distributions. */
  coverage: number;
  /** What was done. */
  protocol: ProtocolRecord;
}

/**
 * Precision and recall (Kynkäänniemi et al., 2019), density and coverage (Naeem et al., 2020).
 *
 * With r_k(x) the distance of an image to the k-th nearest other image of its own set, and "inside" meaning strictly nearer:
 * precision is the mean over synthetic y of [y inside a real ball], recall the mean over real x of [x inside a synthetic
 * ball], density the number of (x, y) with |x - y| < r_k(x) over k times the number of y, coverage the mean over real x of
 * [some y inside its ball].
 *
 * In float64, in tiles; what lies within rounding of a radius is computed again from differences, so that ties are exact.
 * Recall and coverage grow with the number of synthetic images: compare at equal numbers only.
 *
 * @param real Features of real images.
 * @param synthetic Features of synthetic images.
 * @param options Number of neighbours.
 * @returns The four figures.
 * @throws {TypeError} If widths differ.
 * @throws {RangeError} If a set has not more than k images, or a feature is not finite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { prdc } from "@outis/outis/metrics";
 *
 * const real = { data: new Float32Array([0, 1, 5]), width: 1 };
 * const synthetic = { data: new Float32Array([0.5, 20, 21]), width: 1 };
 * // Real radii 1, 1, 4; synthetic ones 19.5, 1, 1.
 * const { precision, recall, density, coverage } = prdc(real, synthetic, { nearest: 1 });
 * assertEquals([precision, recall, density, coverage], [1 / 3, 1, 2 / 3, 2 / 3]);
 * ```
 */
export function prdc(
  real: Features,
  synthetic: Features,
  options: PrdcOptions = {},
): Prdc {
  const { nearest = 5 } = options;
  const act = "measure precision and recall";
  checkRange(act, "nearest", nearest, { min: 1, integer: true });
  const counts = checkSets(act, { real, synthetic }, nearest + 1);
  const realRadii = squaredRadii(real, nearest);
  const syntheticRadii = squaredRadii(synthetic, nearest);

  let precise = 0;
  let inside = 0;
  const recalled = new Uint8Array(counts.real);
  const covered = new Uint8Array(counts.real);
  using distances = exactDistances(synthetic, real);
  for (let j = 0; j < counts.synthetic; j++) {
    const row = distances.row(j);
    let balls = 0;
    for (let i = 0; i < counts.real; i++) {
      if (isBelow(row, i, realRadii[i])) {
        balls++;
        covered[i] = 1;
      }
      if (!recalled[i] && isBelow(row, i, syntheticRadii[j])) recalled[i] = 1;
    }
    if (balls > 0) precise++;
    inside += balls;
  }
  const share = (marks: Uint8Array) =>
    marks.reduce((sum, mark) => sum + mark, 0) / counts.real;
  return {
    precision: precise / counts.synthetic,
    recall: share(recalled),
    density: inside / (nearest * counts.synthetic),
    coverage: share(covered),
    protocol: protocolRecord({
      name: "precision, recall, density, coverage",
      parameters: { nearest, inside: "strictly nearer than the radius" },
      counts: { ...counts },
    }),
  };
}

/** Squared distance of each vector to its k-th nearest other one. */
function squaredRadii(features: Features, nearest: number): Float64Array {
  using distances = exactDistances(features, features);
  const { count } = distances;
  const values = new Float64Array(count);
  return Float64Array.from({ length: count }, (_, i) => {
    const row = distances.row(i);
    values.set(row.values);
    values[i] = Infinity;
    const about = smallest(values, nearest);
    // Whatever may be among the k nearest once roundings are gone.
    const exact: number[] = [];
    for (let j = 0; j < count; j++) {
      if (values[j] <= about + 2 * row.rounding) exact.push(row.exact(j));
    }
    return smallest(exact, nearest);
  });
}

/** The k-th smallest. */
function smallest(values: ArrayLike<number>, k: number): number {
  const least = new Float64Array(k).fill(Infinity);
  for (let i = 0; i < values.length; i++) {
    let at = k - 1;
    if (values[i] >= least[at]) continue;
    for (; at > 0 && least[at - 1] > values[i]; at--) least[at] = least[at - 1];
    least[at] = values[i];
  }
  return least[k - 1];
}

function isBelow(
  row: ReturnType<ExactDistances["row"]>,
  i: number,
  radius: number,
): boolean {
  const distance = row.values[i];
  if (Math.abs(distance - radius) > row.rounding) return distance < radius;
  return row.exact(i) < radius;
}

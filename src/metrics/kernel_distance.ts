/**
 * The kernel distance between features of real and of synthetic images (KID, on whatever embedder's features).
 *
 * @module
 */
import { checkRange, randomStream } from "../core/mod.ts";
import { doubleProducts } from "../engine/mod.ts";
import type { Features } from "./features.ts";
import { checkSets } from "./feature_sets.ts";
import { type ProtocolRecord, protocolRecord } from "./protocol_record.ts";

/** Options of {@linkcode kernelDistance}. */
export interface KernelDistanceOptions {
  /** Images of each set in a subset. @default 1000, or all of the smaller set if it has fewer */
  subsetSize?: number;
  /** Number of subsets; one, where it would hold both sets whole. @default 100 */
  subsets?: number;
  /** Seed of the subsets. @default 0 */
  seed?: number;
}

/** Result of {@linkcode kernelDistance}. */
export interface KernelDistance {
  /** Mean over the subsets. Its expectation is 0 for equal distributions, so it may fall below. */
  distance: number;
  /** Population standard deviation over the subsets; absent where there is one. */
  std?: number;
  /** What was done. */
  protocol: ProtocolRecord;
  /** Why a figure is absent. */
  absent: { [figure: string]: string };
}

/**
 * KID (Bińkowski et al., 2018): the unbiased estimate of the squared maximum mean discrepancy under the kernel
 * k(x, y) = (x · y / D + 1)³, averaged over random subsets.
 *
 * MMD² = Σ_{i≠j} k(x_i, x_j) / (m (m - 1)) + Σ_{i≠j} k(y_i, y_j) / (m (m - 1)) - 2 Σ_{i,j} k(x_i, y_j) / m²
 *
 * In float64. Without bias at any number of images: what few images cost is spread, which `std` shows. (Subsets overlap, so
 * it is not the error of the mean.)
 *
 * @param real Features of real images.
 * @param synthetic Features of synthetic images.
 * @param options Subsets and seed.
 * @returns Mean and spread.
 * @throws {TypeError} If widths differ.
 * @throws {RangeError} If a set has fewer than two images or than a subset, a feature is not finite, or an option is out
 *   of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { kernelDistance } from "@outis/outis/metrics";
 *
 * const real = { data: new Float32Array([0, 1]), width: 1 };
 * const synthetic = { data: new Float32Array([0, 2]), width: 1 };
 * // k(0, 1) + k(0, 2) - 2 (1 + 1 + 1 + k(1, 2)) / 4 = 1 + 1 - 2 (3 + 27) / 4
 * assertAlmostEquals(kernelDistance(real, synthetic).distance, -13);
 * ```
 */
export function kernelDistance(
  real: Features,
  synthetic: Features,
  options: KernelDistanceOptions = {},
): KernelDistance {
  const act = "measure the kernel distance";
  const counts = checkSets(act, { real, synthetic }, 2);
  const fewest = Math.min(counts.real, counts.synthetic);
  const { subsetSize = Math.min(1000, fewest), seed = 0 } = options;
  checkRange(act, "subsetSize", subsetSize, {
    min: 2,
    max: fewest,
    integer: true,
  });
  checkRange(act, "subsets", options.subsets ?? 100, { min: 1, integer: true });
  const whole = subsetSize === counts.real && subsetSize === counts.synthetic;
  const subsets = whole ? 1 : options.subsets ?? 100;
  const random = randomStream(seed, "kernel-distance");
  const values = Array.from({ length: subsets }, () => {
    const [x, y] = [real, synthetic].map((set, k) => {
      const count = k === 0 ? counts.real : counts.synthetic;
      const order = random.permutation(count).subarray(0, subsetSize);
      return gather(set, order);
    });
    return discrepancy(x, y, counts.width);
  });
  const distance = values.reduce((sum, value) => sum + value, 0) / subsets;
  const squares = values.reduce((sum, v) => sum + (v - distance) ** 2, 0);
  return {
    distance,
    ...(subsets > 1 && { std: Math.sqrt(squares / subsets) }),
    protocol: protocolRecord({
      name: "kernel distance",
      parameters: {
        kernel: "(x·y / width + 1)³",
        estimate: "unbiased",
        subsets,
        subsetSize,
        ...(whole ? {} : { seed }),
      },
      counts: { ...counts },
    }),
    absent: subsets > 1
      ? {}
      : { std: "There is one subset only, which has no spread." },
  };
}

function gather(features: Features, rows: ArrayLike<number>): Float64Array {
  const { data, width } = features;
  const values = new Float64Array(rows.length * width);
  for (let k = 0; k < rows.length; k++) {
    const from = rows[k] * width;
    values.set(data.subarray(from, from + width), k * width);
  }
  return values;
}

function discrepancy(x: Float64Array, y: Float64Array, width: number): number {
  const m = x.length / width;
  const [xx, yy, xy] = [[x, x], [y, y], [x, y]].map(([a, b]) =>
    kernelSum(a, b, width)
  );
  return xx / (m * (m - 1)) + yy / (m * (m - 1)) - 2 * xy / (m * m);
}

/** Sum of the kernel over all pairs; of a set with itself, without the pairs of a vector with itself. */
function kernelSum(
  a: Float64Array,
  b: Float64Array,
  width: number,
): number {
  const [rows, columns] = [a.length / width, b.length / width];
  using vectors = doubleProducts({
    count: columns,
    width,
    rows: (from, to) => b.subarray(from * width, to * width),
  });
  const block = Math.max(1, Math.floor(2 ** 20 / columns));
  let sum = 0;
  for (let from = 0; from < rows; from += block) {
    const to = Math.min(rows, from + block);
    const products = vectors.multiply(a.subarray(from * width, to * width));
    for (let row = from; row < to; row++) {
      for (let column = 0; column < columns; column++) {
        if (a === b && row === column) continue;
        const at = (row - from) * columns + column;
        const base = products[at] / width + 1;
        sum += base * base * base;
      }
    }
  }
  return sum;
}

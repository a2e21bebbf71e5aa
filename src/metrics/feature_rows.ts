/**
 * Features row by row in float64: a whole gallery in float64 would be twice as large as the one that is there.
 *
 * @module
 */
import { checkFinite, checkRange } from "../core/mod.ts";
import type { Features } from "./features.ts";

/** Feature vectors that are made when asked for. */
export interface FeatureRows {
  /** Number of vectors. */
  count: number;
  /** Length of each. */
  width: number;
  /** Squared length of each vector, as `copy` gives it. */
  squares: Float64Array;
  /** Writes a vector into `into`, of length `width`. */
  copy(row: number, into: Float64Array): void;
}

/** Options of {@linkcode featureRows}. */
export interface FeatureRowsOptions {
  /** What errors call the features. */
  name: string;
  /** Whether vectors are scaled to unit length; those of zeros stay. */
  normalize: boolean;
  /** Which vectors, by index. @default all */
  keep?: ArrayLike<number>;
}

/**
 * Checks features, and gives them row by row.
 *
 * @param features Features of any norm. Borrowed as long as the rows are used.
 * @param options Name, scale, choice.
 * @returns The rows.
 * @throws {RangeError} If the width is no whole number above 0 or does not divide the values, there are no values, or one
 *   is not finite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { featureRows } from "./feature_rows.ts";
 *
 * const features = { data: new Float32Array([3, 4, 0, 2]), width: 2 };
 * const rows = featureRows(features, { name: "gallery", normalize: true });
 * const into = new Float64Array(2);
 * rows.copy(0, into);
 * assertEquals([...into], [0.6, 0.8]);
 * ```
 */
export function featureRows(
  features: Features,
  options: FeatureRowsOptions,
): FeatureRows {
  const { data, width } = features;
  const { name, normalize, keep } = options;
  const count = keep?.length ?? countFeatures(name, features);
  checkFinite("rank features", `${name}.data`, data);
  const squares = new Float64Array(count);
  const lengths = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    const from = (keep?.[row] ?? row) * width;
    let sum = 0;
    for (let i = from; i < from + width; i++) sum += data[i] * data[i];
    squares[row] = normalize && sum > 0 ? 1 : sum;
    lengths[row] = normalize && sum > 0 ? Math.sqrt(sum) : 1;
  }
  return {
    count,
    width,
    squares,
    copy(row, into) {
      const from = (keep?.[row] ?? row) * width;
      const length = lengths[row];
      for (let i = 0; i < width; i++) into[i] = data[from + i] / length;
    },
  };
}

/**
 * Counts feature vectors.
 *
 * @param name What errors call them.
 * @param features The vectors.
 * @returns Their number, at least 1.
 * @throws {RangeError} If the width is no whole number above 0 or does not divide the values, or there are none.
 *
 * @example
 * ```ts
 * import { countFeatures } from "./feature_rows.ts";
 *
 * console.log(countFeatures("gallery", { data: new Float32Array(6), width: 2 })); // 3
 * ```
 */
export function countFeatures(name: string, features: Features): number {
  const { data, width } = features;
  const act = "rank features";
  const whole = { min: 1, integer: true };
  checkRange(act, `${name}.width`, width, whole);
  const count = data.length / width;
  checkRange(act, `${name}.data.length / ${name}.width`, count, whole);
  return count;
}

/**
 * Two sets of vectors as one.
 *
 * @param first Those that come first.
 * @param second Those that follow, of the same width.
 * @returns All of them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { featureRows, joinRows } from "./feature_rows.ts";
 *
 * const rows = (value: number) =>
 *   featureRows({ data: new Float32Array([value]), width: 1 }, { name: "x", normalize: false });
 * assertEquals([...joinRows(rows(2), rows(3)).squares], [4, 9]);
 * ```
 */
export function joinRows(first: FeatureRows, second: FeatureRows): FeatureRows {
  const squares = new Float64Array(first.count + second.count);
  squares.set(first.squares);
  squares.set(second.squares, first.count);
  return {
    count: squares.length,
    width: first.width,
    squares,
    copy(row, into) {
      if (row < first.count) first.copy(row, into);
      else second.copy(row - first.count, into);
    },
  };
}

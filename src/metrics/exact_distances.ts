/**
 * Distances for comparisons that must not depend on rounding.
 *
 * @module
 */
import { featureRows } from "./feature_rows.ts";
import type { Features } from "./features.ts";
import { squaredDistances, TILE_ROWS } from "./squared_distances.ts";

/** Squared distances of one vector. */
export interface DistanceRow {
  /** Squared distances to all vectors of the other set, from products: off by less than `rounding`. */
  values: Float64Array;
  /** Bound on the error of `values`. */
  rounding: number;
  /** The squared distance to one of them, from differences: 0 for equal vectors, the same both ways. */
  exact(other: number): number;
}

/** Distances row by row; the memory behind them is freed by `using`. */
export interface ExactDistances extends Disposable {
  /** Number of vectors on the right. */
  count: number;
  /** Distances of a left vector; overwritten by later calls. Cheap in rising order. */
  row(index: number): DistanceRow;
}

/**
 * Squared Euclidean distances between two sets in float64: fast from products, and exact where that matters.
 *
 * |u|² + |v|² - 2 u · v loses what |u - v|² has less than |u|²; whoever compares it with a threshold and comes within
 * `rounding` of it asks for `exact`.
 *
 * @param left Vectors, checked.
 * @param right Vectors of the same width, checked.
 * @returns The distances.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { exactDistances } from "./exact_distances.ts";
 *
 * const features = { data: new Float32Array([1, 4]), width: 1 };
 * using distances = exactDistances(features, features);
 * assertEquals(distances.row(0).exact(1), 9);
 * ```
 */
export function exactDistances(
  left: Features,
  right: Features,
): ExactDistances {
  const { width } = left;
  const [a, b] = [left, right].map((features) =>
    featureRows(features, { name: "features", normalize: false })
  );
  const distances = squaredDistances(a, b);
  const longest = b.squares.reduce((most, square) => Math.max(most, square), 0);
  let tile: Float64Array = new Float64Array();
  let [from, to] = [0, 0];
  return {
    count: b.count,
    row(index) {
      if (index < from || index >= to) {
        from = index;
        to = Math.min(a.count, index + TILE_ROWS);
        tile = distances.tile(from, to);
      }
      const at = (index - from) * b.count;
      return {
        values: tile.subarray(at, at + b.count),
        // Each of the width's products and sums is off by half a unit of the last place at most.
        rounding: (width + 4) * Number.EPSILON * (a.squares[index] + longest),
        exact(other) {
          let sum = 0;
          for (let i = 0; i < width; i++) {
            const difference = left.data[index * width + i] -
              right.data[other * width + i];
            sum += difference * difference;
          }
          return sum;
        },
      };
    },
    [Symbol.dispose]: () => distances[Symbol.dispose](),
  };
}

/**
 * Distances between many features, some rows at a time.
 *
 * @module
 */
import { doubleProducts } from "../engine/mod.ts";
import type { FeatureRows } from "./feature_rows.ts";

/** Distances on demand; the memory behind them is freed by `using`. */
export interface SquaredDistances extends Disposable {
  /**
   * Distances of the left vectors `from` to `to - 1` to all right ones, `[to - from, right.count]` in row-major order. The
   * result is overwritten by the next call.
   */
  tile(from: number, to: number): Float64Array;
}

/** Left vectors of a tile that keeps the processor busy and the memory small. */
export const TILE_ROWS = 256;

/**
 * Squared Euclidean distances |u - v|^2 = |u|^2 + |v|^2 - 2 u · v in float64, not below 0. The products are the
 * engine's; without one they are made in JavaScript.
 *
 * @param left Vectors whose distances are asked for.
 * @param right Vectors they are taken to, of the same width.
 * @returns The distances, tile by tile.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { featureRows } from "./feature_rows.ts";
 * import { squaredDistances } from "./squared_distances.ts";
 *
 * const features = { data: new Float32Array([0, 3]), width: 1 };
 * const rows = featureRows(features, { name: "gallery", normalize: false });
 * using distances = squaredDistances(rows, rows);
 * assertEquals([...distances.tile(0, 2)], [0, 9, 9, 0]);
 * ```
 */
export function squaredDistances(
  left: FeatureRows,
  right: FeatureRows,
): SquaredDistances {
  const { width, count } = right;
  const blockOf = blocks(right);
  const products = doubleProducts({ count, width, rows: blockOf });
  const leftBlock = blocks(left);
  return {
    tile(from, to) {
      const tile = products.multiply(leftBlock(from, to));
      for (let row = from; row < to; row++) {
        const at = (row - from) * count;
        const own = left.squares[row];
        for (let j = 0; j < count; j++) {
          const distance = own + right.squares[j] - 2 * tile[at + j];
          tile[at + j] = distance > 0 ? distance : 0;
        }
      }
      return tile;
    },
    [Symbol.dispose]: () => products[Symbol.dispose](),
  };
}

// Vectors one below the other; the memory is used again by the next call.
function blocks(
  rows: FeatureRows,
): (from: number, to: number) => Float64Array {
  const { width } = rows;
  let buffer = new Float64Array();
  return (from, to) => {
    const length = (to - from) * width;
    if (buffer.length < length) buffer = new Float64Array(length);
    for (let row = from; row < to; row++) {
      const at = (row - from) * width;
      rows.copy(row, buffer.subarray(at, at + width));
    }
    return buffer.subarray(0, length);
  };
}

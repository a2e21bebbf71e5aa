/**
 * Nearest neighbours of two sets of features, both ways at once, exact, in bounded memory.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { checkRange } from "../core/mod.ts";
import type { Features } from "../metrics/mod.ts";
import { type Directions, directions, dot } from "./directions.ts";

/** Options of {@linkcode nearestNeighbours}. */
export interface NearestNeighboursOptions {
  /**
   * Neighbours kept of each vector.
   *
   * @default {1}
   */
  count?: number;
  /**
   * Cosine from which on a pair is counted as a match.
   *
   * @default none: nothing is counted
   */
  threshold?: number;
  /**
   * Whether neighbours of the gallery's vectors are wanted, too.
   *
   * @default {true}
   */
  backward?: boolean;
  /**
   * Vectors of each set that are compared at a time; 4 tile² bytes are held, a few times over.
   *
   * @default {2048}
   */
  tile?: number;
  /** Called after each tile with the pairs compared so far, and all. */
  onProgress?: (done: number, total: number) => void;
  /** Stops the search. */
  signal?: AbortSignal;
}

/** Nearest vectors of another set. */
export interface Neighbours {
  /** K, the neighbours of each vector. */
  count: number;
  /** Their indices, `[N, K]`, nearest first, of equally near ones the lower first; -1 where the other set has fewer. */
  indices: Int32Array;
  /** Their cosines in float64, `[N, K]`, in [-1, 1]; -Infinity where there is none. */
  similarities: Float64Array;
}

/** What {@linkcode nearestNeighbours} finds. */
export interface NeighbourSearch {
  /** Of each query in the gallery. */
  forward: Neighbours;
  /** Of each gallery vector among the queries; empty where not wanted. */
  backward: Neighbours;
  /** Gallery vectors at or above the threshold, of each query; empty without a threshold. */
  forwardMatches: Uint32Array;
  /** Queries at or above the threshold, of each gallery vector; empty without a threshold. */
  backwardMatches: Uint32Array;
}

/** Half a unit in the last place of a float32 at 1. */
const ROUNDING = 2 ** -24;
/** Of a product whose factors are cut to 10 bits before, as accelerators do. */
const COARSE_ROUNDING = 2 ** -9;

/**
 * Finds for each vector of two sets the nearest ones of the other by cosine, comparing all pairs.
 *
 * Tiles of float32 products say which pairs can matter; those are computed once more in float64. A float32 product of
 * unit vectors errs by at most (D + 3) 2⁻²⁴, so that nothing which belongs to the result can be missed: indices, cosines
 * and counts are those of a float64 computation of all pairs. A vector of zeros has cosine 0 with everything.
 *
 * @param queries Vectors of any norm, `[N, D]`. Borrowed.
 * @param gallery Vectors of any norm, `[M, D]`. Borrowed.
 * @param options How many neighbours, what counts as a match, size of the tiles.
 * @returns Neighbours and matches in both directions.
 * @throws {RangeError} If a set is empty or holds a number that is not finite, or an option is out of range.
 * @throws {TypeError} If the widths differ.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { useBackend } from "@outis/outis/engine";
 * import { nearestNeighbours } from "@outis/outis/privacy";
 *
 * await useBackend("auto");
 * const queries = { data: new Float32Array([1, 0, 0, 2]), width: 2 };
 * const gallery = { data: new Float32Array([0, 1, 3, 4]), width: 2 };
 * const { forward, backwardMatches } = await nearestNeighbours(queries, gallery, { threshold: 0.7 });
 * assertEquals([...forward.indices], [1, 0]); // cosines 0.6 and 1
 * assertEquals([...backwardMatches], [1, 1]); // the second query matches both
 * ```
 */
export async function nearestNeighbours(
  queries: Features,
  gallery: Features,
  options: NearestNeighboursOptions = {},
): Promise<NeighbourSearch> {
  const { count = 1, threshold, tile = 2048, onProgress, signal } = options;
  const { backward = true } = options;
  const act = "search neighbours";
  checkRange(act, "count", count, { min: 1, integer: true });
  checkRange(act, "tile", tile, { min: 1, integer: true });
  if (threshold !== undefined) checkRange(act, "threshold", threshold);
  const a = directions(act, "queries", queries);
  const b = directions(act, "gallery", gallery);
  if (a.width !== b.width) {
    throw new TypeError(
      `Cannot ${act} as 'gallery' must be of the width of the queries, ${a.width}: current value is ${b.width}`,
    );
  }
  const slack = slackOf(a, b);
  const rows = keeper(a.count, count, slack);
  const columns = keeper(backward ? b.count : 0, count, slack);
  const counted = threshold !== undefined;
  const forwardMatches = new Uint32Array(counted ? a.count : 0);
  const backwardMatches = new Uint32Array(counted ? b.count : 0);
  const least = counted ? threshold - slack : Infinity;
  const [rowBounds, columnBounds] = [rows.bounds, columns.bounds];

  for (let top = 0; top < a.count; top += tile) {
    const height = Math.min(tile, a.count - top);
    for (let left = 0; left < b.count; left += tile) {
      await new Promise((resolve) => setTimeout(resolve)); // lets an interruption in
      signal?.throwIfAborted();
      const width = Math.min(tile, b.count - left);
      const products = multiply(a, top, height, b, left, width);
      for (let r = 0; r < height; r++) {
        const i = top + r;
        const from = r * width;
        for (let c = 0; c < width; c++) {
          const rough = products[from + c];
          const j = left + c;
          if (
            rough < rowBounds[i] && rough < least &&
            !(backward && rough >= columnBounds[j])
          ) continue;
          const exact = dot(a, i, b, j);
          rows.offer(i, j, exact);
          if (backward) columns.offer(j, i, exact);
          if (counted && exact >= threshold) {
            forwardMatches[i]++;
            backwardMatches[j]++;
          }
        }
      }
      onProgress?.(top * b.count + height * (left + width), a.count * b.count);
    }
  }
  return {
    forward: rows.neighbours,
    backward: columns.neighbours,
    forwardMatches,
    backwardMatches,
  };
}

/** Cosines of a tile in float32, `[height, width]` in row-major order. */
function multiply(
  a: Directions,
  top: number,
  height: number,
  b: Directions,
  left: number,
  width: number,
): Float32Array {
  const product = tf.tidy(() => {
    const x = tf.tensor2d(a.unit(top, height), [height, a.width]);
    const y = tf.tensor2d(b.unit(left, width), [width, b.width]);
    // Transposed first: a product with a transposed factor is many times slower on wasm.
    return tf.matMul(x, tf.transpose(y)); // [height, width]
  });
  const values = product.dataSync() as Float32Array;
  product.dispose();
  return values;
}

/** How far a product of this engine may be from the cosine; measured on a few, as some engines round coarsely. */
function slackOf(a: Directions, b: Directions): number {
  const fine = (a.width + 3) * ROUNDING * 1.01;
  const [height, width] = [Math.min(32, a.count), Math.min(32, b.count)];
  const products = multiply(a, 0, height, b, 0, width);
  let worst = 0;
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const error = Math.abs(products[i * width + j] - dot(a, i, b, j));
      worst = Math.max(worst, error);
    }
  }
  return worst <= fine ? fine : Math.max(COARSE_ROUNDING, 4 * worst);
}

/** Keeps the nearest of each vector; `bounds` says below which product nothing is worth a look. */
function keeper(
  size: number,
  count: number,
  slack: number,
): {
  neighbours: Neighbours;
  bounds: Float64Array;
  offer: (vector: number, other: number, similarity: number) => void;
} {
  const indices = new Int32Array(size * count).fill(-1);
  const similarities = new Float64Array(size * count).fill(-Infinity);
  const bounds = new Float64Array(size).fill(-Infinity);
  return {
    neighbours: { count, indices, similarities },
    bounds,
    offer(vector, other, similarity) {
      const first = vector * count;
      let at = first + count;
      // Others come in ascending order, so that among equals the lower stays in front.
      while (at > first && similarities[at - 1] < similarity) at--;
      if (at === first + count) return;
      similarities.copyWithin(at + 1, at, first + count - 1);
      indices.copyWithin(at + 1, at, first + count - 1);
      similarities[at] = similarity;
      indices[at] = other;
      bounds[vector] = similarities[first + count - 1] - slack;
    },
  };
}

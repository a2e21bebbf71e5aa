/**
 * How near vectors lie to each other, as a symmetric graph of similarities.
 *
 * @module
 */
import { featureRows } from "./feature_rows.ts";
import type { Features } from "./features.ts";
import { squaredDistances, TILE_ROWS } from "./squared_distances.ts";

/** A symmetric matrix without a diagonal, row by row: row i has the entries `starts[i]` to `starts[i + 1] - 1`. */
export interface NeighbourGraph {
  /** Number of rows. */
  count: number;
  /** Where each row begins, `[count + 1]`. */
  starts: Uint32Array;
  /** Column of each entry, rising within a row. */
  columns: Uint32Array;
  /** Value of each entry. */
  values: Float64Array;
}

/** Options of {@linkcode neighbourGraph}. */
export interface NeighbourGraphOptions {
  /** Neighbours each vector is to have, in effect: the exponential of the entropy of its similarities. */
  perplexity: number;
  /** How many nearest others each vector gives a similarity to; count - 1 leaves none out. */
  neighbours: number;
  /** Whether vectors are scaled to unit length first. */
  normalize: boolean;
  /** Called after each tile of rows; what it throws ends the work. */
  onRows?: (done: number) => Promise<void>;
}

/**
 * Measures Gaussian similarities of one perplexity (van der Maaten and Hinton, "Visualizing Data using t-SNE", 2008).
 *
 * p(j | i) = exp(-β_i |x_i - x_j|²) / Σ_k exp(-β_i |x_i - x_k|²) over the nearest others k of i, where β_i is the width at
 * which the entropy of p(· | i) is log(perplexity); the matrix is (p(j | i) + p(i | j)) / 2. Of vectors at one distance
 * the first come first.
 *
 * @param features Vectors, at least two.
 * @param options Perplexity and number of neighbours, checked.
 * @returns The graph: all rows together sum to their number, single rows do not yet sum to 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { neighbourGraph } from "./neighbour_graph.ts";
 *
 * const features = { data: new Float64Array([0, 1, 5]), width: 1 };
 * const options = { perplexity: 1.5, neighbours: 1, normalize: false };
 * const { columns, values } = await neighbourGraph(features, options);
 * assertEquals([...columns], [1, 0, 2, 1]); // 0 and 1 name each other, 2 names 1
 * assertEquals([...values], [1, 1, 0.5, 0.5]);
 * ```
 */
export async function neighbourGraph(
  features: Features,
  options: NeighbourGraphOptions,
): Promise<NeighbourGraph> {
  const { perplexity, neighbours, normalize, onRows } = options;
  const rows = featureRows(features, { name: "features", normalize });
  const { count } = rows;
  using distances = squaredDistances(rows, rows);
  const columns = new Uint32Array(count * neighbours);
  const values = new Float64Array(count * neighbours);
  for (let from = 0; from < count; from += TILE_ROWS) {
    const to = Math.min(count, from + TILE_ROWS);
    const tile = distances.tile(from, to);
    for (let row = from; row < to; row++) {
      const at = (row - from) * count;
      const near = columns.subarray(row * neighbours, (row + 1) * neighbours);
      const own = values.subarray(row * neighbours, (row + 1) * neighbours);
      nearest(tile.subarray(at, at + count), row, near);
      near.forEach((other, k) => own[k] = tile[at + other]);
      gaussian(own, perplexity);
    }
    await onRows?.(to);
  }
  return symmetric(count, neighbours, columns, values);
}

/** Writes the indices of the smallest distances, but the row's own, in rising order of the indices. */
function nearest(
  distances: Float64Array,
  row: number,
  into: Uint32Array,
): void {
  const others = distances.slice();
  others[row] = Infinity;
  const sorted = others.toSorted();
  const last = sorted[into.length - 1];
  let level = into.length;
  while (level > 0 && sorted[level - 1] === last) level--;
  let atLast = into.length - level;
  let k = 0;
  for (let i = 0; k < into.length; i++) {
    if (i === row || others[i] > last) continue;
    if (others[i] < last || atLast-- > 0) into[k++] = i;
  }
}

/** Turns squared distances into probabilities of the given perplexity, in place. */
function gaussian(values: Float64Array, perplexity: number): void {
  const wanted = Math.log(perplexity);
  const least = values.reduce((low, value) => Math.min(low, value), Infinity);
  const beyond = values.map((value) => value - least);
  let [low, high, width] = [0, Infinity, 1];
  // A float64 has no more halvings in it; of more equal distances than the perplexity none is enough.
  for (let i = 0; i < 100; i++) {
    let [sum, weighted] = [0, 0];
    for (let k = 0; k < beyond.length; k++) {
      const weight = Math.exp(-width * beyond[k]);
      values[k] = weight;
      sum += weight;
      weighted += weight * beyond[k];
    }
    for (let k = 0; k < values.length; k++) values[k] /= sum;
    const excess = Math.log(sum) + width * weighted / sum - wanted;
    if (Math.abs(excess) < 1e-13) return;
    if (excess > 0) low = width;
    else high = width;
    const next = high === Infinity ? 2 * width : (low + high) / 2;
    if (next === width || next > 1e300) return;
    width = next;
  }
}

/** Half the sum of a matrix and its transpose, whose rows all have as many entries. */
function symmetric(
  count: number,
  each: number,
  columns: Uint32Array,
  values: Float64Array,
): NeighbourGraph {
  // The transpose: entries of a column come in rising order of their rows.
  const starts = new Uint32Array(count + 1);
  for (const column of columns) starts[column + 1]++;
  for (let i = 0; i < count; i++) starts[i + 1] += starts[i];
  const ends = starts.slice();
  const fromRows = new Uint32Array(columns.length);
  const fromValues = new Float64Array(columns.length);
  for (let k = 0; k < columns.length; k++) {
    const at = ends[columns[k]]++;
    fromRows[at] = Math.floor(k / each);
    fromValues[at] = values[k];
  }
  const merged: NeighbourGraph = {
    count,
    starts: new Uint32Array(count + 1),
    columns: new Uint32Array(2 * columns.length),
    values: new Float64Array(2 * columns.length),
  };
  let at = 0;
  for (let row = 0; row < count; row++) {
    let [own, other] = [row * each, starts[row]];
    const [ownEnd, otherEnd] = [own + each, starts[row + 1]];
    while (own < ownEnd || other < otherEnd) {
      const a = own < ownEnd ? columns[own] : count;
      const b = other < otherEnd ? fromRows[other] : count;
      merged.columns[at] = Math.min(a, b);
      merged.values[at++] = ((a <= b ? values[own++] : 0) +
        (b <= a ? fromValues[other++] : 0)) / 2;
    }
    merged.starts[row + 1] = at;
  }
  return {
    ...merged,
    columns: merged.columns.slice(0, at),
    values: merged.values.slice(0, at),
  };
}

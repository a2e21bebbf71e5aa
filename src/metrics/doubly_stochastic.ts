/**
 * Similarities of which every point has as much as every other.
 *
 * @module
 */
import type { NeighbourGraph } from "./neighbour_graph.ts";

/** What {@linkcode doublyStochastic} found. */
export interface DoublyStochastic {
  /** The scaled graph, P = diag(u) K diag(u): same entries, other values. */
  graph: NeighbourGraph;
  /** Largest distance of a row's sum from 1. */
  residual: number;
  /** Scalings that were made. */
  steps: number;
}

/** Options of {@linkcode doublyStochastic}. */
export interface DoublyStochasticOptions {
  /** Residual at which the scaling ends. @default 1e-12 */
  tolerance?: number;
  /** Most scalings. @default 2000 */
  steps?: number;
}

/**
 * Scales a symmetric matrix until all rows and columns sum to 1 (Sinkhorn and Knopp, "Concerning Nonnegative Matrices
 * and Doubly Stochastic Matrices", 1967).
 *
 * The matrix stays symmetric throughout: both sides are scaled by one over the root of the row sums at once, where the
 * original takes rows and columns in turn. The limit is the same, for there is only one. A graph may have none: of three
 * points that are near a fourth only, each would need all of it. The residual then stays above the tolerance.
 *
 * @param graph A symmetric matrix of similarities, none below 0, with something in each row. Not changed.
 * @param options When to end.
 * @returns The scaled matrix and how far it is from its aim.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { doublyStochastic } from "./doubly_stochastic.ts";
 *
 * // Three points, each beside the two others: 0.5 everywhere, whatever it was.
 * const graph = {
 *   count: 3,
 *   starts: new Uint32Array([0, 2, 4, 6]),
 *   columns: new Uint32Array([1, 2, 0, 2, 0, 1]),
 *   values: new Float64Array([3, 1, 3, 7, 1, 7]),
 * };
 * const { graph: scaled, residual } = doublyStochastic(graph);
 * assert(residual <= 1e-12);
 * assert(scaled.values.every((value) => Math.abs(value - 0.5) < 1e-11));
 * ```
 */
export function doublyStochastic(
  graph: NeighbourGraph,
  options: DoublyStochasticOptions = {},
): DoublyStochastic {
  const { tolerance = 1e-12, steps = 2000 } = options;
  const { count, starts, columns, values } = graph;
  const scale = new Float64Array(count).fill(1);
  const sums = new Float64Array(count);
  const measure = (): number => {
    let residual = 0;
    for (let row = 0; row < count; row++) {
      let sum = 0;
      for (let k = starts[row]; k < starts[row + 1]; k++) {
        sum += values[k] * scale[columns[k]];
      }
      sums[row] = sum * scale[row];
      residual = Math.max(residual, Math.abs(sums[row] - 1));
    }
    return residual;
  };
  let residual = measure();
  let step = 0;
  for (; step < steps && residual > tolerance; step++) {
    for (let row = 0; row < count; row++) scale[row] /= Math.sqrt(sums[row]);
    residual = measure();
  }
  const scaled = values.slice();
  for (let row = 0; row < count; row++) {
    for (let k = starts[row]; k < starts[row + 1]; k++) {
      scaled[k] *= scale[row] * scale[columns[k]];
    }
  }
  return { graph: { ...graph, values: scaled }, residual, steps: step };
}

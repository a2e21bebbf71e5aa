/** Cases of tests/golden/dosnes.json as features and graphs. */
import golden from "../golden/dosnes.json" with { type: "json" };
import type { Features } from "../../src/metrics/mod.ts";
import type { NeighbourGraph } from "../../src/metrics/neighbour_graph.ts";

/** What NumPy says of some vectors, and of some points on a sphere. */
export const cases = golden.cases.map((each) => ({
  ...each,
  features: {
    data: Float64Array.from(each.features),
    width: each.width,
  } satisfies Features,
  points: Float64Array.from(each.points),
}));

/** A graph with the entries of a full matrix that are not 0. */
export function graphOf(matrix: readonly number[]): NeighbourGraph {
  const count = Math.sqrt(matrix.length);
  const kept = [...matrix.keys()].filter((k) => matrix[k] !== 0);
  const starts = Uint32Array.from(
    { length: count + 1 },
    (_, row) => kept.filter((k) => k < row * count).length,
  );
  return {
    count,
    starts,
    columns: Uint32Array.from(kept, (k) => k % count),
    values: Float64Array.from(kept, (k) => matrix[k]),
  };
}

/** The full matrix of a graph. */
export function matrixOf(graph: NeighbourGraph): Float64Array {
  const { count, starts, columns, values } = graph;
  const matrix = new Float64Array(count * count);
  for (let row = 0; row < count; row++) {
    for (let k = starts[row]; k < starts[row + 1]; k++) {
      matrix[row * count + columns[k]] += values[k];
    }
  }
  return matrix;
}

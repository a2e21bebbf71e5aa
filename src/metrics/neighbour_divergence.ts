/**
 * How badly points in space show who is near whom.
 *
 * @module
 */
import type { NeighbourGraph } from "./neighbour_graph.ts";

/** Places in which {@linkcode neighbourDivergence} works. */
export interface DivergenceBuffers {
  /** Receives the derivative by each coordinate, `[N, 3]`. */
  gradient: Float64Array;
  /** What similarities are multiplied by for the gradient, to draw clusters together early. @default 1 */
  exaggeration?: number;
  /** Whether the divergence itself is wanted, which costs a logarithm for each similarity. @default true */
  objective?: boolean;
}

/**
 * The Kullback-Leibler divergence of a t-SNE in three dimensions, and its gradient.
 *
 * C = Σ p_ij log(p_ij / q_ij) over i ≠ j, with p = P / Σ P and the heavy-tailed q_ij = w_ij / Σ w,
 * w_ij = 1 / (1 + |y_i - y_j|²); ∂C/∂y_i = 4 Σ_j (p_ij - q_ij) w_ij (y_i - y_j). Similarities that are not in the graph
 * are 0; q is taken over all pairs, without approximation.
 *
 * @param graph Symmetric similarities P.
 * @param points Coordinates, `[N, 3]`.
 * @param buffers Where the gradient goes.
 * @returns C in nats, or NaN if it was not wanted.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { neighbourDivergence } from "./neighbour_divergence.ts";
 *
 * // Two points: p = q = 1/2 for both orders, wherever they are.
 * const graph = {
 *   count: 2,
 *   starts: new Uint32Array([0, 1, 2]),
 *   columns: new Uint32Array([1, 0]),
 *   values: new Float64Array([1, 1]),
 * };
 * const gradient = new Float64Array(6);
 * const points = new Float64Array([1, 0, 0, 0, 1, 0]);
 * assertAlmostEquals(neighbourDivergence(graph, points, { gradient }), 0);
 * ```
 */
export function neighbourDivergence(
  graph: NeighbourGraph,
  points: Float64Array,
  buffers: DivergenceBuffers,
): number {
  const { gradient, exaggeration = 1, objective = true } = buffers;
  const { count, starts, columns, values } = graph;
  const whole = repulsion(points, gradient);
  let mass = 0;
  for (const value of values) mass += value;
  for (let i = 0; i < gradient.length; i++) gradient[i] *= -4 / whole;
  const pull = 4 * exaggeration / mass;
  let divergence = 0;
  for (let i = 0; i < count; i++) {
    const [x, y, z] = [points[3 * i], points[3 * i + 1], points[3 * i + 2]];
    let [fx, fy, fz] = [0, 0, 0];
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const j = 3 * columns[k];
      const dx = x - points[j];
      const dy = y - points[j + 1];
      const dz = z - points[j + 2];
      const apart = 1 + dx * dx + dy * dy + dz * dz;
      const force = values[k] / apart;
      fx += force * dx;
      fy += force * dy;
      fz += force * dz;
      if (objective && values[k] > 0) {
        divergence += values[k] * Math.log(values[k] * apart);
      }
    }
    gradient[3 * i] += pull * fx;
    gradient[3 * i + 1] += pull * fy;
    gradient[3 * i + 2] += pull * fz;
  }
  return objective ? divergence / mass + Math.log(whole / mass) : NaN;
}

/** Writes Σ_j w_ij² (y_i - y_j) for every i; returns Σ w over i ≠ j. */
function repulsion(points: Float64Array, into: Float64Array): number {
  into.fill(0);
  let whole = 0;
  for (let i = 0; i < points.length; i += 3) {
    const [x, y, z] = [points[i], points[i + 1], points[i + 2]];
    let [fx, fy, fz] = [0, 0, 0];
    for (let j = i + 3; j < points.length; j += 3) {
      const dx = x - points[j];
      const dy = y - points[j + 1];
      const dz = z - points[j + 2];
      const weight = 1 / (1 + dx * dx + dy * dy + dz * dz);
      const force = weight * weight;
      whole += weight;
      fx += force * dx;
      fy += force * dy;
      fz += force * dz;
      into[j] -= force * dx;
      into[j + 1] -= force * dy;
      into[j + 2] -= force * dz;
    }
    into[i] += fx;
    into[i + 1] += fy;
    into[i + 2] += fz;
  }
  return 2 * whole;
}

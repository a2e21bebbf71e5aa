/**
 * Rotation, scale and shift between two sets of points.
 *
 * @module
 */
import { checkFinite, checkLength } from "../core/mod.ts";

/** A point in pixels: right, down. The centre of the top left pixel is (0, 0). */
export type Point = readonly [x: number, y: number];

/** A similarity: x' = a x - b y + tx, y' = b x + a y + ty; scale √(a² + b²), angle atan2(b, a). */
export interface SimilarityTransform {
  /** Scale times cosine of the angle. */
  a: number;
  /** Scale times sine of the angle. */
  b: number;
  /** Shift to the right, in pixels. */
  tx: number;
  /** Shift down, in pixels. */
  ty: number;
}

/**
 * The similarity that brings points closest to others: least squares, without reflection (S. Umeyama, "Least-squares
 * estimation of transformation parameters between two point patterns", PAMI 1991).
 *
 * In the plane his solution has a closed form. With centred points p and q: a = Σ p·q / Σ |p|², b = Σ p×q / Σ |p|².
 *
 * @param from Points.
 * @param to Where each should come to lie.
 * @returns The transform.
 * @throws {TypeError} If the numbers of points differ.
 * @throws {RangeError} If a coordinate is not finite, or all points of either set are the same.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { similarityTransform } from "@outis/outis/data";
 *
 * // A quarter turn, twice the size, three to the right.
 * const from = [[0, 0], [1, 0], [0, 1]] as const;
 * const to = [[3, 0], [3, 2], [1, 0]] as const;
 * const { a, b, tx, ty } = similarityTransform(from, to);
 * assertEquals([a, b, tx, ty].map((v) => Math.round(v)), [0, 2, 3, 0]);
 * ```
 */
export function similarityTransform(
  from: readonly Point[],
  to: readonly Point[],
): SimilarityTransform {
  const act = "find a similarity";
  checkLength(act, "to", to, from.length);
  checkFinite(act, "from", from.flat());
  checkFinite(act, "to", to.flat());
  const p = centre(from);
  const q = centre(to);
  let dot = 0;
  let cross = 0;
  let spread = 0;
  let spreadTo = 0;
  for (const [i, [x, y]] of from.entries()) {
    const [px, py] = [x - p[0], y - p[1]];
    const [qx, qy] = [to[i][0] - q[0], to[i][1] - q[1]];
    dot += px * qx + py * qy;
    cross += px * qy - py * qx;
    spread += px * px + py * py;
    spreadTo += qx * qx + qy * qy;
  }
  for (const [name, sum] of [["from", spread], ["to", spreadTo]] as const) {
    if (sum > 0) continue;
    throw new RangeError(
      `Cannot ${act} as '${name}' must be at least two different points: current value is ${from.length} that are the same`,
    );
  }
  const a = dot / spread;
  const b = cross / spread;
  if (Math.hypot(a, b) * Math.sqrt(spread) <= 1e-9 * Math.sqrt(spreadTo)) {
    throw new RangeError(
      `Cannot ${act} as 'from' must be turned and scaled into 'to' without reflection: current value is one that shrinks to a point`,
    );
  }
  return {
    a,
    b,
    tx: q[0] - a * p[0] + b * p[1],
    ty: q[1] - b * p[0] - a * p[1],
  };
}

function centre(points: readonly Point[]): Point {
  let [x, y] = [0, 0];
  for (const point of points) {
    x += point[0];
    y += point[1];
  }
  return [x / points.length, y / points.length];
}

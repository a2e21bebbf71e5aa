/**
 * The average head: a grid of cross-sections from under the chin to the crown.
 *
 * Surface coordinates: `u` runs around the head (0 in the middle of the face, about 1.08 at the ear, the arc length
 * of the average head), `v` upward (-1 chin, -0.63 mouth, -0.4 tip of the nose, 0 eyes, 0.55 hairline, 1 crown).
 *
 * @module
 */
import { gridMesh, type Mesh } from "./mesh.ts";

/** Cross-sections: v, y, half width, front z, centre z, back z. */
const SECTIONS = [
  [-1.15, -0.86, 0.05, 0.30, 0.28, 0.26],
  [-1.08, -0.95, 0.17, 0.47, 0.30, 0.18],
  [-1.00, -1.00, 0.24, 0.61, 0.31, 0.10],
  [-0.92, -0.94, 0.34, 0.695, 0.29, 0.05],
  [-0.82, -0.83, 0.43, 0.715, 0.26, -0.05],
  [-0.72, -0.725, 0.505, 0.71, 0.22, -0.20],
  [-0.60, -0.60, 0.57, 0.73, 0.16, -0.40],
  [-0.45, -0.45, 0.62, 0.735, 0.12, -0.60],
  [-0.30, -0.30, 0.66, 0.74, 0.08, -0.75],
  [-0.15, -0.15, 0.68, 0.745, 0.05, -0.85],
  [0.00, 0.00, 0.695, 0.755, 0.02, -0.92],
  [0.15, 0.15, 0.695, 0.79, 0.00, -0.95],
  [0.30, 0.30, 0.69, 0.80, -0.02, -0.94],
  [0.45, 0.45, 0.67, 0.775, -0.04, -0.90],
  [0.60, 0.60, 0.625, 0.71, -0.06, -0.82],
  [0.75, 0.75, 0.535, 0.58, -0.08, -0.70],
  [0.87, 0.87, 0.40, 0.40, -0.10, -0.53],
  [0.96, 0.955, 0.235, 0.19, -0.11, -0.36],
  [1.00, 0.985, 0.02, -0.09, -0.11, -0.13],
];

/** Squareness of a cross-section: exponent of its superellipse. */
const SQUARENESS = 2.35;

/** Rows are spaced finely where the features are: [end of the stretch, rows in it], from v = -1.15. */
const ROW_STRETCHES = [
  [-0.75, 9],
  [-0.28, 22],
  [-0.14, 4],
  [0.2, 13],
  [1, 15],
];

/** Angle of each column around the head, radians, from the back over the right side of the picture's left half. */
const ANGLES: number[] = columnAngles();

/** Height of each row. */
const HEIGHTS: number[] = rowHeights();

/**
 * Builds the average head, with all features in relief and ambient darkening in `extra`.
 *
 * @returns A new mesh; normals are not set.
 *
 * @example
 * ```ts
 * import { averageHead } from "./head_profile.ts";
 * console.assert(averageHead().mesh.rows > 40);
 * ```
 */
export function averageHead(): { mesh: Mesh; angles: Float32Array } {
  const mesh = gridMesh(HEIGHTS.length, ANGLES.length);
  const angles = new Float32Array(mesh.u.length);
  HEIGHTS.forEach((v, row) => {
    const [y, w, front, centre, back] = section(v);
    ANGLES.forEach((angle, column) => {
      const i = row * ANGLES.length + column;
      const s = Math.sin(angle);
      const c = Math.cos(angle);
      const radius = (Math.abs(s) ** SQUARENESS + Math.abs(c) ** SQUARENESS) **
        (-1 / SQUARENESS);
      const x = w * radius * s;
      const z = centre + radius * c * (c > 0 ? front - centre : centre - back);
      const u = Math.abs(angle) < 1e-6
        ? 0
        : Math.abs(angle) < 1.6
        ? x * angle / s
        : angle * w;
      mesh.u[i] = u;
      mesh.v[i] = v;
      angles[i] = angle;
      mesh.positions[i * 3] = x;
      mesh.positions[i * 3 + 1] = y;
      mesh.positions[i * 3 + 2] = z + (c > 0 ? relief(Math.abs(u), v) : 0);
      mesh.extra[i] = ambient(Math.abs(u), v);
    });
  });
  return { mesh, angles };
}

/**
 * Half width and front of the average head at a height.
 *
 * @param v Height on the surface, [-1.15, 1].
 * @returns y, half width, front z, centre z, back z, head units.
 *
 * @example
 * ```ts
 * import { section } from "./head_profile.ts";
 * console.assert(Math.abs(section(0)[1] - 0.695) < 1e-9);
 * ```
 */
export function section(v: number): number[] {
  const last = SECTIONS.length - 1;
  let k = 0;
  while (k < last - 1 && v > SECTIONS[k + 1][0]) k++;
  const a = SECTIONS[k];
  const b = SECTIONS[k + 1];
  const before = SECTIONS[Math.max(k - 1, 0)];
  const after = SECTIONS[Math.min(k + 2, last)];
  const h = b[0] - a[0];
  const t = Math.max(0, Math.min(1, (v - a[0]) / h));
  return [1, 2, 3, 4, 5].map((j) => {
    const slopeA = (b[j] - before[j]) / (b[0] - before[0]);
    const slopeB = (after[j] - a[j]) / (after[0] - a[0]);
    return a[j] * (1 + 2 * t) * (1 - t) ** 2 + b[j] * t * t * (3 - 2 * t) +
      slopeA * h * t * (1 - t) ** 2 - slopeB * h * t * t * (1 - t);
  });
}

/**
 * A bell of height 1 over the surface.
 *
 * @param x Distance from its centre along the first coordinate.
 * @param y Distance from its centre along the second coordinate.
 * @param sx Standard deviation along the first coordinate.
 * @param sy Standard deviation along the second coordinate.
 * @returns exp(-(x/sx)²/2 - (y/sy)²/2).
 *
 * @example
 * ```ts
 * import { bell } from "./head_profile.ts";
 * console.assert(bell(0, 0, 1, 1) === 1);
 * ```
 */
export function bell(x: number, y: number, sx: number, sy: number): number {
  return Math.exp(-0.5 * ((x / sx) ** 2 + (y / sy) ** 2));
}

/** Ridge of the nose: v, height, half width. */
const NOSE = [
  [-0.53, 0, 0.1],
  [-0.49, 0.025, 0.09],
  [-0.455, 0.1, 0.08],
  [-0.42, 0.185, 0.078],
  [-0.375, 0.22, 0.074],
  [-0.30, 0.185, 0.07],
  [-0.20, 0.135, 0.066],
  [-0.10, 0.085, 0.062],
  [0.0, 0.042, 0.062],
  [0.08, 0.01, 0.07],
  [0.14, 0, 0.08],
];

/**
 * Relief of the average nose.
 *
 * @param a Distance from the middle of the face, head units.
 * @param v Height on the surface.
 * @returns How far the nose stands out, head units.
 *
 * @example
 * ```ts
 * import { noseRelief } from "./head_profile.ts";
 * console.assert(noseRelief(0, -0.37) > noseRelief(0, 0));
 * ```
 */
export function noseRelief(a: number, v: number): number {
  const wings = 0.085 * bell(a - 0.105, v + 0.415, 0.042, 0.04);
  if (v <= NOSE[0][0] || v >= NOSE[NOSE.length - 1][0]) return wings;
  let k = 0;
  while (v > NOSE[k + 1][0]) k++;
  const t = (v - NOSE[k][0]) / (NOSE[k + 1][0] - NOSE[k][0]);
  const height = NOSE[k][1] + (NOSE[k + 1][1] - NOSE[k][1]) * t;
  const width = NOSE[k][2] + (NOSE[k + 1][2] - NOSE[k][2]) * t;
  const ridge = height * Math.exp(-0.6 * (a / width) ** 2);
  // A smooth maximum, so that wings and ridge run into each other.
  return Math.sqrt(wings * wings + ridge * ridge);
}

function relief(a: number, v: number): number {
  return noseRelief(a, v) -
    0.066 * bell(a - 0.26, v - 0.01, 0.12, 0.075) +
    0.042 * bell(a - 0.285, v + 0.005, 0.085, 0.05) +
    0.03 * bell(a - 0.24, v - 0.14, 0.2, 0.05) +
    0.035 * bell(a - 0.42, v + 0.22, 0.13, 0.1) +
    0.03 * bell(a, v + 0.585, 0.15, 0.035) +
    0.04 * bell(a, v + 0.685, 0.13, 0.04) -
    0.015 * bell(a, v + 0.63, 0.2, 0.018) -
    0.02 * bell(a, v + 0.77, 0.16, 0.035) +
    0.04 * bell(a, v + 0.9, 0.16, 0.08) -
    0.008 * bell(a, v + 0.53, 0.025, 0.03) -
    0.02 * bell(a - 0.26, v + 0.5, 0.06, 0.12) -
    0.03 * bell(a - 0.62, v - 0.28, 0.12, 0.15);
}

function ambient(a: number, v: number): number {
  const dark = 0.3 * bell(a - 0.17, v - 0.04, 0.06, 0.06) +
    0.16 * bell(a - 0.28, v - 0.03, 0.14, 0.07) +
    0.3 * bell(a, v + 0.5, 0.12, 0.035) +
    0.22 * bell(a - 0.16, v + 0.38, 0.03, 0.08) +
    0.18 * bell(a, v + 0.765, 0.14, 0.03) +
    0.15 * bell(a, v + 0.63, 0.2, 0.02) +
    0.45 * Math.max(0, Math.min(1, (-0.95 - v) / 0.15)) +
    0.25 * bell(a - 1.1, v + 0.3, 0.15, 0.3);
  return Math.max(0.3, 1 - dark);
}

function columnAngles(): number[] {
  const half: number[] = [];
  for (let a = 0.042; a < 0.74; a += 0.042) half.push(a);
  for (let a = 0.8; a < 1.66; a += 0.085) half.push(a);
  for (let i = 1; i <= 8; i++) half.push(1.65 + i * (Math.PI - 1.65) / 8);
  return [...half.map((a) => -a).reverse(), 0, ...half];
}

function rowHeights(): number[] {
  const heights = [-1.15];
  for (const [end, rows] of ROW_STRETCHES) {
    const start = heights[heights.length - 1];
    for (let i = 1; i <= rows; i++) {
      heights.push(start + (end - start) * i / rows);
    }
  }
  return heights;
}

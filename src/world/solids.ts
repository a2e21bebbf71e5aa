/**
 * Rounded solids of which bodies are put together.
 *
 * @module
 */
import { gridMesh, type Mesh, updateNormals } from "./mesh.ts";

/** A point in space. */
export type Point = readonly [x: number, y: number, z: number];

/** A cross-section of a tube. */
export type Station = {
  /** Its middle. */
  at: Point;
  /** Half its width. */
  width: number;
  /** Half its depth. */
  depth: number;
};

/**
 * A tube through cross-sections, each square to the way through its neighbours.
 *
 * @param stations At least two, from below.
 * @param columns Vertices around, at least 4; the first and the last are the same seam.
 * @returns A mesh whose `u` is the angle around (radians, 0 in front) and whose `v` runs from 0 below to 1 above.
 *
 * @example
 * ```ts
 * import { tube } from "./solids.ts";
 * const mesh = tube([{ at: [0, 0, 0], width: 1, depth: 1 }, { at: [0, 2, 0], width: 1, depth: 1 }], 9);
 * console.assert(mesh.v[9] === 1 && Math.abs(mesh.positions[4 * 3 + 2] - 1) < 1e-6);
 * ```
 */
export function tube(stations: readonly Station[], columns: number): Mesh {
  const mesh = gridMesh(stations.length, columns);
  stations.forEach(({ at, width, depth }, row) => {
    const from = stations[Math.max(0, row - 1)].at;
    const to = stations[Math.min(stations.length - 1, row + 1)].at;
    const axis = unit([to[0] - from[0], to[1] - from[1], to[2] - from[2]]);
    // Square to the axis and to the view ahead; upright tubes have their width along x.
    const across = unit([axis[1], -axis[0], 0]);
    const ahead = cross(across, axis);
    for (let column = 0; column < columns; column++) {
      const i = row * columns + column;
      const angle = -Math.PI + 2 * Math.PI * column / (columns - 1);
      const s = width * Math.sin(angle), c = depth * Math.cos(angle);
      for (let k = 0; k < 3; k++) {
        mesh.positions[i * 3 + k] = at[k] + s * across[k] + c * ahead[k];
      }
      mesh.u[i] = angle;
      mesh.v[i] = row / (stations.length - 1);
    }
  });
  updateNormals(mesh, true);
  return mesh;
}

/** How an {@linkcode ellipsoid} is placed. */
export interface EllipsoidOptions {
  /** Turn about the vertical, radians; positive moves the front to +x. @default 0 */
  turn?: number;
  /** 2 is round; the larger, the more like a box. @default 2 */
  squareness?: number;
  /** Rows of vertices. @default 7 */
  rows?: number;
  /** Vertices around. @default 13 */
  columns?: number;
}

/**
 * A rounded body: |x/a|^n + |y/b|^n + |z/c|^n = 1.
 *
 * @param middle Its middle.
 * @param radii Half its width, height and depth.
 * @param options Turn, squareness, fineness.
 * @returns A mesh whose `u` is the angle around (radians, 0 in front) and whose `v` runs from 0 below to 1 above.
 *
 * @example
 * ```ts
 * import { ellipsoid } from "./solids.ts";
 * const mesh = ellipsoid([0, 1, 0], [1, 2, 1]);
 * console.assert(Math.abs(mesh.positions[1] + 1) < 0.1);
 * ```
 */
export function ellipsoid(
  middle: Point,
  radii: Point,
  options: EllipsoidOptions = {},
): Mesh {
  const { turn = 0, squareness = 2, rows = 7, columns = 13 } = options;
  const mesh = gridMesh(rows, columns);
  const bend = (value: number) =>
    Math.sign(value) * Math.abs(value) ** (2 / squareness);
  for (let row = 0; row < rows; row++) {
    // The poles stay open by a hair, so that normals exist there.
    const latitude = (row / (rows - 1) - 0.5) * (Math.PI - 0.1);
    for (let column = 0; column < columns; column++) {
      const i = row * columns + column;
      const angle = -Math.PI + 2 * Math.PI * column / (columns - 1);
      const flat = bend(Math.cos(latitude));
      const x = radii[0] * flat * bend(Math.sin(angle));
      const z = radii[2] * flat * bend(Math.cos(angle));
      mesh.positions[i * 3] = middle[0] + x * Math.cos(turn) +
        z * Math.sin(turn);
      mesh.positions[i * 3 + 1] = middle[1] +
        radii[1] * bend(Math.sin(latitude));
      mesh.positions[i * 3 + 2] = middle[2] + z * Math.cos(turn) -
        x * Math.sin(turn);
      mesh.u[i] = angle;
      mesh.v[i] = row / (rows - 1);
    }
  }
  updateNormals(mesh, true);
  return mesh;
}

function unit([x, y, z]: Point): Point {
  const length = Math.sqrt(x * x + y * y + z * z) || 1;
  return [x / length, y / length, z / length];
}

function cross(a: Point, b: Point): Point {
  return [
    a[1] * b[2] - a[2] * b[1],
    a[2] * b[0] - a[0] * b[2],
    a[0] * b[1] - a[1] * b[0],
  ];
}

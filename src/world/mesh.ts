/**
 * Grids of vertices: the surfaces everything in a portrait is made of.
 *
 * Coordinates are head units (half the height of a head): x to the right of the picture, y up, z to the viewer.
 *
 * @module
 */

/** What a surface is made of; decides how its pixels are painted. */
export const MATERIAL = {
  background: 0,
  skin: 1,
  ear: 2,
  hair: 3,
  bust: 4,
  frame: 5,
} as const;

/** A surface: `rows * columns` vertices joined to triangles. */
export type Mesh = {
  /** Rows of the grid. */
  rows: number;
  /** Columns of the grid. */
  columns: number;
  /** Coordinates x, y, z of each vertex, head units. */
  positions: Float32Array;
  /** Unit normals x, y, z of each vertex. */
  normals: Float32Array;
  /** First surface coordinate of each vertex. */
  u: Float32Array;
  /** Second surface coordinate of each vertex. */
  v: Float32Array;
  /** A further value per vertex: ambient light for skin, cover for hair. */
  extra: Float32Array;
  /** Three vertex indices per triangle. */
  triangles: Uint16Array;
};

/**
 * An empty grid with its triangles, all vertices at the origin.
 *
 * @param rows Rows of vertices, at least 2.
 * @param columns Columns of vertices, at least 2; `rows * columns` at most 65536.
 * @returns A mesh of its own arrays.
 *
 * @example
 * ```ts
 * import { gridMesh } from "./mesh.ts";
 * console.assert(gridMesh(2, 3).triangles.length === 12);
 * ```
 */
export function gridMesh(rows: number, columns: number): Mesh {
  const count = rows * columns;
  return {
    rows,
    columns,
    positions: new Float32Array(count * 3),
    normals: new Float32Array(count * 3),
    u: new Float32Array(count),
    v: new Float32Array(count),
    extra: new Float32Array(count).fill(1),
    triangles: gridTriangles(rows, columns),
  };
}

/**
 * Every second row and column of a grid, and the last ones: as fine as a small picture's pixels.
 *
 * @param mesh A grid. Not changed.
 * @param further Values per vertex beside those of the mesh.
 * @returns A mesh of its own arrays, and the further values of its vertices.
 *
 * @example
 * ```ts
 * import { gridMesh, thinMesh } from "./mesh.ts";
 * const { mesh } = thinMesh(gridMesh(4, 5), new Float32Array(20));
 * console.assert(mesh.rows === 3 && mesh.columns === 3);
 * ```
 */
export function thinMesh(
  mesh: Mesh,
  further: Float32Array,
): { mesh: Mesh; further: Float32Array } {
  const rows = everySecond(mesh.rows);
  const columns = everySecond(mesh.columns);
  const from = Uint16Array.from(
    rows.flatMap((r) => columns.map((c) => r * mesh.columns + c)),
  );
  const gather = (values: Float32Array, width = 1): Float32Array => {
    const out = new Float32Array(from.length * width);
    for (let i = 0; i < from.length; i++) {
      for (let k = 0; k < width; k++) {
        out[i * width + k] = values[from[i] * width + k];
      }
    }
    return out;
  };
  const thin: Mesh = {
    rows: rows.length,
    columns: columns.length,
    positions: gather(mesh.positions, 3),
    normals: gather(mesh.normals, 3),
    u: gather(mesh.u),
    v: gather(mesh.v),
    extra: gather(mesh.extra),
    triangles: gridTriangles(rows.length, columns.length),
  };
  return { mesh: thin, further: gather(further) };
}

function everySecond(count: number): number[] {
  const inner = Array.from({ length: count >> 1 }, (_, i) => 2 * i);
  return [...inner, count - 1];
}

/**
 * Sets a grid's normals from its positions: the cross product of the central differences along columns and rows.
 *
 * With columns running counter-clockwise (seen from above) and rows upward, the normals point outward.
 *
 * @param mesh Grid whose `normals` are overwritten.
 * @param closed Whether the first and the last column are the same seam.
 *
 * @example
 * ```ts
 * import { gridMesh, updateNormals } from "./mesh.ts";
 * const mesh = gridMesh(2, 2);
 * mesh.positions.set([0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0]);
 * updateNormals(mesh, false);
 * console.assert(mesh.normals[2] === 1);
 * ```
 */
export function updateNormals(mesh: Mesh, closed: boolean): void {
  const { rows, columns, positions: p, normals } = mesh;
  for (let r = 0; r < rows; r++) {
    const down = Math.max(r - 1, 0) * columns;
    const up = Math.min(r + 1, rows - 1) * columns;
    for (let c = 0; c < columns; c++) {
      let left = c - 1;
      let right = c + 1;
      if (left < 0) left = closed ? columns - 2 : 0;
      if (right >= columns) right = closed ? 1 : columns - 1;
      const i = (r * columns + c) * 3;
      const a = (r * columns + left) * 3;
      const b = (r * columns + right) * 3;
      const d = (down + c) * 3;
      const e = (up + c) * 3;
      const ax = p[b] - p[a],
        ay = p[b + 1] - p[a + 1],
        az = p[b + 2] - p[a + 2];
      const bx = p[e] - p[d],
        by = p[e + 1] - p[d + 1],
        bz = p[e + 2] - p[d + 2];
      const nx = ay * bz - az * by;
      const ny = az * bx - ax * bz;
      const nz = ax * by - ay * bx;
      const length = Math.sqrt(nx * nx + ny * ny + nz * nz) || 1;
      normals[i] = nx / length;
      normals[i + 1] = ny / length;
      normals[i + 2] = nz / length;
    }
  }
}

function gridTriangles(rows: number, columns: number): Uint16Array {
  const triangles = new Uint16Array((rows - 1) * (columns - 1) * 6);
  let t = 0;
  for (let r = 0; r + 1 < rows; r++) {
    for (let c = 0; c + 1 < columns; c++) {
      const a = r * columns + c;
      triangles[t++] = a;
      triangles[t++] = a + 1;
      triangles[t++] = a + columns;
      triangles[t++] = a + 1;
      triangles[t++] = a + columns + 1;
      triangles[t++] = a + columns;
    }
  }
  return triangles;
}

/**
 * Rasterising meshes into a buffer of surface attributes (deferred shading: what is seen is found first, painted later).
 *
 * @module
 */
import { type Camera, project } from "./camera.ts";
import type { Mesh } from "./mesh.ts";

/** Depth of pixels where nothing is. */
export const FAR = -1e9;

/** What is seen through each pixel. All arrays have `width * height` elements, row by row. */
export type SurfaceBuffer = {
  /** Columns. */
  width: number;
  /** Rows. */
  height: number;
  /** Depth, head units, larger is nearer; {@linkcode FAR} where nothing is. */
  depth: Float32Array;
  /** One of `MATERIAL`. */
  material: Uint8Array;
  /** First surface coordinate. */
  u: Float32Array;
  /** Second surface coordinate. */
  v: Float32Array;
  /** The mesh's further value. */
  extra: Float32Array;
  /** Normal to the right, in camera coordinates, not normalised. */
  nx: Float32Array;
  /** Normal upward. */
  ny: Float32Array;
  /** Normal to the viewer. */
  nz: Float32Array;
  /** 1 behind a lens of glasses. */
  lens: Uint8Array;
};

/** How a mesh is drawn. */
export interface DrawMeshOptions {
  /** From where. */
  camera: Camera;
  /** One of `MATERIAL`. */
  material: number;
  /** Draw both faces of a surface, with normals turned to the viewer. @default false */
  twoSided?: boolean;
  /** Tells from the attributes u, v, extra whether a pixel is a hole. @default no holes */
  hole?: (u: number, v: number, extra: number) => boolean;
  /** Units by which the mesh counts as nearer than it is, to draw a whole thing before or behind another. @default 0 */
  nearer?: number;
}

/**
 * A buffer in which nothing is seen.
 *
 * @param width Columns.
 * @param height Rows; as many unless given.
 * @returns A buffer of its own arrays.
 *
 * @example
 * ```ts
 * import { FAR, surfaceBuffer } from "./raster.ts";
 * console.assert(surfaceBuffer(4).depth[0] === FAR);
 * ```
 */
export function surfaceBuffer(
  width: number,
  height: number = width,
): SurfaceBuffer {
  const count = width * height;
  return {
    width,
    height,
    depth: new Float32Array(count).fill(FAR),
    material: new Uint8Array(count),
    u: new Float32Array(count),
    v: new Float32Array(count),
    extra: new Float32Array(count),
    nx: new Float32Array(count),
    ny: new Float32Array(count),
    nz: new Float32Array(count),
    lens: new Uint8Array(count),
  };
}

/**
 * Draws a mesh: nearer surfaces win, attributes are interpolated linearly over each triangle.
 *
 * @param buffer Buffer to draw into.
 * @param mesh What to draw.
 * @param options From where and how.
 *
 * @example
 * ```ts
 * import { gridMesh, MATERIAL, updateNormals } from "./mesh.ts";
 * import { drawMesh, surfaceBuffer } from "./raster.ts";
 * const mesh = gridMesh(2, 2);
 * mesh.positions.set([-1, -1, 0, 1, -1, 0, -1, 1, 0, 1, 1, 0]);
 * updateNormals(mesh, false);
 * const buffer = surfaceBuffer(4);
 * const camera = { rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1], scaleX: 4, scaleY: 4, centerX: 2, centerY: 2, distance: 9,
 *   pivotY: 0, pivotZ: 0 };
 * drawMesh(buffer, mesh, { camera, material: MATERIAL.skin });
 * console.assert(buffer.material[5] === MATERIAL.skin);
 * ```
 */
export function drawMesh(
  buffer: SurfaceBuffer,
  mesh: Mesh,
  options: DrawMeshOptions,
): void {
  const { camera, material, twoSided = false, hole, nearer = 0 } = options;
  const { width, height, depth } = buffer;
  const { material: materials, u: us, v: vs, extra: extras } = buffer;
  const { nx: nxs, ny: nys, nz: nzs } = buffer;
  const { u, v, extra, triangles } = mesh;
  const { sx, sy, sz, nx, ny, nz } = projectMesh(mesh, camera);
  for (let t = 0; t < triangles.length; t += 3) {
    const a = triangles[t], b = triangles[t + 1], c = triangles[t + 2];
    const ax = sx[a], ay = sy[a];
    const bx = sx[b], by = sy[b];
    const cx = sx[c], cy = sy[c];
    // Rows of pixels grow downward, so a front face has a negative area here.
    const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
    if (area > -1e-9 && (!twoSided || area < 1e-9)) continue;
    const x0 = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5));
    const x1 = Math.min(width - 1, Math.floor(Math.max(ax, bx, cx) - 0.5));
    if (x0 > x1) continue;
    const y0 = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5));
    const y1 = Math.min(height - 1, Math.floor(Math.max(ay, by, cy) - 0.5));
    // Shares of b and c are linear in the pixel, and every attribute is linear in them.
    const inverse = 1 / area;
    const bAcross = (cy - ay) * inverse, bDown = (ax - cx) * inverse;
    const cAcross = (ay - by) * inverse, cDown = (bx - ax) * inverse;
    const bz = sz[b] - sz[a], cz = sz[c] - sz[a];
    const az = sz[a] + nearer;
    const flip = area > 0 ? -1 : 1;
    const aAcross = -bAcross - cAcross;
    const bZero = -1 / bAcross, cZero = -1 / cAcross, aZero = -1 / aAcross;
    for (let y = y0; y <= y1; y++) {
      const py = y + 0.5 - ay;
      const bRow = py * bDown, cRow = py * cDown;
      const aRow = 1 - bRow - cRow;
      // The stretch of the row in which no share is negative.
      let from = x0 + 0.5 - ax, to = x1 + 0.5 - ax;
      if (bAcross > 0) from = Math.max(from, bRow * bZero);
      else if (bAcross < 0) to = Math.min(to, bRow * bZero);
      else if (bRow < 0) continue;
      if (cAcross > 0) from = Math.max(from, cRow * cZero);
      else if (cAcross < 0) to = Math.min(to, cRow * cZero);
      else if (cRow < 0) continue;
      if (aAcross > 0) from = Math.max(from, aRow * aZero);
      else if (aAcross < 0) to = Math.min(to, aRow * aZero);
      else if (aRow < 0) continue;
      const last = Math.floor(to + ax - 0.5);
      for (let x = Math.ceil(from + ax - 0.5); x <= last; x++) {
        const px = x + 0.5 - ax;
        const wb = px * bAcross + bRow;
        const wc = px * cAcross + cRow;
        const wa = 1 - wb - wc;
        const at = y * width + x;
        const z = az + wb * bz + wc * cz;
        if (z <= depth[at]) continue;
        const pu = wa * u[a] + wb * u[b] + wc * u[c];
        const pv = wa * v[a] + wb * v[b] + wc * v[c];
        const pe = wa * extra[a] + wb * extra[b] + wc * extra[c];
        if (hole !== undefined && hole(pu, pv, pe)) continue;
        depth[at] = z;
        materials[at] = material;
        us[at] = pu;
        vs[at] = pv;
        extras[at] = pe;
        nxs[at] = flip * (wa * nx[a] + wb * nx[b] + wc * nx[c]);
        nys[at] = flip * (wa * ny[a] + wb * ny[b] + wc * ny[c]);
        nzs[at] = flip * (wa * nz[a] + wb * nz[b] + wc * nz[c]);
      }
    }
  }
}

/** Pixel column, row and depth of each vertex, and its normal in camera coordinates. */
function projectMesh(mesh: Mesh, camera: Camera) {
  const { positions: p, normals: n } = mesh;
  const count = mesh.u.length;
  const [sx, sy, sz, nx, ny, nz] = Array.from(
    { length: 6 },
    () => new Float32Array(count),
  );
  const out = new Float32Array(3);
  const [r0, r1, r2, r3, r4, r5, r6, r7, r8] = camera.rotation;
  for (let i = 0, j = 0; i < count; i++, j += 3) {
    project(camera, p[j], p[j + 1], p[j + 2], out);
    sx[i] = out[0];
    sy[i] = out[1];
    sz[i] = out[2];
    const a = n[j], b = n[j + 1], c = n[j + 2];
    nx[i] = r0 * a + r1 * b + r2 * c;
    ny[i] = r3 * a + r4 * b + r5 * c;
    nz[i] = r6 * a + r7 * b + r8 * c;
  }
  return { sx, sy, sz, nx, ny, nz };
}

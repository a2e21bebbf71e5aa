import { assert, assertEquals } from "@std/assert";
import {
  gridMesh,
  MATERIAL,
  type Mesh,
  updateNormals,
} from "../../src/world/mesh.ts";
import { drawMesh, FAR, surfaceBuffer } from "../../src/world/raster.ts";

/** One pixel per unit from (-4, -4) at the bottom left; no visible perspective. */
const CAMERA = {
  rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  scaleX: 1,
  scaleY: 1,
  centerX: 4,
  centerY: 4 + 0.12,
  distance: 1e7,
  pivotY: -0.12,
  pivotZ: 0.12,
};

/** A square facing the viewer, from (-2, -2) to (2, 2), at a depth; u runs to the right, v upward, both from 0 to 1. */
function square(depth: number): Mesh {
  const mesh = gridMesh(2, 2);
  mesh.positions.set([-2, -2, depth, 2, -2, depth, -2, 2, depth, 2, 2, depth]);
  mesh.u.set([0, 1, 0, 1]);
  mesh.v.set([0, 0, 1, 1]);
  updateNormals(mesh, false);
  return mesh;
}

Deno.test("drawMesh() covers the pixels whose centres are inside, each once", () => {
  const buffer = surfaceBuffer(8);
  drawMesh(buffer, square(0), { camera: CAMERA, material: MATERIAL.skin });
  const covered = buffer.material.reduce((count, value) => count + value, 0);
  assertEquals(covered, 16 * MATERIAL.skin);
  assertEquals(buffer.material[2 * 8 + 2], MATERIAL.skin);
  assertEquals(buffer.material[1 * 8 + 2], MATERIAL.background);
  assertEquals(buffer.depth[0], FAR);
});

Deno.test("drawMesh() interpolates attributes linearly", () => {
  const buffer = surfaceBuffer(8);
  drawMesh(buffer, square(0), { camera: CAMERA, material: MATERIAL.skin });
  // The centre of pixel (3, 2) is 1.5 of 4 to the right and, as rows run downward, 3.5 of 4 up.
  const at = 2 * 8 + 3;
  assert(Math.abs(buffer.u[at] - 0.375) < 1e-5);
  assert(Math.abs(buffer.v[at] - 0.875) < 1e-5);
  assert(Math.abs(buffer.nz[at] - 1) < 1e-6);
});

Deno.test("nearer surfaces win, whatever the order", () => {
  for (const depths of [[0, 1], [1, 0]]) {
    const buffer = surfaceBuffer(8);
    for (const depth of depths) {
      drawMesh(buffer, square(depth), { camera: CAMERA, material: 1 + depth });
    }
    assertEquals(buffer.material[2 * 8 + 2], 2);
  }
});

Deno.test("back faces are left out unless the surface has two sides; then the normal turns", () => {
  const back = square(0);
  back.positions.set([2, -2, 0, -2, -2, 0, 2, 2, 0, -2, 2, 0]);
  updateNormals(back, false);
  assertEquals(back.normals[2], -1);
  const one = surfaceBuffer(8);
  drawMesh(one, back, { camera: CAMERA, material: MATERIAL.skin });
  assert(one.material.every((value) => value === MATERIAL.background));
  const two = surfaceBuffer(8);
  drawMesh(two, back, {
    camera: CAMERA,
    material: MATERIAL.skin,
    twoSided: true,
  });
  assertEquals(two.material[2 * 8 + 2], MATERIAL.skin);
  assert(Math.abs(two.nz[2 * 8 + 2] - 1) < 1e-6);
});

Deno.test("one sees through holes", () => {
  const buffer = surfaceBuffer(8);
  drawMesh(buffer, square(0), {
    camera: CAMERA,
    material: MATERIAL.hair,
    hole: (u) => u < 0.5,
  });
  assertEquals(buffer.material[3 * 8 + 2], MATERIAL.background);
  assertEquals(buffer.material[3 * 8 + 5], MATERIAL.hair);
});

import { assert, assertEquals } from "@std/assert";
import { ellipsoid, tube } from "../../src/world/solids.ts";

function vertices(values: Float32Array): number[][] {
  return Array.from(
    { length: values.length / 3 },
    (_, i) => [...values.subarray(3 * i, 3 * i + 3)],
  );
}

Deno.test("an upright tube has its half width along x, its half depth along z, and normals outward", () => {
  const mesh = tube(
    [0, 1, 2].map((y) => ({
      at: [5, y, 0] as const,
      width: 2,
      depth: 1,
    })),
    13,
  );
  for (const [x, , z] of vertices(mesh.positions)) {
    const radius = ((x - 5) / 2) ** 2 + z ** 2;
    assert(Math.abs(radius - 1) < 1e-5, `${radius}`);
  }
  // The middle column looks ahead.
  const front = 13 + 6;
  assertEquals(mesh.u[front], 0);
  assertEquals(mesh.v[front], 0.5);
  assert(Math.abs(mesh.positions[3 * front + 2] - 1) < 1e-6);
  vertices(mesh.normals).forEach((normal, i) => {
    const [x, , z] = vertices(mesh.positions)[i];
    assert(normal[0] * (x - 5) + normal[2] * z > 0.9);
  });
});

Deno.test("a tube's sections are square to its way", () => {
  // Along (0, 1, 1): the section of a thin tube has no extent that way.
  const mesh = tube([
    { at: [0, 0, 0], width: 1, depth: 1 },
    { at: [0, 3, 3], width: 1, depth: 1 },
  ], 9);
  vertices(mesh.positions).slice(0, 9).forEach(([, y, z]) => {
    assert(Math.abs(y + z) < 1e-5, `${y} ${z}`);
  });
});

Deno.test("an ellipsoid fulfils its equation, turned or not, and a square one fills more of its box", () => {
  for (const squareness of [2, 4]) {
    const mesh = ellipsoid([1, 2, 3], [0.5, 2, 1], { squareness });
    for (const [x, y, z] of vertices(mesh.positions)) {
      const sum = (Math.abs(x - 1) / 0.5) ** squareness +
        (Math.abs(y - 2) / 2) ** squareness + Math.abs(z - 3) ** squareness;
      assert(Math.abs(sum - 1) < 1e-4, `${sum}`);
    }
  }
  const turned = ellipsoid([0, 0, 0], [1, 1, 3], { turn: Math.PI / 2 });
  // The front, at z = 3 before, looks to +x.
  const front = 3 * 13 + 6;
  assert(Math.abs(turned.positions[3 * front] - 3) < 1e-5);
});

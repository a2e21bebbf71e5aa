import { assert } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { faceIdentity, faceNuisance } from "../../src/world/mod.ts";
import { headMesh, nearestVertex } from "../../src/world/head_mesh.ts";
import { HEAD_BASIS } from "../../src/world/head_basis.ts";
import { averageHead } from "../../src/world/head_profile.ts";

const random = randomStream(41);
const PERSON = faceIdentity(random);
const SHOT = faceNuisance(random);
for (const { name } of HEAD_BASIS) {
  if (name in PERSON) PERSON[name as keyof typeof PERSON] = 0;
  if (name in SHOT) SHOT[name as keyof typeof SHOT] = 0;
}

const TIP = nearestVertex(0, -0.37) * 3;
const CHIN = nearestVertex(0, -1) * 3;
const JAW = nearestVertex(0.5, -0.65) * 3;
const EYE = nearestVertex(0.28, 0.04) * 3;
const CORNER = nearestVertex(0.23, -0.62) * 3;

Deno.test("the average head is as its profile says, and mirror-symmetric", () => {
  const { mesh } = averageHead();
  const head = headMesh(PERSON, SHOT);
  assert(head.positions.every((value, i) => value === mesh.positions[i]));
  for (let row = 0; row < mesh.rows; row++) {
    for (let column = 0; column < mesh.columns; column++) {
      const i = (row * mesh.columns + column) * 3;
      const j = (row * mesh.columns + mesh.columns - 1 - column) * 3;
      assert(Math.abs(mesh.positions[i] + mesh.positions[j]) < 1e-6);
      assert(Math.abs(mesh.positions[i + 2] - mesh.positions[j + 2]) < 1e-6);
    }
  }
  // The tip of the nose stands out most.
  const farthest = mesh.positions.filter((_, i) => i % 3 === 2).reduce((a, b) =>
    Math.max(a, b)
  );
  assert(farthest - mesh.positions[TIP + 2] < 0.01);
});

Deno.test("normals have unit length and point outward on the face", () => {
  const { normals } = headMesh(PERSON, SHOT);
  for (let i = 0; i < normals.length; i += 3) {
    const length = Math.hypot(normals[i], normals[i + 1], normals[i + 2]);
    assert(Math.abs(length - 1) < 1e-5 || length === 0);
  }
  const forehead = nearestVertex(0, 0.4) * 3;
  assert(normals[forehead + 2] > 0.9);
  assert(normals[nearestVertex(1.08, 0) * 3] > 0.9);
});

Deno.test("shape parameters move what they are named after", () => {
  const rest = headMesh(PERSON, SHOT).positions;
  const moved = (change: Partial<typeof PERSON>): Float32Array =>
    headMesh({ ...PERSON, ...change }, SHOT).positions;
  assert(moved({ jawWidth: 2 })[JAW] > rest[JAW] + 0.02);
  assert(moved({ noseProtrusion: 2 })[TIP + 2] > rest[TIP + 2] + 0.03);
  assert(moved({ noseLength: 2 })[TIP + 1] < rest[TIP + 1] - 0.02);
  assert(moved({ chinLength: 2 })[CHIN + 1] < rest[CHIN + 1] - 0.05);
  assert(moved({ eyeSpacing: 2 })[EYE] > rest[EYE] + 0.02);
  assert(moved({ eyeHeight: -2 })[EYE + 1] < rest[EYE + 1] - 0.02);
});

Deno.test("a smile lifts and widens the corners of the mouth, an open mouth lowers the chin", () => {
  const rest = headMesh(PERSON, SHOT).positions;
  const smile = headMesh(PERSON, { ...SHOT, smile: 1 }).positions;
  const open = headMesh(PERSON, { ...SHOT, mouthOpen: 1 }).positions;
  assert(smile[CORNER] > rest[CORNER] && smile[CORNER + 1] > rest[CORNER + 1]);
  assert(open[CHIN + 1] < rest[CHIN + 1] - 0.08);
  assert(open[TIP + 1] === rest[TIP + 1]);
});

Deno.test("every field does something", () => {
  const rest = headMesh(PERSON, SHOT).positions;
  for (const { name } of HEAD_BASIS) {
    const positions =
      headMesh({ ...PERSON, [name]: 1 }, { ...SHOT, [name]: 1 }).positions;
    const most = positions.reduce(
      (worst, value, i) => Math.max(worst, Math.abs(value - rest[i])),
      0,
    );
    assert(most > 0.005 && most < 0.2, `${name} moves by ${most}`);
  }
});

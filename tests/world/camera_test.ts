import { assert } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { faceNuisance } from "../../src/world/mod.ts";
import { faceCamera, project } from "../../src/world/camera.ts";
import { assertClose } from "../support/assert_close.ts";

const FRONTAL = faceNuisance(randomStream(31), { poseRange: 0 });

function at(
  changes: Partial<typeof FRONTAL>,
  point: number[],
  part: "head" | "bust" = "head",
): Float32Array {
  const out = new Float32Array(3);
  const camera = faceCamera({ ...FRONTAL, ...changes }, 100, part);
  project(camera, point[0], point[1], point[2], out);
  return out;
}

Deno.test("the pivot is in the middle of a frontal picture", () => {
  assertClose(at({}, [0, -0.12, 0.12]), [50, 50, 0], 1e-4);
});

Deno.test("a head unit is side * scale / 2.35 pixels, stretched by the aspect and by nearness", () => {
  const unit = 100 * FRONTAL.scale / 2.35;
  const point = at({ aspect: 1.2 }, [1, 0.88, 0.12]);
  assertClose(point, [50 + 1.2 * unit, 50 - unit, 0], 1e-3);
  // At distance 8, a point 1 nearer is magnified 8 / 7.
  const near = at({ distance: 8, aspect: 1 }, [1, -0.12, 1.12]);
  assertClose(near, [50 + unit * 8 / 7, 50, 1], 1e-3);
});

Deno.test("yaw, pitch and roll turn as their signs say", () => {
  const nose = [0, -0.12, 1];
  assert(at({ yaw: 30 }, nose)[0] > 50);
  assert(at({ yaw: -30 }, nose)[0] < 50);
  assert(at({ pitch: 15 }, nose)[1] < 50);
  const crown = [0, 1, 0.12];
  assert(at({ roll: 12 }, crown)[0] > 50);
});

Deno.test("rotations are orthonormal", () => {
  const { rotation: r } = faceCamera(
    { ...FRONTAL, yaw: 33, pitch: -12, roll: 7 },
    64,
    "head",
  );
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      const dot = [0, 1, 2].reduce(
        (sum, k) => sum + r[3 * i + k] * r[3 * j + k],
        0,
      );
      assertClose(dot, i === j ? 1 : 0, 1e-12);
    }
  }
});

Deno.test("shoulders follow a turn partly and a nod not at all", () => {
  const chest = [0, -1.5, 0.6];
  const still = at({}, chest, "bust");
  const turned = at({ yaw: 40 }, chest, "bust");
  const nodded = at({ pitch: 15 }, chest, "bust");
  assert(turned[2] < still[2] && turned[2] > at({ yaw: 40 }, chest)[2]);
  assertClose(nodded[2], still[2], 1e-6);
});

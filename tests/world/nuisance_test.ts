import { assert, assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { faceNuisance } from "../../src/world/mod.ts";

const SHOTS = Array.from(
  { length: 400 },
  (_, i) => faceNuisance(randomStream(12, i)),
);

Deno.test("faceNuisance() draws the same circumstances from the same stream", () => {
  assertEquals(faceNuisance(randomStream(12, 3)), SHOTS[3]);
  assertEquals(JSON.parse(JSON.stringify(SHOTS[3])), SHOTS[3]);
});

Deno.test("faceNuisance() fills the stated ranges and stays in them", () => {
  const ranges = {
    yaw: [-45, 45],
    pitch: [-20, 20],
    roll: [-12, 12],
    scale: [0.95, 1.5],
    aspect: [0.85, 1.3],
    shiftX: [-0.12, 0.12],
    distance: [4, 14],
    smile: [-1, 1],
    mouthOpen: [0, 1],
    eyesClosed: [0, 1],
    lightAzimuth: [-90, 90],
    lightElevation: [-30, 70],
    lightStrength: [0, 1.6],
    ambient: [0.1, 1],
    backgroundR: [0, 1],
    clothesB: [0, 1],
    blur: [0, 0.02],
    noise: [0, 0.1],
    contrast: [0.6, 1.4],
    exposure: [-1, 1],
  } as const;
  for (const [name, [low, high]] of Object.entries(ranges)) {
    const values = SHOTS.map((shot) => shot[name as keyof typeof ranges]);
    assert(values.every((value) => value >= low && value <= high), name);
    const spread = Math.max(...values) - Math.min(...values);
    assert(spread > 0.3 * (high - low), `${name} spans only ${spread}`);
  }
});

Deno.test("a range of 0 takes a circumstance away", () => {
  for (let i = 0; i < 20; i++) {
    const shot = faceNuisance(randomStream(13, i), {
      poseRange: 0,
      expressionRange: 0,
      lightRange: 0,
      cameraRange: 0,
      grayscale: 1,
      plainBackground: 1,
    });
    assertEquals([
      Math.abs(shot.yaw),
      Math.abs(shot.pitch),
      Math.abs(shot.roll),
    ], [0, 0, 0]);
    assertEquals([Math.abs(shot.smile), shot.mouthOpen, Math.abs(shot.gazeX)], [
      0,
      0,
      0,
    ]);
    assertEquals([Math.abs(shot.lightAzimuth), shot.lightElevation], [0, 25]);
    assertEquals([
      shot.noise,
      shot.blur,
      shot.contrast,
      Math.abs(shot.exposure),
    ], [0, 0, 1, 0]);
    assertEquals([shot.grayscale, shot.backgroundShapes], [1, 0]);
  }
});

Deno.test("half the pose range gives half the angles", () => {
  const half = faceNuisance(randomStream(12, 3), { poseRange: 0.5 });
  assertEquals(half.yaw, SHOTS[3].yaw / 2);
});

Deno.test("grey-scale pictures come with the asked probability", () => {
  const count = SHOTS.filter((shot) => shot.grayscale === 1).length;
  // 400 draws at 0.35: mean 140, standard deviation 9.5.
  assert(Math.abs(count - 140) < 4 * 9.5);
});

Deno.test("faceNuisance() refuses ranges outside [0, 1]", () => {
  assertThrows(
    () => faceNuisance(randomStream(1), { poseRange: 1.5 }),
    RangeError,
    "Cannot draw circumstances as 'poseRange' must be in [0, 1]: current value is 1.5",
  );
  assertThrows(
    () => faceNuisance(randomStream(1), { grayscale: NaN }),
    RangeError,
    "'grayscale'",
  );
});

import { assert } from "@std/assert";
import {
  castShadows,
  faceLights,
  type Lights,
  shadePixel,
} from "../../src/world/lighting.ts";
import { randomStream } from "../../src/core/mod.ts";
import { faceNuisance } from "../../src/world/mod.ts";
import { blankPaint } from "../../src/world/paint.ts";
import { surfaceBuffer } from "../../src/world/raster.ts";
import { assertClose } from "../support/assert_close.ts";

const CAMERA = {
  rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  scaleX: 20,
  scaleY: 20,
  centerX: 20,
  centerY: 20,
  distance: 10,
  pivotY: -0.12,
  pivotZ: 0.12,
};

function lightsFrom(direction: [number, number, number]): Lights {
  return { direction, key: [1, 1, 1], ambient: [0, 0, 0] };
}

Deno.test("the light comes from where azimuth and elevation say", () => {
  const shot = faceNuisance(randomStream(1));
  const direction = (lightAzimuth: number, lightElevation: number): number[] =>
    faceLights({ ...shot, lightAzimuth, lightElevation }).direction;
  assertClose(direction(0, 0), [0, 0, 1]);
  assertClose(direction(-90, 0), [-1, 0, 0]);
  assertClose(direction(30, 60), [0.25, Math.sqrt(0.75), Math.sqrt(0.75) / 2]);
});

Deno.test("green light is reflectance times (n.l + 0.12) / 1.12, and none from behind", () => {
  const out = new Float32Array(3);
  const paint = { ...blankPaint(), r: 0.5, g: 0.5, b: 0.5 };
  shadePixel(paint, [0.6, 0, 0.8], 1, lightsFrom([0, 0, 1]), out);
  assertClose(out[1], 0.5 * 0.92 / 1.12, 1e-6);
  shadePixel(paint, [0, 0, -1], 1, lightsFrom([0, 0, 1]), out);
  assertClose(out, [0, 0, 0], 1e-6);
  shadePixel(paint, [0, 0, 1], 0, lightsFrom([0, 0, 1]), out);
  // In full shadow only the red tail of the skin is left: 0.5 * 0.3 * 0.25.
  assertClose(out, [0.0375, 0, 0], 1e-6);
});

Deno.test("a highlight stands where the normal halves the angle to the light", () => {
  const out = new Float32Array(3);
  const shiny = { ...blankPaint(), gloss: 0.5, shininess: 20 };
  // Light from 60 degrees at the right: the half vector is at 30 degrees.
  const lights = lightsFrom([Math.sin(Math.PI / 3), 0, 0.5]);
  shadePixel(shiny, [0.5, 0, Math.sqrt(0.75)], 1, lights, out);
  assertClose(out[1], 0.5, 1e-5);
  shadePixel(shiny, [0, 0, 1], 1, lights, out);
  assertClose(out[1], 0.5 * Math.sqrt(0.75) ** 20, 1e-5);
});

Deno.test("a wall casts its shadow away from the light", () => {
  const buffer = surfaceBuffer(40);
  buffer.depth.fill(0);
  for (let y = 0; y < 40; y++) {
    for (let x = 18; x < 22; x++) buffer.depth[y * 40 + x] = 0.3;
  }
  const shadows = castShadows(buffer, CAMERA, lightsFrom([0.8, 0, 0.6]));
  const at = (x: number): number => shadows[10 * 20 + x];
  assert(at(7) < 0.6, `in the wall's shadow: ${at(7)}`);
  assert(at(13) > 0.95, `before the wall: ${at(13)}`);
  const opposite = castShadows(buffer, CAMERA, lightsFrom([-0.8, 0, 0.6]));
  assert(opposite[10 * 20 + 7] > 0.95 && opposite[10 * 20 + 12] < 0.6);
});

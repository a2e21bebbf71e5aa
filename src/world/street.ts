/**
 * Where pedestrians walk: ground, walls, what stands around, and what stands in the way.
 *
 * @module
 */
import { hashUniform, smoothStep, valueNoise } from "./noise.ts";
import type { PedestrianNuisance } from "./pedestrian_nuisance.ts";

/** Things at the wall. */
const THINGS = 7;

/** Width of the place, in picture widths: pictures of one camera share it. */
const PLACE_WIDTH = 4;

/**
 * Makes the function that gives the light of the place at a point.
 *
 * @param nuisance Camera, and where along the place.
 * @returns A function of the point (both in [0, 1], from the left and from the top) that writes linear red, green, blue.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { pedestrianNuisance } from "@outis/outis/world";
 * import { streetLight } from "./street.ts";
 * const light = new Float32Array(3);
 * streetLight(pedestrianNuisance(randomStream(1), { camera: 1 }))(0.5, 0.9, light);
 * console.assert(light[0] > 0);
 * ```
 */
export function streetLight(
  nuisance: PedestrianNuisance,
): (x: number, y: number, out: Float32Array) => void {
  const { placeSeed: seed, along, elevation } = nuisance;
  const draw = (k: number, what: number) => hashUniform(seed % 4096, k, what);
  const horizon = 0.46 - elevation / 60;
  const tone = (k: number, low: number, high: number): number[] => {
    const light = low + (high - low) * draw(k, 1);
    return [0, 1, 2].map((i) => light * (0.85 + 0.3 * draw(k, 2 + i)));
  };
  const ground = tone(50, 0.08, 0.45);
  const wall = tone(60, 0.06, 0.6);
  const things = Array.from({ length: THINGS }, (_, k) => ({
    x: PLACE_WIDTH * draw(k, 11),
    width: 0.05 + 0.5 * draw(k, 12) ** 2,
    top: horizon - 0.45 + 0.5 * draw(k, 13),
    bottom: horizon + 0.02 + 0.12 * draw(k, 14),
    color: tone(k, 0.02, 0.7),
  }));
  const shift = along * (PLACE_WIDTH - 1);
  const tiles = draw(70, 1) < 0.5;
  const bright = 0.35 +
    0.65 * (nuisance.ambient + 0.4 * nuisance.lightStrength);
  const shadeX = 0.5 + nuisance.shiftX -
    0.12 * Math.sin(nuisance.lightAzimuth * Math.PI / 180);
  const shadeY = 0.955 + nuisance.shiftY;
  return (x, y, out) => {
    const px = x + shift;
    const isGround = smoothStep(horizon - 0.01, horizon + 0.01, y);
    const depth = 1 / Math.max(0.05, y - horizon + 0.08);
    let texture = 0.14 * valueNoise(px * 3 + seed % 97, y * 5) +
      0.1 * valueNoise(px * 17 + seed % 89, y * 26);
    if (tiles && isGround > 0) {
      const line = Math.abs((depth * 2.2) % 1 - 0.5);
      texture -= 0.12 * isGround * smoothStep(0.08, 0.02, line);
    }
    for (let c = 0; c < 3; c++) {
      out[c] = wall[c] + (ground[c] - wall[c]) * isGround;
    }
    for (const thing of things) {
      const across = Math.abs(px - thing.x) - thing.width / 2;
      if (across > 0.02) continue;
      const cover = smoothStep(0.015, -0.015, across) *
        smoothStep(thing.top - 0.01, thing.top + 0.01, y) *
        smoothStep(thing.bottom + 0.01, thing.bottom - 0.01, y);
      for (let c = 0; c < 3; c++) out[c] += (thing.color[c] - out[c]) * cover;
    }
    const sx = (x - shadeX) / 0.3, sy = (y - shadeY) / 0.03;
    const light = bright * Math.exp(texture) *
      (1 - 0.5 * Math.exp(-sx * sx - sy * sy));
    for (let c = 0; c < 3; c++) out[c] *= light;
  };
}

/**
 * Makes the function that lays what stands before a person over the light at a point: a railing, a post.
 *
 * @param nuisance What stands there.
 * @returns A function of the point (both in [0, 1]) that changes `out`.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { pedestrianNuisance } from "@outis/outis/world";
 * import { barrierLight } from "./street.ts";
 * const light = Float32Array.of(9, 9, 9);
 * const shot = { ...pedestrianNuisance(randomStream(1), { camera: 1 }), post: -0.5 };
 * barrierLight(shot)(0.1, 0.5, light);
 * console.assert(light[0] < 9);
 * ```
 */
export function barrierLight(
  nuisance: PedestrianNuisance,
): (x: number, y: number, out: Float32Array) => void {
  const { railing, post, seed } = nuisance;
  const value = 0.03 + 0.5 * hashUniform(seed, 5, 1) ** 2;
  const color = [0, 1, 2].map((i) =>
    value * (0.7 + 0.6 * hashUniform(seed, 6, i))
  );
  const bars = hashUniform(seed, 7, 1) < 0.4;
  return (x, y, out) => {
    let cover = 0;
    if (railing > 0 && y > 1 - railing) {
      cover = !bars || y < 1 - railing + 0.03 || (x * 7) % 1 < 0.4 ? 1 : 0;
    }
    if (post < 0 && x < -post || post > 0 && x > 1 - post) cover = 1;
    if (cover === 0) return;
    const texture = 1 + 0.15 * valueNoise(x * 9 + seed % 61, y * 14);
    for (let c = 0; c < 3; c++) out[c] = color[c] * texture;
  };
}

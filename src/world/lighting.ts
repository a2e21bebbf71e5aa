/**
 * Light: one directed source with soft shadows, light from everywhere, highlights.
 *
 * @module
 */
import type { Camera } from "./camera.ts";
import type { FaceNuisance } from "./nuisance.ts";
import type { Paint } from "./paint.ts";
import { FAR, type SurfaceBuffer } from "./raster.ts";
import { smoothStep } from "./noise.ts";

/** Steps of the march towards the light, and its length in head units. */
const MARCH_STEPS = 11;
const MARCH_LENGTH = 0.75;

/** An occluder farther before the surface than this (head units) is taken to be thin and casts no shadow. */
const OCCLUDER_DEPTH = 0.45;

/** The lights of a picture, in camera coordinates. */
export type Lights = {
  /** Direction to the source: right, up, to the viewer. Unit length. */
  direction: [number, number, number];
  /** Red, green, blue of the directed light. */
  key: [number, number, number];
  /** Red, green, blue of the light from everywhere. */
  ambient: [number, number, number];
};

/** What of the circumstances concerns the light. */
export type LightNuisance = Pick<
  FaceNuisance,
  | "lightAzimuth"
  | "lightElevation"
  | "lightStrength"
  | "ambient"
  | "temperature"
>;

/**
 * The lights of a picture.
 *
 * @param nuisance Which light.
 * @returns Direction and colours.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { faceLights } from "./lighting.ts";
 * import { faceNuisance } from "@outis/outis/world";
 * const shot = { ...faceNuisance(randomStream(1)), lightAzimuth: 90, lightElevation: 0 };
 * console.assert(faceLights(shot).direction[0] === 1);
 * ```
 */
export function faceLights(nuisance: LightNuisance): Lights {
  const azimuth = nuisance.lightAzimuth * Math.PI / 180;
  const elevation = nuisance.lightElevation * Math.PI / 180;
  const warm = nuisance.temperature;
  const tint = [1 + 0.12 * warm, 1, 1 - 0.2 * warm];
  const colored = (
    strength: number,
    share: number,
  ): [number, number, number] => [
    strength * (1 + share * (tint[0] - 1)),
    strength,
    strength * (1 + share * (tint[2] - 1)),
  ];
  return {
    direction: [
      Math.sin(azimuth) * Math.cos(elevation),
      Math.sin(elevation),
      Math.cos(azimuth) * Math.cos(elevation),
    ],
    key: colored(nuisance.lightStrength, 1),
    ambient: colored(nuisance.ambient, 0.4),
  };
}

/**
 * Shadows on what is seen: each second pixel looks towards the light through the depth buffer, then all is blurred.
 *
 * What the picture does not show casts no shadow; that is the price of not tracing rays.
 *
 * @param buffer What is seen; its sides must be even.
 * @param camera Gives the scale of the picture.
 * @param lights Where the light is.
 * @returns Share of the directed light that arrives, `[height / 2, width / 2]`, in [0, 1].
 *
 * @example
 * ```ts
 * import { castShadows, faceLights } from "./lighting.ts";
 * import { surfaceBuffer } from "./raster.ts";
 * const camera = { rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1], scaleX: 4, scaleY: 4, centerX: 2, centerY: 2, distance: 9,
 *   pivotY: 0, pivotZ: 0 };
 * const shadows = castShadows(surfaceBuffer(8), camera, { direction: [0, 0, 1], key: [1, 1, 1], ambient: [0, 0, 0] });
 * console.assert(shadows.length === 16 && shadows[0] === 1);
 * ```
 */
export function castShadows(
  buffer: SurfaceBuffer,
  camera: Camera,
  lights: Lights,
): Float32Array {
  const { width, height, depth } = buffer;
  const columns = width >> 1;
  const rows = height >> 1;
  const raw = new Float32Array(rows * columns).fill(1);
  const [lx, ly, lz] = lights.direction;
  const step = MARCH_LENGTH / MARCH_STEPS;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const start = 2 * row * width + 2 * column;
      const z0 = depth[start];
      if (z0 === FAR) continue;
      let blocked = 0;
      for (let k = 1; k <= MARCH_STEPS; k++) {
        // Steps grow, so that what is near is looked at closely.
        const t = step * k * (0.35 + 0.65 * k / MARCH_STEPS);
        const x = (2 * column + camera.scaleX * lx * t + 0.5) | 0;
        const y = (2 * row - camera.scaleY * ly * t + 0.5) | 0;
        if (x < 0 || y < 0 || x >= width || y >= height) break;
        const over = depth[y * width + x] - (z0 + lz * t) - 0.015;
        if (over > 0 && over < OCCLUDER_DEPTH) {
          const cover = smoothStep(0, 0.05 + 0.1 * t, over) *
            smoothStep(OCCLUDER_DEPTH, 0.6 * OCCLUDER_DEPTH, over);
          if (cover > blocked) blocked = cover;
        }
      }
      raw[row * columns + column] = 1 - 0.72 * blocked;
    }
  }
  return blur3(raw, columns, rows);
}

/**
 * Lights one painted pixel.
 *
 * L = a (A + K s max(0, n·l wrapped)) + gloss K s max(0, n·h)^m, with a reddish tail of the wrap as under skin.
 *
 * @param paint What is there.
 * @param normal Unit normal in camera coordinates: right, up, to the viewer.
 * @param shadow Share of the directed light that arrives.
 * @param lights The lights.
 * @param out Receives linear red, green, blue.
 *
 * @example
 * ```ts
 * import { shadePixel } from "./lighting.ts";
 * import { blankPaint } from "./paint.ts";
 * const out = new Float32Array(3);
 * const lights = { direction: [0, 0, 1], key: [1, 1, 1], ambient: [0, 0, 0] };
 * shadePixel({ ...blankPaint(), g: 0.5 }, [0, 0, 1], 1, lights as never, out);
 * console.assert(Math.abs(out[1] - 0.5) < 1e-6);
 * ```
 */
export function shadePixel(
  paint: Paint,
  normal: [number, number, number],
  shadow: number,
  lights: Lights,
  out: Float32Array,
): void {
  const [nx, ny, nz] = normal;
  const { direction: l, key, ambient } = lights;
  const facing = nx * l[0] + ny * l[1] + nz * l[2];
  const lit = Math.max(0, (facing + 0.12) / 1.12) * shadow;
  const deep = Math.max(0, (facing + 0.3) / 1.3) * (0.25 + 0.75 * shadow);
  // The sky is brighter than the ground, and grazing surfaces see less of either.
  const sky = paint.ambient * (0.72 + 0.28 * ny) * (0.7 + 0.3 * nz);
  let shine = 0;
  if (paint.gloss > 0.005 && facing > 0) {
    const hz = l[2] + 1;
    const norm = Math.sqrt(l[0] * l[0] + l[1] * l[1] + hz * hz);
    const toHalf = (nx * l[0] + ny * l[1] + nz * hz) / norm;
    if (toHalf > 0) shine = paint.gloss * shadow * toHalf ** paint.shininess;
  }
  out[0] = paint.r * (ambient[0] * sky + key[0] * (0.7 * lit + 0.3 * deep)) +
    shine * key[0];
  out[1] = paint.g * (ambient[1] * sky + key[1] * lit) + shine * key[1];
  out[2] = paint.b * (ambient[2] * sky + key[2] * lit) + shine * key[2];
}

/** Blurs by a 3 by 3 binomial kernel, edges repeated. */
function blur3(
  image: Float32Array,
  width: number,
  height: number,
): Float32Array {
  const across = new Float32Array(image.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const left = y * width + Math.max(0, x - 1);
      const right = y * width + Math.min(width - 1, x + 1);
      across[y * width + x] = 0.25 * image[left] + 0.5 * image[y * width + x] +
        0.25 * image[right];
    }
  }
  const out = new Float32Array(image.length);
  for (let y = 0; y < height; y++) {
    const up = Math.max(0, y - 1) * width;
    const down = Math.min(height - 1, y + 1) * width;
    for (let x = 0; x < width; x++) {
      out[y * width + x] = 0.25 * across[up + x] + 0.5 * across[y * width + x] +
        0.25 * across[down + x];
    }
  }
  return out;
}

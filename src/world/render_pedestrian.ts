/**
 * The picture of a pedestrian under given circumstances.
 *
 * @module
 */
import { randomStream } from "../core/mod.ts";
import { bodyParts } from "./body.ts";
import { type Camera, turnMatrix } from "./camera.ts";
import { clothPainters } from "./clothes.ts";
import { faceLights, shadePixel } from "./lighting.ts";
import { blankPaint, type Painter } from "./paint.ts";
import {
  type PedestrianIdentity,
  pedestrianIdentity,
} from "./pedestrian_identity.ts";
import type { PedestrianNuisance } from "./pedestrian_nuisance.ts";
import { drawMesh, type SurfaceBuffer, surfaceBuffer } from "./raster.ts";
import { coarsen, developPicture } from "./sensor.ts";
import { barrierLight, streetLight } from "./street.ts";

/** Share of the box that a body fills at scale 1. */
const FILL = 0.92;

/** Distance of the viewer, statures. */
const DISTANCE = 5;

/** Statures from one passer-by to the next at `companion` 1. */
const BESIDE = 0.28;

/** Parts of the other passer-by are numbered from here on. */
const OTHER = 32;

/** Options of {@linkcode renderPedestrian}. */
export interface RenderPedestrianOptions {
  /** Rows of the picture, at least 16. @default 64 */
  height?: number;
  /** Columns, at least 8. @default half as many as rows */
  width?: number;
}

/**
 * Renders a pedestrian: meshes are rasterised at twice the size, painted, lit, averaged down, seen by the camera.
 *
 * A pure function: equal arguments give equal pixels, bit for bit.
 *
 * @param identity Who.
 * @param nuisance Under which circumstances.
 * @param options How large; bodies are stretched where the width is not half the height.
 * @returns Red, green, blue, `[height, width, 3]`, in [-1, 1], display gamma.
 * @throws {RangeError} If a size is no whole number or too small.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { pedestrianIdentity, pedestrianNuisance, renderPedestrian } from "@outis/outis/world";
 * const random = randomStream(7);
 * const shot = pedestrianNuisance(random, { camera: 1 });
 * const picture = renderPedestrian(pedestrianIdentity(random), shot, { height: 32 });
 * console.assert(picture.length === 32 * 16 * 3);
 * ```
 */
export function renderPedestrian(
  identity: PedestrianIdentity,
  nuisance: PedestrianNuisance,
  options: RenderPedestrianOptions = {},
): Float32Array {
  const { height = 64, width = Math.round(height / 2) } = options;
  for (
    const [name, value, least] of [["height", height, 16], ["width", width, 8]]
  ) {
    if (!(Number.isInteger(value) && value >= least)) {
      throw new RangeError(
        `Cannot render a pedestrian as '${name}' must be an integer of at least ${least}: current value is ${value}`,
      );
    }
  }
  const buffer = surfaceBuffer(2 * width, 2 * height);
  const painters: Painter[] = [];
  drawBody(buffer, painters, { identity, nuisance, first: 0 });
  if (nuisance.companion !== 0) {
    const random = randomStream(nuisance.seed, "companion");
    drawBody(buffer, painters, {
      identity: pedestrianIdentity(random),
      nuisance: {
        ...nuisance,
        phase: random.uniform(),
        yaw: nuisance.yaw + 40 * (random.uniform() - 0.5),
      },
      first: OTHER,
      beside: BESIDE * nuisance.companion,
    });
  }
  const light = shade(buffer, painters, nuisance);
  const picture = developPicture(light, {
    width,
    height,
    nuisance: { ...nuisance, noiseSeed: nuisance.seed, grayscale: 0 },
  });
  return coarsen(picture, { width, height, factor: nuisance.coarseness });
}

function drawBody(
  buffer: SurfaceBuffer,
  painters: Painter[],
  { identity, nuisance, first, beside = 0 }: {
    identity: PedestrianIdentity;
    nuisance: PedestrianNuisance;
    first: number;
    beside?: number;
  },
): void {
  const scaleY = buffer.height * FILL * nuisance.scale;
  const scaleX = scaleY * nuisance.aspect * 2 * buffer.width / buffer.height;
  const camera: Camera = {
    // Whoever looks down sees people nod.
    rotation: turnMatrix(nuisance.yaw, -nuisance.elevation, 0),
    scaleX,
    scaleY,
    centerX: buffer.width * (0.5 + nuisance.shiftX) + beside * scaleX,
    centerY: buffer.height * (0.5 + nuisance.shiftY),
    distance: DISTANCE,
    pivotY: 0.5,
    pivotZ: 0,
  };
  // Drawn first, the person is hidden by whoever is nearer only.
  const nearer = beside === 0 ? 0 : nuisance.companionFront > 0.5 ? 1 : -1;
  for (const { part, mesh, hole } of bodyParts(identity, nuisance)) {
    drawMesh(buffer, mesh, {
      camera,
      material: first + part,
      twoSided: hole !== undefined,
      hole,
      nearer,
    });
  }
  clothPainters(identity).forEach((painter, part) => {
    painters[first + part] = painter;
  });
}

/** Paints and lights every pixel; returns linear light as the camera responds to it, `[height, width, 3]`. */
function shade(
  buffer: SurfaceBuffer,
  painters: Painter[],
  nuisance: PedestrianNuisance,
): Float32Array {
  const { width, height, material, u, v, nx, ny, nz } = buffer;
  const light = new Float32Array(width * height * 3);
  const out = new Float32Array(3);
  const paint = blankPaint();
  const normal: [number, number, number] = [0, 0, 1];
  const lights = faceLights(nuisance);
  const street = streetLight(nuisance);
  const barrier = barrierLight(nuisance);
  const { redGain, blueGain, saturation } = nuisance;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const px = (x + 0.5) / width, py = (y + 0.5) / height;
      const painter = painters[material[at]];
      if (painter === undefined) {
        street(px, py, out);
      } else {
        paint.ambient = 1;
        painter(u[at], v[at], paint);
        const length = Math.hypot(nx[at], ny[at], nz[at]) || 1;
        normal[0] = nx[at] / length;
        normal[1] = ny[at] / length;
        normal[2] = nz[at] / length;
        shadePixel(paint, normal, 1, lights, out);
      }
      barrier(px, py, out);
      const grey = 0.3 * out[0] + 0.6 * out[1] + 0.1 * out[2];
      light[at * 3] = redGain *
        Math.max(0, grey + saturation * (out[0] - grey));
      light[at * 3 + 1] = Math.max(0, grey + saturation * (out[1] - grey));
      light[at * 3 + 2] = blueGain *
        Math.max(0, grey + saturation * (out[2] - grey));
    }
  }
  return light;
}

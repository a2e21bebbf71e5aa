/**
 * The picture of a person under given circumstances.
 *
 * @module
 */
import { aged } from "./ageing.ts";
import { backgroundLight } from "./background.ts";
import { beardPainter } from "./beard.ts";
import { bustMesh, bustPainter } from "./bust.ts";
import { faceCamera } from "./camera.ts";
import { earMesh, earPainter } from "./ears.ts";
import { browPainter, eyePainter } from "./eyes.ts";
import { drawGlasses } from "./glasses.ts";
import { hairColor, hairHoles, hairMesh, hairPainter } from "./hair.ts";
import { headAngles, headMesh, thinHead } from "./head_mesh.ts";
import type { FaceIdentity } from "./identity.ts";
import {
  castShadows,
  faceLights,
  type Lights,
  shadePixel,
} from "./lighting.ts";
import { MATERIAL } from "./mesh.ts";
import { mouthPainter } from "./mouth.ts";
import type { FaceNuisance } from "./nuisance.ts";
import { maskPainter, occluderLight } from "./occluder.ts";
import { blankPaint, type Painter } from "./paint.ts";
import { drawMesh, type SurfaceBuffer, surfaceBuffer } from "./raster.ts";
import { developPicture, meterSkin } from "./sensor.ts";
import { skinPainter, skinTone } from "./skin.ts";

/** Smallest side: below it a face is not a face. */
const SMALLEST = 16;

/** Side from which on every vertex of a head is drawn; below, each second row and column is as fine as the pixels. */
const FINE_SIZE = 100;

/** Options of {@linkcode renderFace}. */
export interface RenderFaceOptions {
  /** Side of the picture, pixels, at least 16. @default 64 */
  size?: number;
}

/**
 * Renders a face: meshes are rasterised at twice the size, painted, lit, averaged down and developed.
 *
 * A pure function: equal arguments give equal pixels, bit for bit.
 *
 * @param person Who.
 * @param nuisance Under which circumstances.
 * @param options How large.
 * @returns Red, green, blue, `[size, size, 3]`, in [-1, 1], display gamma.
 * @throws {RangeError} If `size` is not an integer of at least 16.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { faceIdentity, faceNuisance, renderFace } from "@outis/outis/world";
 * const random = randomStream(7);
 * const picture = renderFace(faceIdentity(random), faceNuisance(random), { size: 32 });
 * console.assert(picture.length === 32 * 32 * 3);
 * ```
 */
export function renderFace(
  person: FaceIdentity,
  nuisance: FaceNuisance,
  options: RenderFaceOptions = {},
): Float32Array {
  const { size = 64 } = options;
  if (!Number.isInteger(size) || size < SMALLEST) {
    throw new RangeError(
      `Cannot render a face as 'size' must be an integer of at least ${SMALLEST}: current value is ${size}`,
    );
  }
  const identity = aged(person, nuisance.ageing);
  const buffer = surfaceBuffer(size * 2);
  const camera = faceCamera(nuisance, buffer.width, "head");
  const head = headMesh(identity, nuisance);
  const surface = size < FINE_SIZE
    ? thinHead(head)
    : { mesh: head, angles: headAngles() };
  drawMesh(buffer, surface.mesh, { camera, material: MATERIAL.skin });
  for (const side of [-1, 1] as const) {
    drawMesh(buffer, earMesh(head, identity, side), {
      camera,
      material: MATERIAL.ear,
      twoSided: true,
    });
  }
  if (identity.hair >= 0.5) {
    drawMesh(buffer, hairMesh(surface, identity), {
      camera,
      material: MATERIAL.hair,
      twoSided: true,
      hole: hairHoles(identity),
    });
  }
  drawMesh(buffer, bustMesh(identity), {
    camera: faceCamera(nuisance, buffer.width, "bust"),
    material: MATERIAL.bust,
  });
  if (nuisance.glassesOff < 0.5) {
    drawGlasses(buffer, head, { identity, camera });
  }

  const lights = faceLights(nuisance);
  const shadows = castShadows(buffer, camera, lights);
  const light = shade(
    buffer,
    facePainters(identity, nuisance),
    shadows,
    lights,
    nuisance,
    camera.rotation,
  );
  const meter = meterSkin(skinTone(identity), nuisance);
  return developPicture(light, { width: size, height: size, nuisance, meter });
}

/** One painter per material, by number; none for the background. */
function facePainters(
  identity: FaceIdentity,
  nuisance: FaceNuisance,
): (Painter | undefined)[] {
  const skin = skinPainter(identity, nuisance);
  const hair = hairColor(identity);
  const brows = browPainter(
    identity,
    hair.map((value) => 0.015 + 0.55 * value),
  );
  const beard = beardPainter(identity, hair.map((value) => 0.01 + 0.8 * value));
  const eyes = eyePainter(identity, nuisance);
  const mouth = mouthPainter(identity, nuisance);
  const ear = earPainter(identity);
  const mask = maskPainter(nuisance);
  const frame = [0, 1, 2].map((i) =>
    0.35 * (1 - identity.glassesDarkness) * [1, 0.9, 0.75][i] + 0.015
  );
  const painters: (Painter | undefined)[] = [];
  painters[MATERIAL.skin] = (u, v, paint) => {
    skin(u, v, paint);
    if (v < 0.1) {
      beard(u, v, paint);
      mouth(u, v, paint);
    }
    if (v > -0.25 && v < 0.4) {
      eyes(u, v, paint);
      brows(u, v, paint);
    }
    mask(u, v, paint);
  };
  painters[MATERIAL.ear] = (u, v, paint) => {
    skin(0.9, -0.1 + 0.2 * v, paint);
    ear(u, v, paint);
  };
  painters[MATERIAL.hair] = hairPainter(identity);
  painters[MATERIAL.bust] = bustPainter(identity, nuisance, skin);
  painters[MATERIAL.frame] = (_u, _v, paint) => {
    [paint.r, paint.g, paint.b] = frame;
    paint.gloss = 0.35;
    paint.shininess = 24;
  };
  return painters;
}

/**
 * Paints and lights every pixel; returns linear light, `[side, side, 3]`.
 *
 * What is seen is known at twice the picture's side, and skin is painted at that. Where two by two pixels show one other
 * surface, their middle is painted for all four: cloth, hair and background have no features that small.
 */
function shade(
  buffer: SurfaceBuffer,
  painters: (Painter | undefined)[],
  shadows: Float32Array,
  lights: Lights,
  nuisance: FaceNuisance,
  rotation: number[],
): Float32Array {
  const { width: side, material, lens } = buffer;
  const half = side >> 1;
  const light = new Float32Array(side * side * 3);
  const out = new Float32Array(3);
  const paint = blankPaint();
  const normal: [number, number, number] = [0, 0, 1];
  const background = backgroundLight(nuisance);
  const occluder = occluderLight(nuisance);

  const paintAt = (at: number, x: number, y: number, shadow: number): void => {
    const painter = painters[material[at]];
    if (painter === undefined) {
      background(x / side, y / side, out);
    } else {
      paint.tiltX = 0;
      paint.tiltY = 0;
      paint.ambient = buffer.extra[at];
      if (material[at] !== MATERIAL.skin) paint.ambient = 1;
      painter(buffer.u[at], buffer.v[at], paint);
      const { tiltX, tiltY } = paint;
      const nx = buffer.nx[at] + rotation[0] * tiltX + rotation[1] * tiltY;
      const ny = buffer.ny[at] + rotation[3] * tiltX + rotation[4] * tiltY;
      const nz = buffer.nz[at] + rotation[6] * tiltX + rotation[7] * tiltY;
      const length = Math.sqrt(nx * nx + ny * ny + nz * nz) || 1;
      normal[0] = nx / length;
      normal[1] = ny / length;
      normal[2] = nz / length;
      shadePixel(paint, normal, shadow, lights, out);
      if (lens[at] === 1) {
        const streak = 0.5 + 0.5 * Math.sin((x + y - 1) / side * 38);
        const glare = 0.3 * nuisance.glare * nuisance.lightStrength * streak;
        for (let c = 0; c < 3; c++) out[c] = 0.86 * out[c] + glare;
      }
    }
    occluder(x / side, y / side, out);
    light[at * 3] = out[0];
    light[at * 3 + 1] = out[1];
    light[at * 3 + 2] = out[2];
  };

  for (let row = 0; row < half; row++) {
    for (let column = 0; column < half; column++) {
      const shadow = shadows[row * half + column];
      const at = 2 * row * side + 2 * column;
      const x = 2 * column, y = 2 * row;
      if (mergeBlock(buffer, at)) {
        paintAt(at, x + 1, y + 1, shadow);
        copyPixel(light, at, at + 1);
        copyPixel(light, at, at + side);
        copyPixel(light, at, at + side + 1);
      } else {
        paintAt(at, x + 0.5, y + 0.5, shadow);
        paintAt(at + 1, x + 1.5, y + 0.5, shadow);
        paintAt(at + side, x + 0.5, y + 1.5, shadow);
        paintAt(at + side + 1, x + 1.5, y + 1.5, shadow);
      }
    }
  }
  return light;
}

function copyPixel(light: Float32Array, from: number, to: number): void {
  light[3 * to] = light[3 * from];
  light[3 * to + 1] = light[3 * from + 1];
  light[3 * to + 2] = light[3 * from + 2];
}

/** Largest difference of surface coordinates within a block: beyond it lies a seam. */
const SEAM = 1;

/** Whether skin has features finer than a pixel: eyes, nostrils and mouth. */
function hasDetail(u: number, v: number): boolean {
  const across = u < 0 ? -u : u;
  return v > -0.15
    ? v < 0.12 && across > 0.1 && across < 0.48
    : v < -0.34 && v > -0.78 && across < 0.3;
}

/** Averages a block of two by two into its first pixel where one surface fills it; tells whether it did. */
function mergeBlock(buffer: SurfaceBuffer, first: number): boolean {
  const { width, material, lens, u, v, nx, ny, nz, extra } = buffer;
  const kind = material[first];
  const second = first + 1, third = first + width, fourth = third + 1;
  if (
    lens[first] === 1 || kind !== material[second] ||
    kind !== material[third] || kind !== material[fourth]
  ) return false;
  if (kind === MATERIAL.background) return true;
  if (kind === MATERIAL.skin && hasDetail(u[first], v[first])) return false;
  const spread = Math.max(
    Math.abs(u[first] - u[fourth]),
    Math.abs(u[second] - u[third]),
  );
  if (spread > SEAM) return false;
  u[first] = 0.25 * (u[first] + u[second] + u[third] + u[fourth]);
  v[first] = 0.25 * (v[first] + v[second] + v[third] + v[fourth]);
  nx[first] = 0.25 * (nx[first] + nx[second] + nx[third] + nx[fourth]);
  ny[first] = 0.25 * (ny[first] + ny[second] + ny[third] + ny[fourth]);
  nz[first] = 0.25 * (nz[first] + nz[second] + nz[third] + nz[fourth]);
  extra[first] = 0.25 *
    (extra[first] + extra[second] + extra[third] + extra[fourth]);
  return true;
}

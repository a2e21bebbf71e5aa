/**
 * What hides part of a face: a mask worn, or something held before it.
 *
 * @module
 */
import type { FaceNuisance } from "./nuisance.ts";
import { hashUniform, smoothStep, valueNoise } from "./noise.ts";
import { mix, type Painter } from "./paint.ts";

/** Where a mask's upper edge runs: over the nose, and at the ears. */
const MASK_TOP = -0.2;
const MASK_FALL = 0.28;

/**
 * Makes the painter of a mask over nose and mouth, to be laid over finished skin.
 *
 * @param nuisance Tells by `mask` whether there is one, and by `occluderSeed` which.
 * @returns A painter over the face's surface coordinates.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { maskPainter } from "./occluder.ts";
 * import { blankPaint } from "./paint.ts";
 * import { faceNuisance } from "@outis/outis/world";
 * const paint = blankPaint();
 * maskPainter({ ...faceNuisance(randomStream(1)), mask: 1 })(0, -0.6, paint);
 * console.assert(paint.r + paint.g + paint.b > 0);
 * ```
 */
export function maskPainter(nuisance: FaceNuisance): Painter {
  const { mask, occluderSeed } = nuisance;
  const color = clothColor(occluderSeed);
  return (u, v, paint) => {
    if (mask < 0.5) return;
    const a = u < 0 ? -u : u;
    const top = MASK_TOP - MASK_FALL * a * a;
    const cover = smoothStep(0, -0.03, v - top) * smoothStep(1.02, 0.96, a) *
      smoothStep(-1.02, -0.96, v);
    if (cover <= 0) return;
    // Pleats run across.
    const pleat = 0.92 + 0.08 * Math.sin(v * 45);
    mix(paint, cover, color.map((value) => value * pleat));
    paint.gloss *= 1 - cover;
  };
}

/**
 * Makes the function that tells what is held before the picture at a point.
 *
 * @param nuisance How far it reaches in (`occluder`), whence, and what it is.
 * @returns A function of the point (both in [0, 1], from the left and from the top) that mixes linear light into `out`.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { faceNuisance } from "@outis/outis/world";
 * import { occluderLight } from "./occluder.ts";
 * const light = Float32Array.of(9, 9, 9);
 * const shot = { ...faceNuisance(randomStream(1)), occluder: 1, occluderAngle: 0 };
 * occluderLight(shot)(0.99, 0.5, light);
 * console.assert(light[0] < 9);
 * ```
 */
export function occluderLight(
  nuisance: FaceNuisance,
): (x: number, y: number, out: Float32Array) => void {
  const { occluder, occluderAngle, occluderSeed: seed } = nuisance;
  const angle = occluderAngle * Math.PI / 180;
  const dx = Math.cos(angle), dy = Math.sin(angle);
  const color = clothColor(seed);
  const offset = seed % 97;
  // At the strongest it comes to just beyond the middle.
  const edge = 0.52 - 0.45 * occluder;
  const halfWidth = 0.14 + 0.3 * hashUniform(seed, 4, 3);
  const bright = 0.4 + 0.6 * (nuisance.ambient + 0.5 * nuisance.lightStrength);
  return (x, y, out) => {
    if (occluder <= 0) return;
    const along = (x - 0.5) * dx + (y - 0.5) * dy;
    const across = (y - 0.5) * dx - (x - 0.5) * dy;
    // A rounded end.
    const bend = 0.5 * across * across / halfWidth;
    const cover = smoothStep(edge - 0.01, edge + 0.01, along - bend) *
      smoothStep(halfWidth + 0.01, halfWidth - 0.01, Math.abs(across));
    if (cover <= 0) return;
    const grain = bright *
      (1 + 0.15 * valueNoise(12 * along + offset, 12 * across));
    for (let c = 0; c < 3; c++) out[c] += (color[c] * grain - out[c]) * cover;
  };
}

function clothColor(seed: number): number[] {
  const light = 0.06 + 0.7 * hashUniform(seed, 1, 3) ** 2;
  return [0, 1, 2].map((i) =>
    light * (0.6 + 0.8 * hashUniform(seed, 2 + i, 9))
  );
}

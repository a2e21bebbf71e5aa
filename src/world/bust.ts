/**
 * Neck, shoulders and clothes.
 *
 * @module
 */
import type { FaceIdentity } from "./identity.ts";
import type { FaceNuisance } from "./nuisance.ts";
import { gridMesh, type Mesh, updateNormals } from "./mesh.ts";
import { blankPaint, darken, mix, type Paint, type Painter } from "./paint.ts";
import { smoothStep, valueNoise } from "./noise.ts";

/** Cross-sections from below: y, half width, front z, back z. */
const SECTIONS = [
  [-2.80, 1.40, 0.42, -0.75],
  [-2.20, 1.36, 0.40, -0.75],
  [-1.85, 1.28, 0.34, -0.72],
  [-1.62, 1.10, 0.25, -0.68],
  [-1.48, 0.85, 0.17, -0.64],
  [-1.36, 0.66, 0.11, -0.60],
  [-1.24, 0.51, 0.09, -0.57],
  [-1.10, 0.45, 0.10, -0.55],
  [-0.90, 0.44, 0.11, -0.54],
  [-0.70, 0.44, 0.08, -0.54],
  [-0.45, 0.44, 0.00, -0.54],
];

const COLUMNS = 33;

/**
 * Builds neck and shoulders.
 *
 * @param identity Who.
 * @returns A mesh whose `u` is the angle around the body (radians, 0 in front) and whose `v` is the height y.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { bustMesh } from "./bust.ts";
 * import { faceIdentity } from "@outis/outis/world";
 * console.assert(bustMesh(faceIdentity(randomStream(1))).v[0] < -2);
 * ```
 */
export function bustMesh(identity: FaceIdentity): Mesh {
  const mesh = gridMesh(SECTIONS.length, COLUMNS);
  SECTIONS.forEach(([y, width, front, back], row) => {
    const neck = smoothStep(-1.7, -1.2, y);
    const wide = width *
      (1 + 0.05 * identity.neckWidth * (0.4 + 0.6 * neck) +
        0.02 * identity.headWidth);
    for (let column = 0; column < COLUMNS; column++) {
      const i = row * COLUMNS + column;
      const angle = -Math.PI + 2 * Math.PI * column / (COLUMNS - 1);
      const middle = (front + back) / 2;
      mesh.positions[i * 3] = wide * Math.sin(angle);
      mesh.positions[i * 3 + 1] = y;
      mesh.positions[i * 3 + 2] = middle + (front - back) / 2 * Math.cos(angle);
      mesh.u[i] = angle;
      mesh.v[i] = y;
    }
  });
  updateNormals(mesh, true);
  return mesh;
}

/**
 * Makes the painter of neck and clothes.
 *
 * @param identity Who.
 * @param nuisance Which clothes.
 * @param skin Painter of the bare skin.
 * @returns A painter over angle and height.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { bustPainter } from "./bust.ts";
 * import { faceIdentity, faceNuisance } from "@outis/outis/world";
 * import { blankPaint } from "./paint.ts";
 * const random = randomStream(1);
 * const shot = { ...faceNuisance(random), clothesG: 1, stripes: 0 };
 * const paint = blankPaint();
 * bustPainter(faceIdentity(random), shot, () => {})(0, -2.5, paint);
 * console.assert(paint.g > 0.5);
 * ```
 */
export function bustPainter(
  identity: FaceIdentity,
  nuisance: FaceNuisance,
  skin: Painter,
): Painter {
  const { neckline, collar, stripes, backgroundSeed } = nuisance;
  const cloth = [nuisance.clothesR, nuisance.clothesG, nuisance.clothesB].map((
    c,
  ) => c ** 2.2);
  const other = cloth.map((c) => c > 0.25 ? c * 0.3 : 0.1 + c * 2);
  const shade = 0.16 + 0.12 * identity.age;
  const seam = blankPaint();
  return (angle, y, paint) => {
    const across = Math.sin(angle);
    const front = Math.cos(angle) > 0 ? Math.cos(angle) : 0;
    const edge = -1.17 -
      (0.06 + 0.5 * neckline * neckline) * front ** (3 + 9 * neckline);
    const below = edge - y;
    if (below < -0.02) {
      skin(0.9 * across, -1.1, paint);
      darken(paint, shade * smoothStep(-1.05, -0.8, y));
      const tendon = (Math.abs(across) - 0.35 - 0.25 * (y + 1)) / 0.1;
      darken(paint, 0.12 * Math.exp(-tendon * tendon));
    } else {
      dress(seam, across, y, below);
      const amount = smoothStep(-0.02, 0.02, below);
      if (amount < 1) skin(0.9 * across, -1.1, paint);
      else paint.gloss = 0;
      mix(paint, amount, [seam.r, seam.g, seam.b]);
      paint.gloss *= 1 - amount;
    }
    paint.ambient = 0.6 + 0.4 * smoothStep(-0.95, -1.3, y);
  };

  function dress(paint: Paint, across: number, y: number, below: number): void {
    paint.r = cloth[0];
    paint.g = cloth[1];
    paint.b = cloth[2];
    const weave = 1 +
      0.08 * valueNoise(across * 40 + backgroundSeed % 50, y * 40) +
      0.18 * valueNoise(across * 4 + backgroundSeed % 50, y * 3);
    if (stripes > 0) {
      const wave = Math.sin((backgroundSeed % 2 === 0 ? across * 1.4 : y) * 30);
      mix(paint, stripes * smoothStep(0, 0.4, wave), other);
    }
    if (collar > 0) {
      const band = smoothStep(0.17, 0.14, below - 0.25 * Math.abs(across));
      mix(paint, collar * band, other);
      const fold = (below - 0.25 * Math.abs(across) - 0.16) / 0.02;
      darken(paint, 0.6 * collar * Math.exp(-fold * fold));
    }
    paint.r *= weave;
    paint.g *= weave;
    paint.b *= weave;
  }
}

/**
 * Eyes and brows.
 *
 * @module
 */
import type { FaceIdentity } from "./identity.ts";
import type { FaceNuisance } from "./nuisance.ts";
import { darken, mix, type Paint, type Painter } from "./paint.ts";
import { smoothStep, valueNoise } from "./noise.ts";

/** Where an average eye's middle is on the surface of the head. */
const EYE_U = 0.285;
const EYE_V = -0.005;

/** Half width of an average eye and radius of an iris, head units. */
const EYE_HALF_WIDTH = 0.15;
const IRIS_RADIUS = 0.064;

/** How far the iris moves at full gaze, head units. */
const GAZE_REACH = 0.05;

const BROWN = [0.10, 0.045, 0.02];
const GREEN = [0.14, 0.15, 0.07];
const BLUE = [0.17, 0.27, 0.38];
const SCLERA = [0.44, 0.4, 0.38];
const LASH = [0.012, 0.009, 0.008];

/**
 * Makes the painter of the eyes: lids, lashes, sclera, iris, pupil and the glint of the light.
 *
 * @param identity Who.
 * @param nuisance Gaze, lids and the direction of the light.
 * @returns A painter over the surface of the head.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { eyePainter } from "./eyes.ts";
 * import { faceIdentity, faceNuisance } from "@outis/outis/world";
 * import { blankPaint } from "./paint.ts";
 * const random = randomStream(1);
 * const person = { ...faceIdentity(random), eyeSize: 0 };
 * const shot = { ...faceNuisance(random), gazeX: 0, gazeY: 0, eyesClosed: 0 };
 * const paint = { ...blankPaint(), r: 1 };
 * eyePainter(person, shot)(0.285, -0.005, paint);
 * console.assert(paint.r < 0.1); // the pupil
 * ```
 */
export function eyePainter(
  identity: FaceIdentity,
  nuisance: FaceNuisance,
): Painter {
  const halfWidth = EYE_HALF_WIDTH * (1 + 0.07 * identity.eyeSize);
  const open = (1 - nuisance.eyesClosed) *
    (1 - 0.15 * Math.max(0, nuisance.smile));
  const rest = (1 + 0.1 * identity.eyeSize) *
    (1 + 0.13 * identity.eyeOpening) * (1 + 0.15 * nuisance.browRaise);
  const upper = 0.066 * rest * open - 0.028 * (1 - open);
  const lower = 0.036 * rest * (0.35 + 0.65 * open) + 0.004;
  const gazeX = GAZE_REACH * nuisance.gazeX;
  const gazeY = 0.6 * GAZE_REACH * nuisance.gazeY + 0.01;
  const crease = 0.22 + 0.35 * identity.lidCrease;
  const lash = 0.5 + 0.48 * identity.lashes;
  const bags = 0.05 + 0.3 * identity.eyeBags;
  const iris = irisColor(identity);
  const glintX = 0.02 * Math.sin(nuisance.lightAzimuth * Math.PI / 180);
  const glintY = 0.008 +
    0.02 * Math.sin(nuisance.lightElevation * Math.PI / 180);
  const glint = Math.min(1, 0.8 * nuisance.lightStrength);

  return (u, v, paint) => {
    const side = u < 0 ? -1 : 1;
    const x = (u * side - EYE_U) / halfWidth;
    const y = v - EYE_V;
    if (x < -1.5 || x > 1.6 || y < -0.2 || y > 0.2) return;
    const arc = 1 - x * x;
    const span = arc > 0 ? arc : 0;
    // The upper lid is highest towards the nose, the lower lid lowest away from it.
    const top = upper * span ** 0.75 * (1 - 0.18 * x) + 0.01 * x;
    const bottom = -lower * span ** 0.85 * (1 + 0.2 * x) + 0.01 * x;

    const under = (y - bottom + 0.055) / 0.032;
    darken(
      paint,
      bags * Math.exp(-under * under) * smoothStep(1.4, 0.5, Math.abs(x)),
    );
    const fold = (y - top - 0.034 - 0.012 * open) / 0.012;
    darken(
      paint,
      crease * Math.exp(-fold * fold) * smoothStep(1.25, 0.8, Math.abs(x)),
    );

    const inside = Math.min(
      smoothStep(-0.006, 0.008, top - y),
      smoothStep(-0.006, 0.008, y - bottom),
    ) * smoothStep(1.02, 0.92, Math.abs(x));
    if (inside > 0 && top > bottom) {
      paintBall(paint, x * halfWidth, y, side, inside, top - y);
    }
    const lashDistance = (y - Math.max(top, bottom) - 0.002) /
      (0.013 + 0.006 * identity.lashes);
    const lashHere = Math.exp(-lashDistance * lashDistance) *
      smoothStep(1.18, 0.95, x) * smoothStep(-1.12, -0.85, x);
    mix(paint, lash * lashHere, LASH);
    const rim = (y - bottom + 0.004) / 0.009;
    darken(
      paint,
      0.35 * lash * Math.exp(-rim * rim) * smoothStep(1.1, 0.9, Math.abs(x)),
    );
  };

  function paintBall(
    paint: Paint,
    dx: number,
    dy: number,
    mirror: number,
    amount: number,
    belowLid: number,
  ): void {
    const edge = dx / halfWidth;
    const shade = (1 - 0.3 * edge * edge) *
      (0.55 + 0.45 * smoothStep(0, 0.035, belowLid));
    mix(paint, amount, [
      SCLERA[0] * shade,
      SCLERA[1] * shade,
      SCLERA[2] * shade,
    ]);
    paint.gloss += (0.15 - paint.gloss) * amount;
    paint.shininess = 60;
    const ix = dx * mirror - gazeX;
    const iy = dy - gazeY;
    const radius = Math.sqrt(ix * ix + iy * iy);
    const isIris = smoothStep(
      IRIS_RADIUS + 0.005,
      IRIS_RADIUS - 0.005,
      radius,
    );
    if (isIris <= 0) return;
    const limbus = 1 - 0.6 * smoothStep(0.035, IRIS_RADIUS, radius);
    mix(paint, amount * isIris, [
      iris[0] * limbus * shade,
      iris[1] * limbus * shade,
      iris[2] * limbus * shade,
    ]);
    mix(paint, amount * smoothStep(0.03, 0.02, radius), [
      0.004,
      0.004,
      0.004,
    ]);
    const gx = ix - glintX, gy = iy - glintY;
    mix(paint, amount * glint * Math.exp(-7000 * (gx * gx + gy * gy)), [
      1.4,
      1.4,
      1.4,
    ]);
  }
}

/**
 * Makes the painter of the brows.
 *
 * @param identity Who.
 * @param color Colour of the brows, linear.
 * @returns A painter over the surface of the head.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { browPainter } from "./eyes.ts";
 * import { faceIdentity } from "@outis/outis/world";
 * import { blankPaint } from "./paint.ts";
 * const person = { ...faceIdentity(randomStream(1)), browDensity: 1, browHeight: 0, browTilt: 0 };
 * const paint = { ...blankPaint(), r: 1 };
 * browPainter(person, [0, 0, 0])(0.2, 0.16, paint);
 * console.assert(paint.r < 1);
 * ```
 */
export function browPainter(
  identity: FaceIdentity,
  color: readonly number[],
): Painter {
  const start = 0.095;
  const length = 0.345 + 0.02 * identity.browLength;
  const height = 0.155 + 0.014 * identity.browHeight;
  const arch = 0.045 + 0.014 * identity.browArch;
  const tilt = 0.02 + 0.022 * identity.browTilt;
  const thickness = 0.048 * (1 + 0.2 * identity.browThickness);
  const density = 0.42 + 0.57 * identity.browDensity;
  const offset = identity.textureSeed % 193;
  return (u, v, paint) => {
    const a = u < 0 ? -u : u;
    const t = (a - start) / length;
    if (t < -0.15 || t > 1.1 || v < 0.02 || v > 0.34) return;
    const line = height + tilt * (t - 0.3) +
      arch * (1 - (t - 0.6) * (t - 0.6) * 4) * 0.6;
    const taper = thickness *
      (t < 0.35 ? 0.85 + 0.15 * t / 0.35 : 1 - 0.75 * (t - 0.35) / 0.65);
    const strand = valueNoise(u * 55 + v * 30 + offset, v * 18 - u * 8);
    const d = (v - line) / Math.max(0.008, taper);
    const cover = Math.exp(-d * d * d * d) * smoothStep(-0.1, 0.08, t) *
      smoothStep(1.05, 0.85, t);
    if (cover < 0.01) return;
    mix(paint, Math.min(1, density * cover * (0.85 + 0.35 * strand)), color);
    paint.gloss *= 1 - cover;
  };
}

function irisColor(identity: FaceIdentity): number[] {
  const t = identity.irisColor * 2;
  const from = t < 1 ? BROWN : GREEN;
  const to = t < 1 ? GREEN : BLUE;
  const share = t < 1 ? t : t - 1;
  const light = 1.4 - 1.1 * identity.irisDarkness;
  return from.map((value, i) => light * (value + (to[i] - value) * share));
}

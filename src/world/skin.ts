/**
 * Skin: tone, blush, folds, freckles, moles and pores.
 *
 * @module
 */
import type { FaceIdentity } from "./identity.ts";
import type { FaceNuisance } from "./nuisance.ts";
import { darken, mix, type Painter } from "./paint.ts";
import { smoothStep, valueNoise } from "./noise.ts";

/** Palest and darkest skin, linear reflectance. */
const PALE = [0.78, 0.53, 0.42];
const DARK = [0.075, 0.034, 0.02];

/** Highest skin coordinate of interest around the head: beyond it there is no facial feature. */
const FACE_EDGE = 0.75;

/**
 * Colour of a person's skin without any feature.
 *
 * @param identity Who.
 * @returns Red, green, blue, linear; geometric between the palest and the darkest tone.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { faceIdentity } from "@outis/outis/world";
 * import { skinTone } from "./skin.ts";
 * const person = faceIdentity(randomStream(1));
 * const pale = skinTone({ ...person, melanin: 0 });
 * console.assert(pale[0] > skinTone({ ...person, melanin: 1 })[0]);
 * ```
 */
export function skinTone(identity: FaceIdentity): number[] {
  const pink = identity.undertone - 0.5;
  const shift = [1, 1 - 0.14 * pink, 1 + 0.22 * pink];
  return PALE.map((pale, i) =>
    shift[i] * pale * (DARK[i] / pale) ** (identity.melanin ** 1.35)
  );
}

/**
 * Makes the painter of a person's bare skin.
 *
 * @param identity Who.
 * @param nuisance With which expression: smiling deepens the folds.
 * @returns A painter over the surface of the head.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { faceIdentity, faceNuisance } from "@outis/outis/world";
 * import { blankPaint } from "./paint.ts";
 * import { skinPainter } from "./skin.ts";
 * const random = randomStream(1);
 * const paint = blankPaint();
 * skinPainter(faceIdentity(random), faceNuisance(random))(0, 0.3, paint);
 * console.assert(paint.r > 0);
 * ```
 */
export function skinPainter(
  identity: FaceIdentity,
  nuisance: FaceNuisance,
): Painter {
  const tone = skinTone(identity);
  const { age, redness, freckles, roughness, mole, moleX, moleY } = identity;
  const offset = identity.textureSeed % 199;
  const blush = 0.1 + 0.25 * redness;
  const smile = Math.max(0, nuisance.smile);
  const fold = 0.12 + 0.3 * age + 0.25 * smile;
  const lines = 0.32 * Math.max(0, age - 0.35) +
    0.12 * Math.max(0, nuisance.browRaise) * (0.3 + age);
  const frown = 0.25 * age + 0.3 * Math.max(0, -nuisance.browRaise);
  const crow = 0.3 * Math.max(0, age - 0.4) + 0.2 * smile * age;
  const patch = 0.05 + 0.1 * roughness;
  const shaved = identity.hair === 0 ? 0.22 * identity.hairDarkness : 0;
  const gloss = 0.05 + 0.16 * identity.oiliness;

  return (u, v, paint) => {
    paint.r = tone[0];
    paint.g = tone[1];
    paint.b = tone[2];
    paint.gloss = gloss;
    paint.shininess = 14;
    const a = u < 0 ? -u : u;
    const shade = 1 + patch * valueNoise(u * 6 + offset, v * 6) +
      0.6 * patch * valueNoise(u * 22 + offset, v * 22);
    paint.r *= shade;
    paint.g *= shade;
    paint.b *= shade;
    if (shaved > 0 && v > 0.2) {
      darken(paint, shaved * smoothStep(0.45, 0.62, v + 0.25 * a * a));
    }
    if (a > FACE_EDGE || v > 0.62) return;

    const dx = a - 0.38, dy = v + 0.3;
    let red = blush * Math.exp(-18 * (dx * dx + dy * dy));
    red += 0.6 * blush * Math.exp(-60 * (u * u + (v + 0.38) * (v + 0.38)));
    paint.g *= 1 - 0.45 * red;
    paint.b *= 1 - 0.4 * red;

    if (freckles > 0 && v < 0.25 && v > -0.6) {
      const spot = valueNoise(u * 26 + offset, v * 26 + 50);
      const where = Math.exp(-6 * ((a - 0.25) * (a - 0.25) + dy * dy));
      const amount = freckles * 0.55 * where * smoothStep(0.25, 0.6, spot);
      paint.r *= 1 - 0.5 * amount;
      paint.g *= 1 - 0.8 * amount;
      paint.b *= 1 - 0.9 * amount;
    }
    if (mole > 0.45) {
      const mx = u - moleX, my = v - moleY;
      const amount = mole * Math.exp(-2200 * (mx * mx + my * my));
      if (amount > 0.02) mix(paint, amount, [0.06, 0.03, 0.025]);
    }
    // Nose-to-mouth fold: a curve from beside the nostril to beside the corner of the mouth.
    if (v > -0.72 && v < -0.33) {
      const t = (-0.35 - v) / 0.37;
      const line = 0.15 + 0.13 * t - 0.02 * t * t + 0.03 * smile * t;
      const d = (a - line) / (0.018 + 0.012 * t);
      darken(
        paint,
        fold * Math.exp(-d * d) * (1 - t * t) * smoothStep(0, 0.15, t),
      );
    }
    if (lines > 0.01 && v > 0.22 && v < 0.56 && a < 0.45) {
      const wave = v + 0.025 * Math.cos(u * 7) +
        0.008 * valueNoise(u * 5, offset);
      const d = Math.abs(((wave - 0.24) * 11) % 1 - 0.5);
      darken(
        paint,
        lines * smoothStep(0.26, 0.06, d) * smoothStep(0.45, 0.25, a),
      );
    }
    if (frown > 0.02 && v > 0.06 && v < 0.25 && a < 0.1) {
      const d = (a - 0.045) / 0.012;
      const e = (v - 0.15) / 0.06;
      darken(paint, 0.5 * frown * Math.exp(-d * d - e * e));
    }
    if (crow > 0.02 && a > 0.4 && v > -0.12 && v < 0.1) {
      const ray = (v + 0.01) / (a - 0.34);
      const d = Math.abs((ray * 4 + 10.5) % 1 - 0.5);
      darken(
        paint,
        crow * smoothStep(0.25, 0.05, d) * smoothStep(0.4, 0.44, a) *
          smoothStep(0.6, 0.5, a),
      );
    }
    // Nostrils.
    if (a < 0.14 && v > -0.5 && v < -0.38) {
      const d = (a - 0.062) / 0.036;
      const e = (v + 0.458) / 0.022;
      darken(paint, 0.85 * Math.exp(-d * d - e * e));
    }
  };
}

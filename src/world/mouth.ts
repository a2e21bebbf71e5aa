/**
 * Mouth: lips, the line between them, teeth.
 *
 * @module
 */
import type { FaceIdentity } from "./identity.ts";
import type { FaceNuisance } from "./nuisance.ts";
import { darken, mix, type Painter } from "./paint.ts";
import { skinTone } from "./skin.ts";
import { smoothStep } from "./noise.ts";

/** Height of the average mouth on the surface of the head, and its half width. */
const MOUTH_V = -0.63;
const MOUTH_HALF_WIDTH = 0.25;

const TEETH = [0.68, 0.62, 0.53];
const THROAT = [0.05, 0.012, 0.01];
const TONGUE = [0.3, 0.09, 0.08];

/**
 * Makes the painter of the mouth.
 *
 * @param identity Who.
 * @param nuisance Smile and opening.
 * @returns A painter over the surface of the head.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { faceIdentity, faceNuisance } from "@outis/outis/world";
 * import { mouthPainter } from "./mouth.ts";
 * import { blankPaint } from "./paint.ts";
 * const random = randomStream(1);
 * const shot = { ...faceNuisance(random), mouthOpen: 1, smile: 0 };
 * const paint = { ...blankPaint(), g: 1 };
 * mouthPainter(faceIdentity(random), shot)(0, -0.68, paint);
 * console.assert(paint.g < 0.7);
 * ```
 */
export function mouthPainter(
  identity: FaceIdentity,
  nuisance: FaceNuisance,
): Painter {
  const { smile, mouthOpen } = nuisance;
  const skin = skinTone(identity);
  const width = MOUTH_HALF_WIDTH *
    (1 + 0.1 * Math.max(0, smile) - 0.08 * mouthOpen);
  const upper = 0.056 * (1 + 0.22 * identity.upperLip) *
    (1 - 0.25 * Math.max(0, smile));
  const lower = 0.072 * (1 + 0.22 * identity.lowerLip) *
    (1 - 0.15 * Math.max(0, smile));
  const bend = 0.05 * smile;
  const gapUp = 0.012 * mouthOpen +
    0.012 * Math.max(0, smile) * Math.min(1, mouthOpen * 4);
  const gapDown = 0.075 * mouthOpen;
  const color = [0, 1, 2].map((i) =>
    skin[i] * [0.76, 0.48, 0.5][i] *
    (1 - 0.35 * identity.lipColor * (i > 0 ? 1 : 0))
  );
  const cover = 0.66 + 0.3 * identity.lipColor;

  return (u, v, paint) => {
    const t = u / width;
    const y = v - MOUTH_V;
    if (t < -1.35 || t > 1.35 || y < -0.26 || y > 0.16) return;
    const arc = 1 - t * t;
    const span = arc > 0 ? arc : 0;
    const line = bend * (t * t - 0.35);
    const bow = 1 - 0.28 * Math.exp(-t * t * 60) +
      0.1 * Math.exp(-40 * (Math.abs(t) - 0.25) ** 2);
    const upTop = line + gapUp * span + upper * span ** 0.8 * bow;
    const upLow = line + gapUp * span ** 0.6;
    const lowTop = line - gapDown * span ** 0.6;
    const lowLow = line - gapDown * span ** 0.5 - lower * span ** 0.65;
    const isLip = smoothStep(-0.008, 0.008, upTop - y) *
      smoothStep(-0.01, 0.01, y - lowLow) *
      smoothStep(1.03, 0.9, Math.abs(t));
    if (isLip > 0) {
      const shade = y > line ? 0.8 : 1.06;
      mix(paint, cover * isLip, [
        color[0] * shade,
        color[1] * shade,
        color[2] * shade,
      ]);
      paint.gloss += (0.16 - paint.gloss) * isLip;
      paint.shininess = 20;
    }
    const opening = upLow - lowTop;
    if (opening > 0.012) {
      const inside = smoothStep(-0.004, 0.008, upLow - y) *
        smoothStep(-0.004, 0.008, y - lowTop) *
        smoothStep(1, 0.9, Math.abs(t));
      if (inside > 0) {
        mix(paint, inside, THROAT);
        paint.gloss *= 1 - inside;
        const depth = upLow - y;
        const teeth = smoothStep(0.038, 0.03, depth) *
          smoothStep(0.92, 0.5, Math.abs(t)) *
          (0.75 + 0.25 * Math.cos(u * 150) ** 2);
        mix(paint, inside * teeth, TEETH);
        mix(
          paint,
          inside * 0.7 * smoothStep(0.05, 0.075, depth) *
            smoothStep(0.7, 0.3, Math.abs(t)),
          TONGUE,
        );
      }
    } else {
      const d = (y - line) / 0.014;
      darken(
        paint,
        0.72 * Math.exp(-d * d) * smoothStep(1.08, 0.85, Math.abs(t)),
      );
    }
    const cx = (Math.abs(t) - 1.02) / 0.1;
    const cy = (y - bend * 0.65) / 0.02;
    darken(paint, 0.35 * Math.exp(-cx * cx - cy * cy));
  };
}

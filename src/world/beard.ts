/**
 * Beards, moustaches and stubble.
 *
 * @module
 */
import type { FaceIdentity } from "./identity.ts";
import { mix, type Painter } from "./paint.ts";
import { smoothStep, valueNoise } from "./noise.ts";

/**
 * Makes the painter of facial hair.
 *
 * @param identity Who.
 * @param color Colour of the hair, linear.
 * @returns A painter over the surface of the head.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { beardPainter } from "./beard.ts";
 * import { faceIdentity } from "@outis/outis/world";
 * import { blankPaint } from "./paint.ts";
 * const person = { ...faceIdentity(randomStream(1)), beard: 1 };
 * const paint = { ...blankPaint(), r: 1 };
 * beardPainter(person, [0, 0, 0])(0.2, -0.9, paint);
 * console.assert(paint.r < 0.9);
 * ```
 */
export function beardPainter(
  identity: FaceIdentity,
  color: readonly number[],
): Painter {
  const { beard, moustache, goatee, stubble } = identity;
  const offset = identity.textureSeed % 181;
  const shadow = 0.42 * stubble * (0.3 + 0.7 * identity.hairDarkness);
  const edge = 0.03 * valueNoise(offset, 3);
  const none = beard + moustache + goatee + stubble === 0;
  return (u, v, paint) => {
    if (none || v > 0.05 || v < -1.2) return;
    const a = u < 0 ? -u : u;
    if (a > 1.05) return;
    const noise = valueNoise(u * 30 + offset, v * 22);
    const fine = valueNoise(u * 70 + offset, v * 34);
    // Upper edge: from the sideburn down to the corner of the mouth.
    const border = -0.56 + edge + 0.62 * smoothStep(0.3, 0.95, a) * a +
      0.05 * noise;
    const jaw = smoothStep(border, border - 0.1, v) * smoothStep(1.05, 0.92, a);
    const lips = lipHole(a, v);
    const lipTop = -0.56 - 0.12 * a;
    const onLip = smoothStep(lipTop - 0.02, lipTop, v) *
      smoothStep(-0.47 - 0.15 * a, -0.5 - 0.15 * a, v) *
      smoothStep(0.27, 0.2, a);
    const ends = smoothStep(0.05, 0.03, Math.abs(a - 0.235)) *
      smoothStep(-0.53, -0.57, v) * smoothStep(-0.8, -0.7, v);
    const chin = Math.max(
      smoothStep(0.24, 0.17, a) * smoothStep(-0.74, -0.8, v),
      0.8 * smoothStep(0.05, 0.02, a) * smoothStep(-0.71, -0.73, v),
    );
    let full = beard * jaw;
    full = Math.max(
      full,
      moustache * onLip,
      goatee * chin,
      Math.min(goatee, moustache) * ends,
    );
    const cover = full * lips * (0.85 + 0.3 * noise + 0.3 * fine);
    const shade = shadow * Math.max(jaw, 0.9 * onLip, chin) * lips *
      (0.85 + 0.4 * fine);
    const total = Math.min(0.97, Math.max(cover, shade));
    if (total < 0.01) return;
    const light = 1 + 0.35 * noise + 0.3 * fine;
    mix(paint, total, [color[0] * light, color[1] * light, color[2] * light]);
    paint.gloss *= 1 - total;
    paint.tiltX += 0.25 * cover * noise;
    paint.tiltY += 0.25 * cover * fine;
  };
}

function lipHole(a: number, v: number): number {
  const x = a / 0.25;
  const y = (v + 0.645) / 0.085;
  return smoothStep(0.75, 1.1, x * x + y * y);
}

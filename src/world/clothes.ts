/**
 * What a pedestrian's parts look like.
 *
 * @module
 */
import { PART } from "./body_part.ts";
import { smoothStep, valueNoise } from "./noise.ts";
import { darken, mix, type Painter } from "./paint.ts";
import type { Hsv, PedestrianIdentity } from "./pedestrian_identity.ts";

const FAIR_SKIN = [0.62, 0.38, 0.27];
const DARK_SKIN = [0.065, 0.034, 0.021];

/**
 * One painter per part of a body, by number.
 *
 * @param identity Who, in which clothes.
 * @returns Painters over the parts' surface coordinates.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { PART } from "./body_part.ts";
 * import { clothPainters } from "./clothes.ts";
 * import { blankPaint } from "./paint.ts";
 * import { pedestrianIdentity } from "@outis/outis/world";
 * const person = { ...pedestrianIdentity(randomStream(1)), shoeColor: [0, 1, 1] as const };
 * const paint = blankPaint();
 * clothPainters(person as never)[PART.shoe](0, 0.5, paint);
 * console.assert(paint.r > paint.g);
 * ```
 */
export function clothPainters(identity: PedestrianIdentity): Painter[] {
  const skin = FAIR_SKIN.map((fair, i) =>
    fair * (DARK_SKIN[i] / fair) ** identity.melanin
  );
  const top = linear(identity.topColor);
  const second = linear(identity.secondColor);
  const bottom = linear(identity.bottomColor);
  const offset = identity.textureSeed % 211;
  const { sleeves, topLength, pattern, bag, bagSide } = identity;
  const bagColor = linear(identity.bagColor);
  const strap = bagColor.map((value) => 0.6 * value);

  const cloth =
    (color: readonly number[], folds = 0.16): Painter => (u, v, paint) => {
      paint.r = color[0];
      paint.g = color[1];
      paint.b = color[2];
      paint.gloss = 0.02;
      paint.shininess = 8;
      const fold = folds * valueNoise(u * 2.2 + offset, v * 9) +
        0.06 * valueNoise(u * 9 + offset, v * 30);
      const light = Math.exp(fold);
      paint.r *= light;
      paint.g *= light;
      paint.b *= light;
    };
  const bare: Painter = (_u, _v, paint) => {
    paint.r = skin[0];
    paint.g = skin[1];
    paint.b = skin[2];
    paint.gloss = 0.06;
    paint.shininess = 12;
  };
  const figure = patternPainter(pattern, {
    second,
    scale: identity.patternScale,
    offset,
  });
  const shirt = cloth(top);
  const legs = cloth(bottom, 0.22);
  const isDress = topLength > 0.5 && identity.bottom === "skirt";
  const tucked = cloth(isDress ? top : bottom);

  const painters: Painter[] = [];
  painters[PART.torso] = (u, v, paint) => {
    // Rows of the torso are not evenly spaced: the neck begins at 0.8, the waist is at 0.25.
    if (v > 0.8 + 0.05 * (1 - Math.cos(u))) return bare(u, v, paint);
    if (v < 0.1 - 0.3 * topLength) return tucked(u, v, paint);
    shirt(u, v, paint);
    figure(u, v, paint);
    const a = Math.abs(u);
    if (bag === "backpack" && a > 0.5 && a < 0.85 && v > 0.3) {
      mix(paint, 0.95, strap);
    }
    if (bag === "shoulder") {
      const line = u * bagSide * 0.32 + 0.45;
      const band = Math.abs(v - (a < 1.6 ? line : 0.9 - line));
      mix(paint, smoothStep(0.05, 0.03, band), strap);
    }
    // Under the arms it is dark.
    darken(paint, 0.3 * Math.exp(-(((a - 1.57) / 0.3) ** 2)));
  };
  painters[PART.arm] = (u, v, paint) => {
    if (v < 1 - sleeves - 0.02) return bare(u, v, paint);
    shirt(u, v, paint);
    if (pattern !== "print" && pattern !== "open") figure(u, v * 0.5, paint);
  };
  painters[PART.hand] = bare;
  painters[PART.leg] = (u, v, paint) => {
    const covered = identity.bottom === "trousers" ||
      identity.bottom === "shorts" && v > 0.46;
    if (!covered) return bare(u, v, paint);
    legs(u, v, paint);
    // Inner sides see less light; a crease runs down the front.
    darken(paint, 0.12 * Math.exp(-((u / 0.25) ** 2)));
  };
  painters[PART.shoe] = cloth(linear(identity.shoeColor), 0.05);
  painters[PART.head] = (u, v, paint) => {
    bare(u, v, paint);
    const a = Math.abs(u);
    if (a > 1.3) return;
    const eye = Math.exp(
      -(((a - 0.42) / 0.16) ** 2) - ((v - 0.56) / 0.035) ** 2,
    );
    const brow = Math.exp(
      -(((a - 0.42) / 0.24) ** 2) - ((v - 0.63) / 0.025) ** 2,
    );
    const mouth = Math.exp(-((u / 0.3) ** 2) - ((v - 0.3) / 0.03) ** 2);
    const nose = Math.exp(-((u / 0.12) ** 2) - ((v - 0.42) / 0.03) ** 2);
    darken(paint, 0.75 * eye + 0.35 * brow + 0.25 * nose);
    paint.g *= 1 - 0.35 * mouth;
    paint.b *= 1 - 0.3 * mouth;
  };
  const hair = cloth(linear(identity.hairColor), 0.35);
  painters[PART.hair] = hair;
  painters[PART.mane] = hair;
  painters[PART.cap] = cloth(linear(identity.capColor), 0.06);
  const skirt = identity.bottom === "skirt" && !isDress;
  painters[PART.hem] = (u, v, paint) => {
    if (topLength > 0.15) {
      shirt(u, v, paint);
      if (pattern !== "print") figure(u, 0.25 * v, paint);
    } else if (skirt) {
      legs(u, v, paint);
    }
  };
  const leather = cloth(bagColor, 0.1);
  painters[PART.bag] = (u, v, paint) => {
    leather(u, v, paint);
    darken(paint, 0.4 * Math.exp(-(((v - 0.72) / 0.03) ** 2)));
  };
  return painters;
}

function patternPainter(
  pattern: PedestrianIdentity["pattern"],
  { second, scale, offset }: {
    second: readonly number[];
    scale: number;
    offset: number;
  },
): Painter {
  const wave = (x: number) => smoothStep(-0.25, 0.25, Math.sin(x));
  const rows = 26 - 12 * scale;
  const columns = 10 - 5 * scale;
  switch (pattern) {
    case "plain":
      return () => {};
    case "hoops":
      return (_u, v, paint) => mix(paint, wave(v * 2 * rows), second);
    case "stripes":
      return (u, _v, paint) => mix(paint, wave(u * columns), second);
    case "checks":
      return (u, v, paint) =>
        mix(paint, 0.5 * (wave(v * 2 * rows) + wave(u * columns)), second);
    case "print":
      return (u, v, paint) => {
        const x = u / (0.35 + 0.3 * scale), y = (v - 0.48) / 0.11;
        const edge = 1 + 0.5 * valueNoise(u * 4 + offset, v * 20);
        mix(paint, smoothStep(edge, edge - 0.2, x * x + y * y), second);
      };
    case "open":
      return (u, _v, paint) => {
        const gap = 0.2 + 0.3 * scale;
        mix(paint, smoothStep(gap, gap - 0.06, Math.abs(u)), second);
      };
  }
}

/** Linear red, green, blue of a display colour. */
function linear([hue, saturation, value]: Hsv): number[] {
  return [5, 3, 1].map((n) => {
    const k = (n + hue * 6) % 6;
    const level = value -
      value * saturation * Math.max(0, Math.min(k, 4 - k, 1));
    return 0.012 + 0.85 * level ** 2.2;
  });
}

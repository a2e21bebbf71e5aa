/**
 * What is behind the person: gradients, blurred shapes, texture.
 *
 * @module
 */
import type { FaceNuisance } from "./nuisance.ts";
import { hashUniform, smoothStep, valueNoise } from "./noise.ts";

/** Number of blurred shapes. */
const SHAPES = 6;

/** Gamma between display and linear light. */
const GAMMA = 2.2;

/**
 * Makes the function that gives the background's light at a point.
 *
 * @param nuisance Which background.
 * @returns A function of the point (both in [0, 1], from the left and from the top) that writes linear red, green, blue.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { backgroundLight } from "./background.ts";
 * import { faceNuisance } from "@outis/outis/world";
 * const light = new Float32Array(3);
 * backgroundLight(faceNuisance(randomStream(1)))(0.5, 0.5, light);
 * console.assert(light[0] >= 0);
 * ```
 */
export function backgroundLight(
  nuisance: FaceNuisance,
): (x: number, y: number, out: Float32Array) => void {
  const { backgroundSeed: seed, backgroundShapes, backgroundTexture } =
    nuisance;
  const from = [
    nuisance.backgroundR,
    nuisance.backgroundG,
    nuisance.backgroundB,
  ];
  const to = [
    nuisance.backgroundR2,
    nuisance.backgroundG2,
    nuisance.backgroundB2,
  ];
  const angle = nuisance.backgroundAngle * Math.PI / 180;
  const dx = Math.cos(angle), dy = Math.sin(angle);
  const shapes = backgroundShapes > 0 ? drawShapes(seed, from) : [];
  const grain = 3 + 30 * hashUniform(seed, 1, 5);
  const shift = seed % 211;
  return (x, y, out) => {
    const t = smoothStep(-0.7, 0.7, (x - 0.5) * dx + (y - 0.5) * dy);
    let r = from[0] + (to[0] - from[0]) * t;
    let g = from[1] + (to[1] - from[1]) * t;
    let b = from[2] + (to[2] - from[2]) * t;
    for (const shape of shapes) {
      const px = x - shape.x, py = y - shape.y;
      const along = Math.abs(px * shape.cos + py * shape.sin) / shape.width;
      const across = Math.abs(py * shape.cos - px * shape.sin) / shape.height;
      const distance = shape.round
        ? Math.sqrt(along * along + across * across)
        : Math.max(along, across);
      const amount = backgroundShapes *
        smoothStep(1 + shape.blur, 1 - shape.blur, distance);
      if (amount <= 0) continue;
      r += (shape.color[0] - r) * amount;
      g += (shape.color[1] - g) * amount;
      b += (shape.color[2] - b) * amount;
    }
    if (backgroundTexture > 0) {
      const texture = backgroundTexture *
        (0.16 * valueNoise(x * grain + shift, y * grain) +
          0.1 * valueNoise(x * grain * 2.7 + shift, y * grain * 2.7) +
          0.08 * valueNoise(x * 2 + shift, y * 2));
      r += texture;
      g += texture;
      b += texture;
    }
    out[0] = r > 0 ? r ** GAMMA : 0;
    out[1] = g > 0 ? g ** GAMMA : 0;
    out[2] = b > 0 ? b ** GAMMA : 0;
  };
}

type Shape = {
  x: number;
  y: number;
  width: number;
  height: number;
  cos: number;
  sin: number;
  blur: number;
  round: boolean;
  color: number[];
};

function drawShapes(seed: number, base: number[]): Shape[] {
  return Array.from({ length: SHAPES }, (_, k) => {
    const draw = (what: number): number => hashUniform(seed, k, what + 11);
    const angle = draw(0) < 0.5 ? 0 : Math.PI * draw(1);
    const light = draw(2);
    return {
      x: draw(3),
      y: draw(4),
      width: 0.06 + 0.4 * draw(5) ** 2,
      height: 0.06 + 0.6 * draw(6),
      cos: Math.cos(angle),
      sin: Math.sin(angle),
      blur: 0.03 + 0.6 * draw(7),
      round: draw(8) < 0.4,
      color: base.map((value, i) =>
        0.4 * value + 0.6 * light + 0.2 * (draw(9 + i) - 0.5)
      ),
    };
  });
}

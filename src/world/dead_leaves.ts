/**
 * Dead leaves: pictures with the statistics of natural images, and nothing in them.
 *
 * Discs and rounded shapes of power-law radii fall on each other until they cover the plane (Lee, Mumford and Huang
 * 2001). Occlusion gives the edges and the 1/f² spectrum of photographs; what differs from the paper are the gradients,
 * stripes and noise on the leaves, which give an autoencoder soft shading and texture to learn.
 *
 * @module
 */
import type { RandomStream } from "../core/mod.ts";
import { valueNoise } from "./noise.ts";

/** Leaves of a picture, and random numbers that each takes. */
const LEAVES = 240;
const DRAWS = 20;

/** Smallest and largest radius, in picture widths. */
const SMALLEST = 0.018;
const LARGEST = 0.7;

/** Smallest side of a picture, pixels. */
const SMALLEST_SIDE = 4;

/** Options of {@linkcode renderDeadLeaves}. */
export interface RenderDeadLeavesOptions {
  /** Side of the picture, pixels, at least 4. @default 64 */
  size?: number;
  /** Probability of a grey-scale picture, in [0, 1]. @default 0.35 */
  grayscale?: number;
}

type Leaf = {
  x: number;
  y: number;
  radius: number;
  lobes: number;
  lobeDepth: number;
  lobePhase: number;
  stretch: number;
  softness: number;
  color: number[];
  slopeX: number;
  slopeY: number;
  grain: number;
  grainScale: number;
  grainAcross: number;
  shift: number;
};

/**
 * Renders leaves.
 *
 * @param random Stream to draw from: two equal streams give the same picture, at any size.
 * @param options How large.
 * @returns Red, green, blue, `[size, size, 3]`, in [-1, 1].
 * @throws {RangeError} If `size` is not an integer of at least 4 or `grayscale` is not in [0, 1].
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { renderDeadLeaves } from "@outis/outis/world";
 * const picture = renderDeadLeaves(randomStream(3), { size: 16 });
 * console.assert(picture.length === 16 * 16 * 3);
 * ```
 */
export function renderDeadLeaves(
  random: RandomStream,
  options: RenderDeadLeavesOptions = {},
): Float32Array {
  const { size = 64, grayscale = 0.35 } = options;
  if (!Number.isInteger(size) || size < SMALLEST_SIDE) {
    throw new RangeError(
      `Cannot render dead leaves as 'size' must be an integer of at least ${SMALLEST_SIDE}: current value is ${size}`,
    );
  }
  if (!(grayscale >= 0 && grayscale <= 1)) {
    throw new RangeError(
      `Cannot render dead leaves as 'grayscale' must be in [0, 1]: current value is ${grayscale}`,
    );
  }
  const whole = random.uniforms(8);
  const numbers = random.uniforms(LEAVES * DRAWS);
  const picture = new Float32Array(size * size * 3);
  const saturation = whole[0] < grayscale ? 0 : 0.9 * whole[1];
  const bright = 0.25 + 0.5 * whole[2];
  const spread = 0.35 + 0.65 * whole[3];
  const softness = 0.05 * whole[4] ** 3;
  for (let k = 0; k < LEAVES; k++) {
    const draws = numbers.subarray(k * DRAWS, (k + 1) * DRAWS);
    const leaf = makeLeaf(draws, saturation, bright, spread, softness);
    // The first leaf is the ground: it covers everything.
    if (k === 0) leaf.radius = 4;
    drawLeaf(picture, size, leaf);
  }
  for (let i = 0; i < picture.length; i++) {
    picture[i] = Math.max(-1, Math.min(1, 2 * picture[i] - 1));
  }
  return picture;
}

function makeLeaf(
  draws: Float32Array,
  saturation: number,
  bright: number,
  spread: number,
  softness: number,
): Leaf {
  // p(r) ~ r^-3 between the bounds, by inversion.
  const ratio = (SMALLEST / LARGEST) ** 2;
  const radius = SMALLEST / Math.sqrt(1 - draws[0] * (1 - ratio));
  const light = bright + spread * (draws[1] - 0.5) * 1.2;
  const angle = 2 * Math.PI * draws[2];
  const slope = 0.5 * draws[3] ** 2 * Math.min(1, radius * 4);
  const color = [4, 5, 6].map((k) =>
    light + saturation * 0.55 * (draws[k] - 0.5)
  );
  return {
    x: -0.1 + 1.2 * draws[7],
    y: -0.1 + 1.2 * draws[8],
    radius,
    lobes: 2 + Math.floor(5 * draws[9]),
    lobeDepth: draws[10] < 0.4 ? 0 : 0.35 * draws[11],
    lobePhase: 2 * Math.PI * draws[12],
    stretch: 1 + 1.5 * draws[13] ** 3,
    softness: softness +
      (draws[14] < 0.2 ? 0.25 * radius * draws[14] / 0.2 : 0),
    color,
    slopeX: slope * Math.cos(angle) / radius,
    slopeY: slope * Math.sin(angle) / radius,
    grain: draws[15] < 0.5 ? 0.3 * draws[16] ** 2 : 0,
    grainScale: 4 * 16 ** draws[17],
    grainAcross: draws[18] < 0.5 ? 1 : 0.15,
    shift: 200 * draws[19],
  };
}

function drawLeaf(picture: Float32Array, size: number, leaf: Leaf): void {
  const { x: cx, y: cy, radius, lobes, lobeDepth, lobePhase, color } = leaf;
  const reach = radius * (1 + lobeDepth) * leaf.stretch + leaf.softness +
    1 / size;
  const x0 = Math.max(0, Math.floor((cx - reach) * size));
  const x1 = Math.min(size - 1, Math.ceil((cx + reach) * size));
  const y0 = Math.max(0, Math.floor((cy - reach) * size));
  const y1 = Math.min(size - 1, Math.ceil((cy + reach) * size));
  const cos = Math.cos(lobePhase), sin = Math.sin(lobePhase);
  const edge = 1 / Math.max(1 / size, leaf.softness);
  for (let row = y0; row <= y1; row++) {
    for (let column = x0; column <= x1; column++) {
      const dx = (column + 0.5) / size - cx;
      const dy = (row + 0.5) / size - cy;
      const along = (dx * cos + dy * sin) / leaf.stretch;
      const across = dy * cos - dx * sin;
      const distance = Math.sqrt(along * along + across * across);
      const border = lobeDepth === 0 ? radius : radius *
        (1 + lobeDepth * Math.cos(lobes * Math.atan2(across, along)));
      const cover = (border - distance) * edge + 0.5;
      if (cover <= 0) continue;
      let light = dx * leaf.slopeX + dy * leaf.slopeY;
      if (leaf.grain > 0) {
        const s = along * leaf.grainScale + leaf.shift;
        const t = across * leaf.grainScale * leaf.grainAcross + leaf.shift;
        light += leaf.grain *
          (valueNoise(s, t) + 0.5 * valueNoise(2.3 * s, 2.3 * t));
      }
      const amount = cover >= 1 ? 1 : cover;
      const at = (row * size + column) * 3;
      picture[at] += (color[0] + light - picture[at]) * amount;
      picture[at + 1] += (color[1] + light - picture[at + 1]) * amount;
      picture[at + 2] += (color[2] + light - picture[at + 2]) * amount;
    }
  }
}

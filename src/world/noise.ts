/**
 * Hashed lattice noise: the one source of texture in the procedural world.
 *
 * Everything here is a pure function of its numbers, so that a picture depends on nothing but its parameters.
 *
 * @module
 */

/** Side of the periodic noise lattice; a power of two so that wrapping is one bit mask. */
const SIDE = 256;

/** The lattice: `SIDE * SIDE` values in [-1, 1). */
const lattice: Float32Array = buildLattice();

/**
 * Mixes three integers to a number in [0, 1), evenly and without visible pattern.
 *
 * @param x First integer key.
 * @param y Second integer key.
 * @param seed Third integer key.
 * @returns A number in [0, 1).
 *
 * @example
 * ```ts
 * import { hashUniform } from "./noise.ts";
 * console.assert(hashUniform(1, 2, 3) === hashUniform(1, 2, 3));
 * ```
 */
export function hashUniform(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca77) ^
    Math.imul(seed, 0xc2b2ae3d);
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/**
 * Smooth value noise in the plane: lattice values at the integers, cubic-faded between them, period 256.
 *
 * @param x Abscissa, in lattice cells.
 * @param y Ordinate, in lattice cells.
 * @returns A number in [-1, 1), continuous with continuous first derivatives.
 *
 * @example
 * ```ts
 * import { valueNoise } from "./noise.ts";
 * console.assert(valueNoise(0.5, 0.5) === valueNoise(256.5, 0.5));
 * ```
 */
export function valueNoise(x: number, y: number): number {
  const floorX = Math.floor(x);
  const floorY = Math.floor(y);
  let fx = x - floorX;
  let fy = y - floorY;
  fx = fx * fx * (3 - 2 * fx);
  fy = fy * fy * (3 - 2 * fy);
  const x0 = floorX & (SIDE - 1);
  const x1 = (x0 + 1) & (SIDE - 1);
  const row0 = (floorY & (SIDE - 1)) * SIDE;
  const row1 = ((floorY + 1) & (SIDE - 1)) * SIDE;
  const top = lattice[row0 + x0] +
    (lattice[row0 + x1] - lattice[row0 + x0]) * fx;
  const low = lattice[row1 + x0] +
    (lattice[row1 + x1] - lattice[row1 + x0]) * fx;
  return top + (low - top) * fy;
}

/**
 * Cubic step from 0 to 1 as `x` goes from `from` to `to` (which may be the smaller of the two).
 *
 * @param from Where the step is 0.
 * @param to Where the step is 1.
 * @param x Where to evaluate it.
 * @returns A number in [0, 1].
 *
 * @example
 * ```ts
 * import { smoothStep } from "./noise.ts";
 * console.assert(smoothStep(0, 2, 1) === 0.5);
 * ```
 */
export function smoothStep(from: number, to: number, x: number): number {
  const t = (x - from) / (to - from);
  if (t <= 0) return 0;
  if (t >= 1) return 1;
  return t * t * (3 - 2 * t);
}

function buildLattice(): Float32Array {
  const values = new Float32Array(SIDE * SIDE);
  for (let i = 0; i < values.length; i++) {
    values[i] = 2 * hashUniform(i % SIDE, Math.floor(i / SIDE), 7) - 1;
  }
  return values;
}

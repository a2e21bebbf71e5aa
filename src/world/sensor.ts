/**
 * From light to pixels: exposure, blur, tone, noise.
 *
 * @module
 */
import type { FaceNuisance } from "./nuisance.ts";
import { hashUniform } from "./noise.ts";

/** Gamma between linear light and display. */
const GAMMA = 2.2;

/** Reflected light that the meter leaves as it is, and the share of a difference from it that is evened out. */
const METER_TARGET = 0.3;
const METER_STRENGTH = 0.4;

/** Weights of red, green and blue in grey (BT.601). */
const LUMA = [0.299, 0.587, 0.114];

/** What a camera does to the light. */
export type Development = Pick<
  FaceNuisance,
  "exposure" | "contrast" | "blur" | "noise" | "noiseSeed" | "grayscale"
>;

/** Options of {@linkcode developPicture}. */
export interface DevelopPictureOptions {
  /** Columns of the picture. */
  width: number;
  /** Rows of the picture. */
  height: number;
  /** Exposure, contrast, blur, noise, grey. */
  nuisance: Development;
  /** Factor on the light, before the exposure; see {@linkcode meterSkin}. @default 1 */
  meter?: number;
}

/**
 * Develops a picture of linear light taken at twice the size.
 *
 * @param light Linear red, green, blue, `[2 height, 2 width, 3]`.
 * @param options How.
 * @returns The picture, `[height, width, 3]`, in [-1, 1].
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { faceNuisance } from "@outis/outis/world";
 * import { developPicture } from "./sensor.ts";
 * const nuisance = faceNuisance(randomStream(1), { cameraRange: 0 });
 * const black = developPicture(new Float32Array(48), { width: 2, height: 2, nuisance });
 * console.assert(black[0] === -1);
 * ```
 */
export function developPicture(
  light: Float32Array,
  options: DevelopPictureOptions,
): Float32Array {
  const { width, height, nuisance, meter = 1 } = options;
  const { contrast, noise, noiseSeed, grayscale } = nuisance;
  const gain = 2 ** nuisance.exposure * meter;
  let picture = shrink(light, width, height);
  if (nuisance.blur > 0) {
    picture = blur(picture, width, height, nuisance.blur * width);
  }
  const out = new Float32Array(picture.length);
  for (let i = 0; i < out.length; i += 3) {
    for (let c = 0; c < 3; c++) {
      const value = gain * picture[i + c];
      // Highlights roll off instead of clipping hard.
      const soft = value < 0.6
        ? value
        : 0.6 + 0.4 * (1 - Math.exp((0.6 - value) / 0.4));
      out[i + c] = contrast * (2 * displayed(soft) - 1);
    }
    if (grayscale >= 0.5) {
      const grey = LUMA[0] * out[i] + LUMA[1] * out[i + 1] +
        LUMA[2] * out[i + 2];
      out[i] = out[i + 1] = out[i + 2] = grey;
    }
    if (noise > 0) {
      const shared = noise * gaussian(i, noiseSeed);
      for (let c = 0; c < 3; c++) {
        out[i + c] += grayscale >= 0.5
          ? shared
          : 0.7 * shared + 0.7 * noise * gaussian(i + c + 1, noiseSeed + 1);
      }
    }
    for (let c = 0; c < 3; c++) {
      const value = out[i + c];
      out[i + c] = value < -1 ? -1 : value > 1 ? 1 : value;
    }
  }
  return out;
}

/**
 * What a camera's light meter makes of a face: it opens up for dark skin and dim light, but only part of the way.
 *
 * gain = (target / (tone * light))^0.4, with the target of a mid-tone face in middling light.
 *
 * @param tone Skin's red, green, blue reflectance, linear.
 * @param nuisance Which light.
 * @returns Factor on the light, positive.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { faceNuisance } from "@outis/outis/world";
 * import { meterSkin } from "./sensor.ts";
 * const shot = faceNuisance(randomStream(1));
 * console.assert(meterSkin([0.1, 0.1, 0.1], shot) > meterSkin([0.5, 0.5, 0.5], shot));
 * ```
 */
export function meterSkin(
  tone: readonly number[],
  nuisance: FaceNuisance,
): number {
  const grey = LUMA.reduce((sum, weight, c) => sum + weight * tone[c], 0);
  const light = nuisance.ambient + 0.6 * nuisance.lightStrength;
  return (METER_TARGET / (grey * light + 1e-3)) ** METER_STRENGTH;
}

/** A picture's size, and how many of its pixels one of the camera's covers along each side. */
export interface CoarsenOptions {
  /** Columns of the picture. */
  width: number;
  /** Rows of the picture. */
  height: number;
  /** Pixels of the picture per pixel of the camera, at least 1. */
  factor: number;
}

/**
 * What is left of a picture by a camera of fewer pixels: averaged down, then enlarged again between the pixels' middles.
 *
 * @param picture `[height, width, 3]`. Not changed.
 * @param options Its size, and how coarse the camera is.
 * @returns A picture of the same size; the same one at a factor of 1.
 *
 * @example
 * ```ts
 * import { coarsen } from "./sensor.ts";
 * const picture = Float32Array.of(0, 0, 0, 1, 1, 1);
 * const out = coarsen(picture, { width: 2, height: 1, factor: 2 });
 * console.assert(out.every((value) => value === 0.5));
 * ```
 */
export function coarsen(
  picture: Float32Array,
  options: CoarsenOptions,
): Float32Array {
  const { width, height, factor } = options;
  const columns = Math.max(1, Math.round(width / factor));
  const rows = Math.max(1, Math.round(height / factor));
  if (columns === width && rows === height) return picture;
  const narrow = new Float32Array(height * columns * 3);
  mixAxis(picture, narrow, { rows: height, from: width, to: columns, span: 3 });
  const across = new Float32Array(height * width * 3);
  mixAxis(narrow, across, { rows: height, from: columns, to: width, span: 3 });
  const low = new Float32Array(rows * width * 3);
  mixAxis(across, low, { rows: 1, from: height, to: rows, span: width * 3 });
  const out = new Float32Array(height * width * 3);
  mixAxis(low, out, { rows: 1, from: rows, to: height, span: width * 3 });
  return out;
}

/** Resizes the middle axis of `[rows, from, span]`: by averaging to fewer, between the nearest two to more. */
function mixAxis(
  input: Float32Array,
  output: Float32Array,
  { rows, from, to, span }: {
    rows: number;
    from: number;
    to: number;
    span: number;
  },
): void {
  const size = from / to;
  for (let i = 0; i < to; i++) {
    const first = size >= 1
      ? Math.floor(i * size)
      : Math.floor((i + 0.5) * size - 0.5);
    const last = size >= 1
      ? Math.min(from, Math.ceil((i + 1) * size)) - 1
      : first + 1;
    for (let k = first; k <= last; k++) {
      const weight = size >= 1
        ? (Math.min(k + 1, (i + 1) * size) - Math.max(k, i * size)) / size
        : 1 - Math.abs((i + 0.5) * size - 0.5 - k);
      if (weight <= 0) continue;
      const inside = Math.max(0, Math.min(from - 1, k));
      for (let row = 0; row < rows; row++) {
        const source = (row * from + inside) * span;
        const target = (row * to + i) * span;
        for (let c = 0; c < span; c++) {
          output[target + c] += weight * input[source + c];
        }
      }
    }
  }
}

/** x^(2 / gamma) over [0, 1]: nearly straight, so that few points do. */
const GAMMA_POINTS = 1024;
const GAMMA_TABLE = Float32Array.from(
  { length: GAMMA_POINTS + 2 },
  (_, i) => (i / GAMMA_POINTS) ** (2 / GAMMA),
);

/** x^(1 / gamma) for linear light below 1, by table: a power for each channel of each pixel takes its time. */
function displayed(light: number): number {
  if (light <= 0) return 0;
  const at = Math.sqrt(light) * GAMMA_POINTS;
  const point = Math.min(GAMMA_POINTS, Math.floor(at));
  const low = GAMMA_TABLE[point];
  return low + (GAMMA_TABLE[point + 1] - low) * (at - point);
}

/** Means over squares of 2 by 2. */
function shrink(
  light: Float32Array,
  width: number,
  height: number,
): Float32Array {
  const out = new Float32Array(width * height * 3);
  const row = width * 6;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = 2 * y * row + 6 * x;
      const to = (y * width + x) * 3;
      for (let c = 0; c < 3; c++) {
        out[to + c] = 0.25 *
          (light[from + c] + light[from + 3 + c] + light[from + row + c] +
            light[from + row + 3 + c]);
      }
    }
  }
  return out;
}

/** Gaussian blur, edges repeated. */
function blur(
  picture: Float32Array,
  width: number,
  height: number,
  deviation: number,
): Float32Array {
  const radius = Math.max(1, Math.ceil(2.5 * deviation));
  const kernel = Array.from(
    { length: 2 * radius + 1 },
    (_, k) => Math.exp(-0.5 * ((k - radius) / Math.max(deviation, 1e-3)) ** 2),
  );
  const total = kernel.reduce((sum, value) => sum + value, 0);
  let from = picture;
  for (const axis of [0, 1]) {
    const to = new Float32Array(picture.length);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = (y * width + x) * 3;
        for (let k = -radius; k <= radius; k++) {
          const px = axis === 0 ? Math.max(0, Math.min(width - 1, x + k)) : x;
          const py = axis === 1 ? Math.max(0, Math.min(height - 1, y + k)) : y;
          const source = (py * width + px) * 3;
          const weight = kernel[k + radius] / total;
          to[at] += weight * from[source];
          to[at + 1] += weight * from[source + 1];
          to[at + 2] += weight * from[source + 2];
        }
      }
    }
    from = to;
  }
  return from;
}

/** Nearly normal: the sum of three uniforms, scaled to variance 1. */
function gaussian(index: number, seed: number): number {
  return 2 *
    (hashUniform(index, 1, seed) + hashUniform(index, 2, seed) +
      hashUniform(index, 3, seed) - 1.5);
}

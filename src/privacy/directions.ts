/**
 * Features as directions: what cosines are made of, without a copy of the vectors.
 *
 * @module
 */
import { checkFinite, checkRange } from "../core/mod.ts";
import type { Features } from "../metrics/mod.ts";

/** Vectors and what makes them unit ones. */
export interface Directions {
  /** Values, `[count, width]`, any norm. */
  data: Float32Array | Float64Array;
  /** N, the number of vectors. */
  count: number;
  /** D, their width. */
  width: number;
  /** 1 / norm of each in float64, 0 of a vector of zeros. */
  scales: Float64Array;
  /** Unit vectors of some in float32, `[height, D]`; reused by the next call. */
  unit: (from: number, height: number) => Float32Array;
}

/**
 * Takes the norms of vectors.
 *
 * @param act What the caller is about to do.
 * @param name Name of the argument.
 * @param features Vectors of any norm. Kept by reference.
 * @returns Vectors with their scales.
 * @throws {RangeError} If there is none, or a number is not finite.
 *
 * @example
 * ```ts
 * import { directions } from "./directions.ts";
 *
 * const { scales } = directions("compare", "faces", { data: new Float32Array([3, 4]), width: 2 });
 * console.log(scales[0]); // 0.2
 * ```
 */
export function directions(
  act: string,
  name: string,
  features: Features,
): Directions {
  const { data, width } = features;
  checkRange(act, `${name}.width`, width, { min: 1, integer: true });
  checkRange(act, `${name}'s count`, data.length / width, {
    min: 1,
    integer: true,
  });
  checkFinite(act, name, data);
  const count = data.length / width;
  const scales = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let squares = 0;
    for (let k = i * width; k < (i + 1) * width; k++) squares += data[k] ** 2;
    scales[i] = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  }
  let room = new Float32Array(0);
  return {
    data,
    count,
    width,
    scales,
    unit(from, height) {
      const size = height * width;
      if (room.length < size) room = new Float32Array(size);
      for (let i = 0; i < height; i++) {
        const scale = scales[from + i];
        const source = (from + i) * width;
        for (let k = 0; k < width; k++) {
          room[i * width + k] = data[source + k] * scale;
        }
      }
      // A tensor may keep the array it is made from.
      return room.slice(0, size);
    },
  };
}

/**
 * Cosine of two vectors, in float64.
 *
 * @param a Vectors.
 * @param i One of them.
 * @param b Vectors of the same width.
 * @param j One of them.
 * @returns In [-1, 1] up to rounding; 0 with a vector of zeros.
 *
 * @example
 * ```ts
 * import { directions, dot } from "./directions.ts";
 *
 * const a = directions("compare", "faces", { data: new Float32Array([3, 4, 1, 0]), width: 2 });
 * console.log(dot(a, 0, a, 1)); // 0.6
 * ```
 */
export function dot(
  a: Directions,
  i: number,
  b: Directions,
  j: number,
): number {
  const { width } = a;
  let sum = 0;
  for (let k = 0, x = i * width, y = j * width; k < width; k++) {
    sum += a.data[x + k] * b.data[y + k];
  }
  return sum * a.scales[i] * b.scales[j];
}

/**
 * Parts of small grey pictures, brought to another size.
 *
 * @module
 */

/** A rectangle of a picture, in shares of its sides. */
export interface Crop {
  /** Share of either side that is left, in (0, 1]. */
  share: number;
  /** Where it begins from above, in [0, 1 - share]. */
  top: number;
  /** Where it begins from the left, in [0, 1 - share]. */
  left: number;
}

/** The whole picture. */
export const WHOLE: Crop = { share: 1, top: 0, left: 0 };

/** Which places of a line make each place of another, and how much they count. */
interface Weights {
  starts: Int32Array;
  /** `[size, taps]`; the sum of each row is 1. */
  values: Float64Array;
  taps: number;
}

/**
 * Cuts a rectangle out of a picture and brings it to a square: means where it shrinks, linear where it grows.
 *
 * @param picture Grey levels, `[height, width]` in row-major order.
 * @param height Rows of the picture.
 * @param size Side of the result, in pixels.
 * @param crop Which part; by default the whole.
 * @returns `[size, size]` in row-major order.
 *
 * @example
 * ```ts
 * import { cropPicture } from "./crop_picture.ts";
 *
 * const right = { share: 0.5, top: 0, left: 0.5 };
 * console.log(cropPicture([1, 2, 3, 4], 2, 1, right)); // [2]
 * ```
 */
export function cropPicture(
  picture: ArrayLike<number>,
  height: number,
  size: number,
  { share, top, left }: Crop = WHOLE,
): Float64Array {
  const width = picture.length / height;
  const x = weights(left, share, size, width);
  const y = weights(top, share, size, height);
  const first = Math.max(0, y.starts[0]);
  const last = Math.min(height, y.starts[size - 1] + y.taps);
  const rows = new Float64Array(height * size); // [height, size]
  for (let r = first; r < last; r++) {
    for (let c = 0; c < size; c++) {
      const from = r * width + x.starts[c];
      let sum = 0;
      for (let k = 0; k < x.taps; k++) {
        sum += x.values[c * x.taps + k] * picture[from + k];
      }
      rows[r * size + c] = sum;
    }
  }
  const result = new Float64Array(size * size);
  for (let r = 0; r < size; r++) {
    for (let k = 0; k < y.taps; k++) {
      const weight = y.values[r * y.taps + k];
      const from = (y.starts[r] + k) * size;
      for (let c = 0; c < size; c++) {
        result[r * size + c] += weight * rows[from + c];
      }
    }
  }
  return result;
}

function weights(
  start: number,
  share: number,
  size: number,
  count: number,
): Weights {
  const step = share * count / size;
  const taps = Math.min(count, step >= 1 ? Math.floor(step) + 2 : 2);
  const starts = new Int32Array(size);
  const values = new Float64Array(size * taps);
  for (let i = 0; i < size; i++) {
    // An interval of at least one place, so that growing is linear between them.
    const middle = start * count + (i + 0.5) * step;
    const half = Math.max(1, step) / 2;
    const low = Math.max(0, middle - half);
    const high = Math.min(count, middle + half);
    const first = Math.min(Math.floor(low), count - taps);
    starts[i] = first;
    let sum = 0;
    for (let k = 0; k < taps; k++) {
      const covered = Math.min(high, first + k + 1) - Math.max(low, first + k);
      values[i * taps + k] = Math.max(0, covered);
      sum += Math.max(0, covered);
    }
    for (let k = 0; k < taps; k++) values[i * taps + k] /= sum;
  }
  return { starts, values, taps };
}

/**
 * Mirrors a square picture left to right.
 *
 * @param picture Grey levels, `[size, size]` in row-major order.
 * @param size Its side, in pixels.
 * @returns The mirror image.
 *
 * @example
 * ```ts
 * import { mirror } from "./crop_picture.ts";
 *
 * console.log(mirror([1, 2, 3, 4], 2)); // [2, 1, 4, 3]
 * ```
 */
export function mirror(picture: ArrayLike<number>, size: number): Float64Array {
  return Float64Array.from(
    { length: size * size },
    (_, i) => picture[i + size - 1 - 2 * (i % size)],
  );
}

/**
 * Takes away a picture's mean and brings the rest to length 1: products of two such are correlations.
 *
 * @param picture Numbers; changed in place.
 * @param contrast Standard deviation below which a picture is flat.
 * @returns The same array, all zeros if the picture is flat.
 *
 * @example
 * ```ts
 * import { standardize } from "./crop_picture.ts";
 *
 * console.log(standardize(new Float64Array([3, 5]), 0.1)); // [-0.707, 0.707]
 * ```
 */
export function standardize<Values extends Float32Array | Float64Array>(
  picture: Values,
  contrast: number,
): Values {
  let sum = 0;
  let squares = 0;
  for (const value of picture) sum += value;
  const mean = sum / picture.length;
  for (const value of picture) squares += (value - mean) ** 2;
  const flat = squares < contrast ** 2 * picture.length;
  const scale = flat ? 0 : 1 / Math.sqrt(squares);
  for (let i = 0; i < picture.length; i++) {
    picture[i] = (picture[i] - mean) * scale;
  }
  return picture;
}

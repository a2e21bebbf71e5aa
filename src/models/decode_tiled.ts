/**
 * Large images from latents in bounded memory.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { checkRange } from "../core/mod.ts";

/** Options of {@linkcode decodeTiled}. */
export interface DecodeTiledOptions {
  /** Decodes tiles `[1, tile, tile, C]` to images `[1, factor · tile, factor · tile, 3]`, as a jitted decoder. */
  decode: (latents: tf.Tensor4D) => tf.Tensor4D;
  /**
   * Side of a tile, grid cells.
   *
   * @default {64}
   */
  tile?: number;
  /**
   * Cells that neighbours share at least, where one is faded into the other.
   *
   * @default {16}
   */
  overlap?: number;
  /**
   * Pixels of a grid cell's side.
   *
   * @default {8}
   */
  factor?: number;
}

/**
 * Decodes latents tile by tile, so that the memory is that of one tile whatever the size, and fades overlapping tiles
 * into each other along straight ramps.
 *
 * Latents of one tile's size are decoded exactly. Larger ones are not, for a tile's normalisations and attention see the
 * tile alone and its border is padded with zeros: the difference is small for trained autoencoders where the overlap is
 * as wide as a border is seen, and it is why decoding whole is preferable where the memory suffices.
 *
 * @param latents `[B, H, W, C]`. Borrowed.
 * @param options The decoder, sizes of tiles.
 * @returns Images `[B, factor · H, factor · W, 3]`. Owned by the caller.
 * @throws {RangeError} If `tile` is no whole number above 0, `overlap` is more than half of it or negative, or a side is
 * smaller than a tile.
 *
 * @example
 * ```ts
 * import { decodeTiled } from "@outis/outis/models";
 * import { tf, upsampleNearest2x, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const latents = tf.ones([1, 6, 9, 3]) as tf.Tensor4D;
 * const images = decodeTiled(latents, {
 *   decode: upsampleNearest2x, // as a decoder: twice the size
 *   factor: 2,
 *   tile: 4,
 *   overlap: 1,
 * });
 * console.log(images.shape); // [1, 12, 18, 3]
 * ```
 */
export function decodeTiled(
  latents: tf.Tensor4D,
  options: DecodeTiledOptions,
): tf.Tensor4D {
  const { decode, tile = 64, overlap = 16, factor = 8 } = options;
  const act = "decode tile by tile";
  checkRange(act, "tile", tile, { min: 1, integer: true });
  checkRange(act, "overlap", overlap, {
    min: 0,
    max: tile / 2, // no more than two tiles share a place
    integer: true,
  });
  const [batch, height, width, channels] = latents.shape;
  for (const [name, side] of [["height", height], ["width", width]] as const) {
    checkRange(act, name, side, { min: tile });
  }
  const rows = starts(height, tile, overlap);
  const columns = starts(width, tile, overlap);
  const down = ramps(rows, tile, overlap, factor);
  const across = ramps(columns, tile, overlap, factor);
  const pixels = factor * width;
  const images = new Float32Array(batch * factor * height * pixels * 3);
  for (let sample = 0; sample < batch; sample++) {
    for (const [i, row] of rows.entries()) {
      for (const [j, column] of columns.entries()) {
        const values = tf.tidy(() => {
          const part = tf.slice(latents, [sample, row, column, 0], [
            1,
            tile,
            tile,
            channels,
          ]);
          return decode(part).dataSync();
        });
        for (let y = 0; y < down[i].length; y++) {
          const line = (sample * factor * height + factor * row + y) * pixels +
            factor * column;
          for (let x = 0; x < across[j].length; x++) {
            const weight = down[i][y] * across[j][x];
            const from = (y * across[j].length + x) * 3;
            const to = (line + x) * 3;
            for (let c = 0; c < 3; c++) {
              images[to + c] += weight * values[from + c];
            }
          }
        }
      }
    }
  }
  return tf.tensor4d(images, [batch, factor * height, pixels, 3]);
}

/** Where tiles begin: as few as do, evenly spread, the last at the end. */
function starts(length: number, tile: number, overlap: number): number[] {
  const count = Math.ceil((length - tile) / (tile - overlap)) + 1;
  return Array.from(
    { length: count },
    (_, i) => count === 1 ? 0 : Math.round(i * (length - tile) / (count - 1)),
  );
}

/** Weights of every tile's pixels along an axis: up and down a slope of the overlap's length, in sum one everywhere. */
function ramps(
  begins: number[],
  tile: number,
  overlap: number,
  factor: number,
): Float64Array[] {
  const [size, slope] = [factor * tile, factor * overlap];
  const total = new Float64Array(factor * begins[begins.length - 1] + size);
  const weights = begins.map((begin, index) =>
    Float64Array.from({ length: size }, (_, i) => {
      const up = index === 0 ? 1 : Math.min(1, (i + 0.5) / slope);
      const isLast = index === begins.length - 1;
      const down = isLast ? 1 : Math.min(1, (size - i - 0.5) / slope);
      total[factor * begin + i] += up * down;
      return up * down;
    })
  );
  // Evenly spread tiles share more than the overlap.
  weights.forEach((own, index) =>
    own.forEach((_, i) => own[i] /= total[factor * begins[index] + i])
  );
  return weights;
}

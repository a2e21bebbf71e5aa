/**
 * One image of a set for a grid of pictures.
 *
 * @module
 */
import { gatherPixels, type ImageSet } from "../data/mod.ts";
import type { GridImage } from "../figures/mod.ts";
import { encodePng } from "../io/mod.ts";

/**
 * Takes an image out of a set, as it is or so coarse that nobody can be recognised.
 *
 * @param set Images.
 * @param index Which.
 * @param blur Whether a face must not be recognised. Off unless given.
 * @returns The picture.
 * @throws {RangeError} If there is no such image.
 *
 * @example
 * ```ts
 * import { pictureOf } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * const faces = proceduralFaces({ identities: 1, imagesPerIdentity: 1, size: 16 });
 * const { png } = await pictureOf(faces, 0, true);
 * console.log(png.length > 0); // true
 * ```
 */
export async function pictureOf(
  set: ImageSet,
  index: number,
  blur = false,
): Promise<GridImage> {
  const { height, width } = set;
  const own = gatherPixels(set, [index]);
  const pixels = blur ? coarse(own, height, width) : own;
  return { png: await encodePng({ pixels, height, width }) };
}

/** Means over squares of an eighth of the picture: who it is cannot be seen any more. */
function coarse(
  pixels: Float32Array,
  height: number,
  width: number,
): Float32Array<ArrayBuffer> {
  const [down, right] = [Math.ceil(height / 8), Math.ceil(width / 8)];
  const out = new Float32Array(pixels.length);
  for (let top = 0; top < height; top += down) {
    for (let left = 0; left < width; left += right) {
      const places: number[] = [];
      for (let y = top; y < Math.min(top + down, height); y++) {
        for (let x = left; x < Math.min(left + right, width); x++) {
          places.push((y * width + x) * 3);
        }
      }
      for (let c = 0; c < 3; c++) {
        const sum = places.reduce((total, at) => total + pixels[at + c], 0);
        for (const at of places) out[at + c] = sum / places.length;
      }
    }
  }
  return out;
}

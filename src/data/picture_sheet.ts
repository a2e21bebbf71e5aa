/**
 * Many small pictures as one large one.
 *
 * @module
 */
import { checkRange } from "../core/mod.ts";
import { gatherPixels, type ImageSet } from "./image_set.ts";

/**
 * Lays the images of a set out row by row, edge to edge.
 *
 * @param set Images, in the order they are read in.
 * @param columns Pictures in a row; the last row is filled up with black.
 * @returns Pixels `[height, width, 3]` in [-1, 1], as `encodePng` takes them.
 * @throws {RangeError} If there is no image, or `columns` is not a whole number above 0.
 *
 * @example
 * ```ts
 * import { pictureSheet } from "@outis/outis/data";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * const faces = proceduralFaces({ identities: 3, imagesPerIdentity: 1, size: 16 });
 * const { height, width } = pictureSheet(faces, 2);
 * console.log(height, width); // 32 32
 * ```
 */
export function pictureSheet(
  set: ImageSet,
  columns: number,
): { pixels: Float32Array<ArrayBuffer>; height: number; width: number } {
  const act = "lay out pictures";
  checkRange(act, "columns", columns, { min: 1, integer: true });
  checkRange(act, "images", set.count, { min: 1 });
  const rows = Math.ceil(set.count / columns);
  const [height, width] = [rows * set.height, columns * set.width];
  const pixels = new Float32Array(height * width * 3).fill(-1);
  const line = set.width * 3;
  for (let i = 0; i < set.count; i++) {
    const picture = gatherPixels(set, [i]);
    const [top, left] = [
      Math.floor(i / columns) * set.height,
      (i % columns) * set.width,
    ];
    for (let y = 0; y < set.height; y++) {
      const at = ((top + y) * width + left) * 3;
      pixels.set(picture.subarray(y * line, (y + 1) * line), at);
    }
  }
  return { pixels, height, width };
}

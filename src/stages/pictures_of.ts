/**
 * Images in a tensor for a grid of pictures.
 *
 * @module
 */
import { checkRange, checkShape } from "../core/mod.ts";
import type { tf } from "../engine/mod.ts";
import type { GridImage } from "../figures/mod.ts";
import { encodePng } from "../io/mod.ts";

/**
 * Makes pictures of images in a tensor: what a decoder gives, or what is being computed with.
 *
 * @param images `[B, H, W, 3]` in [-1, 1]; what is beyond is clipped. Borrowed.
 * @param captions Short texts below the pictures, the first of them. None unless given.
 * @returns The pictures, for a row of `imageGrid`.
 * @throws {TypeError} If the images have not three channels.
 * @throws {RangeError} If there are more captions than images.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { imageGrid } from "@outis/outis/figures";
 * import { picturesOf } from "@outis/outis/stages";
 *
 * const grey = tf.zeros([2, 8, 8, 3]) as tf.Tensor4D;
 * const images = await picturesOf(grey, ["one", "another"]);
 * imageGrid([{ label: "grey", images }]);
 * ```
 */
export async function picturesOf(
  images: tf.Tensor4D,
  captions: readonly string[] = [],
): Promise<GridImage[]> {
  const act = "make pictures of images";
  checkShape(act, "images", images, [null, null, null, 3]);
  const [count, height, width] = images.shape;
  checkRange(act, "captions.length", captions.length, { min: 0, max: count });
  const values = await images.data() as Float32Array;
  const size = height * width * 3;
  return await Promise.all(
    Array.from({ length: count }, async (_, i): Promise<GridImage> => ({
      png: await encodePng({
        pixels: values.slice(i * size, (i + 1) * size),
        height,
        width,
      }),
      ...(captions[i] !== undefined && { caption: captions[i] }),
    })),
  );
}

/**
 * Images to latents, once, so that training a denoiser never touches pixels.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { gatherImages, type ImageSet } from "../data/mod.ts";
import type { Generator } from "./generator.ts";

/** Latents of a set of images, in plain memory. */
export interface LatentSet {
  /** Scaled latents, `[count, H / 8, W / 8, C]` in row-major order. */
  values: Float32Array;
  /** Shape of one latent. */
  shape: [number, number, number];
  /** Number of latents. */
  count: number;
  /** Class of each. */
  labels: Int32Array;
}

/** Options of {@linkcode encodeImages}. */
export interface EncodeImagesOptions {
  /** Ends the work by throwing its reason. */
  signal?: AbortSignal;
  /** Called as the work goes on, with the number of images done, and of all. */
  onStep?: (done: number, total: number) => void | Promise<void>;
}

/** Images encoded at a time. */
const CHUNK = 64;

/**
 * Encodes a set of images and their mirror images.
 *
 * @param generator Its autoencoder is used.
 * @param images Images of its size.
 * @param options Signal and progress.
 * @returns The latents of all images, then of all mirror images.
 * @throws {TypeError} If the images have another size than the generator.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { encodeImages, loadGenerator, priorUrl } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * await useBackend("auto");
 * const prior = await loadGenerator(priorUrl());
 * const faces = proceduralFaces({ identities: 1, imagesPerIdentity: 2, size: 64 });
 * const latents = await encodeImages(prior, faces);
 * console.log(latents.count, latents.shape); // 4 [8, 8, 8]
 * ```
 */
export async function encodeImages(
  generator: Generator,
  images: ImageSet,
  options: EncodeImagesOptions = {},
): Promise<LatentSet> {
  const shape = generator.autoencoder.latentShape;
  const size = shape[0] * shape[1] * shape[2];
  const values = new Float32Array(2 * images.count * size);
  for (let from = 0; from < images.count; from += CHUNK) {
    options.signal?.throwIfAborted();
    const count = Math.min(CHUNK, images.count - from);
    const indices = Int32Array.from({ length: count }, (_, i) => from + i);
    const [plain, mirrored] = tf.tidy(() => {
      const x = gatherImages(images, indices);
      const flipped = tf.reverse(x, 2) as tf.Tensor4D;
      return [generator.encode(x), generator.encode(flipped)];
    });
    values.set(plain.dataSync(), from * size);
    values.set(mirrored.dataSync(), (images.count + from) * size);
    tf.dispose([plain, mirrored]);
    await options.onStep?.(from + count, images.count);
    await new Promise((resolve) => setTimeout(resolve));
  }
  const labels = new Int32Array(2 * images.count);
  labels.set(images.labels);
  labels.set(images.labels, images.count);
  return { values, shape, count: 2 * images.count, labels };
}

/**
 * Picks latents by number.
 *
 * @param latents Where to pick from.
 * @param indices Which, in this order.
 * @returns `[B, H / 8, W / 8, C]`. Owned by the caller.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { gatherLatents } from "./encode_images.ts";
 *
 * const latents = {
 *   values: new Float32Array([10, 11, 20, 21]),
 *   shape: [1, 1, 2] as [number, number, number],
 *   count: 2,
 *   labels: new Int32Array([0, 1]),
 * };
 * assertEquals(gatherLatents(latents, [1]).arraySync(), [[[[20, 21]]]]);
 * ```
 */
export function gatherLatents(
  latents: LatentSet,
  indices: ArrayLike<number>,
): tf.Tensor4D {
  const { values, shape } = latents;
  const size = shape[0] * shape[1] * shape[2];
  const picked = new Float32Array(indices.length * size);
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i] * size;
    picked.set(values.subarray(from, from + size), i * size);
  }
  return tf.tensor4d(picked, [indices.length, ...shape]);
}

/**
 * Features of test images, from memory or from files.
 *
 * @module
 */
import type { Embedder } from "../core/mod.ts";
import {
  type ImageRecord,
  type ImageSet,
  prefetch,
  readImages,
  type ReadImagesOptions,
  subsetImages,
} from "../data/mod.ts";
import { embedImages } from "./recognizer_embedder.ts";

/** Options of {@linkcode embedTestImages}. */
export interface EmbedTestImagesOptions
  extends Pick<ReadImagesOptions, "fit" | "kernel" | "cache" | "signal"> {
  /**
   * Whether the features of the mirror image are added.
   *
   * @default {false}
   */
  flip?: boolean;
  /** Called after each part. */
  onProgress?: (done: number, total: number) => void;
}

/** Images read and embedded at a time: a batch of the embedder. */
const PART = 64;

/**
 * Embeds images part by part. Files are read while the part before them is embedded, and only the features are kept.
 *
 * @param embedder The frozen network.
 * @param images Images of the embedder's size, or files of any.
 * @param options Mirror images, how files are brought to size, progress.
 * @returns `[count, width]` in row-major order.
 * @throws {SyntaxError} If a file is broken: a test without it would be another one.
 * @throws {TypeError} If images in memory have another size than the embedder takes.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { plainPreprocessing } from "@outis/outis/core";
 * import { tf } from "@outis/outis/engine";
 * import { proceduralFaces } from "@outis/outis/world";
 * import { embedTestImages } from "./embed_test_images.ts";
 *
 * const colours = {
 *   embed: (images: tf.Tensor4D) => tf.mean(images, [1, 2]) as tf.Tensor2D,
 *   width: 3,
 *   preprocessing: plainPreprocessing(16, 16),
 *   fingerprint: "mean colour",
 * };
 * const faces = proceduralFaces({ identities: 2, imagesPerIdentity: 1, size: 16 });
 * const { data } = await embedTestImages(colours, faces, { flip: true });
 * console.log(data.length); // 6
 * ```
 */
export async function embedTestImages(
  embedder: Embedder,
  images: ImageSet | readonly ImageRecord[],
  options: EmbedTestImagesOptions = {},
): Promise<{ data: Float32Array; width: number }> {
  const { flip = false, onProgress, ...reading } = options;
  const { width, preprocessing } = embedder;
  const { height, width: columns } = preprocessing;
  const count = "images" in images ? images.count : images.length;
  const load = (part: number, signal: AbortSignal) => {
    const [from, to] = [part * PART, Math.min((part + 1) * PART, count)];
    if ("images" in images) {
      const indices = Array.from({ length: to - from }, (_, i) => from + i);
      return subsetImages(images, indices);
    }
    return readImages(images.slice(from, to), {
      ...reading,
      size: { height, width: columns },
      signal,
    });
  };
  const data = new Float32Array(count * width);
  let done = 0;
  for await (
    const set of prefetch(load, {
      to: Math.ceil(count / PART),
      ...(options.signal && { signal: options.signal }),
    })
  ) {
    const features = embedImages(embedder, set, { flip });
    data.set(features.data, done * width);
    done += set.count;
    onProgress?.(done, count);
    await new Promise((resolve) => setTimeout(resolve)); // lets an interruption in
    options.signal?.throwIfAborted();
  }
  return { data, width };
}

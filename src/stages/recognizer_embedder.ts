/**
 * A trained recogniser as an embedder.
 *
 * @module
 */
import { jit, tf } from "../engine/mod.ts";
import {
  digestParams,
  type Embedder,
  type Params,
  plainPreprocessing,
  preprocess,
} from "../core/mod.ts";
import { gatherImages, type ImageSet } from "../data/mod.ts";
import type { Recognizer } from "../models/mod.ts";

/**
 * Freezes a recogniser.
 *
 * @param params Its weights. Borrowed as long as the embedder is used.
 * @returns The embedder; disposing it frees what was compiled for it, not the weights.
 */
export async function recognizerEmbedder(
  model: Recognizer,
  params: Params,
): Promise<Embedder & Disposable> {
  const { height, width, features } = model.config;
  const preprocessing = plainPreprocessing(height, width);
  const embed = jit((weights: Params, images: tf.Tensor4D) =>
    model.apply(weights, preprocess(images, preprocessing))
  );
  return {
    embed: (images) => embed(params, images),
    width: features,
    preprocessing,
    fingerprint: await digestParams(params),
    [Symbol.dispose]: embed.dispose,
  };
}

/** Images embedded at a time. */
const CHUNK = 64;

/**
 * Features of a whole set, in plain memory.
 *
 * @param options `flip` adds the features of the mirror image, as face verification does.
 * @returns `[count, width]` in row-major order.
 */
export function embedImages(
  embedder: Embedder,
  images: ImageSet,
  options: { flip?: boolean } = {},
): { data: Float32Array; width: number } {
  const { width } = embedder;
  const data = new Float32Array(images.count * width);
  for (let from = 0; from < images.count; from += CHUNK) {
    const count = Math.min(CHUNK, images.count - from);
    const indices = Int32Array.from({ length: count }, (_, i) => from + i);
    const features = tf.tidy(() => {
      const x = gatherImages(images, indices);
      const plain = embedder.embed(x);
      if (!options.flip) return plain;
      const mirrored = embedder.embed(tf.reverse(x, 2) as tf.Tensor4D);
      return tf.add(plain, mirrored) as tf.Tensor2D;
    });
    data.set(features.dataSync(), from * width);
    features.dispose();
  }
  return { data, width };
}

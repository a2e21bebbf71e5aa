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
  type Preprocessing,
} from "../core/mod.ts";
import { gatherImages, type ImageSet } from "../data/mod.ts";
import type { Recognizer, TrainableNetwork } from "../models/mod.ts";

/**
 * Freezes a recogniser. Batch normalisation then takes its running statistics.
 *
 * @param model The network.
 * @param params Its weights. Borrowed as long as the embedder is used.
 * @returns The embedder; disposing it frees what was compiled for it, not the weights.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { recognizer, smallRecognizer } from "@outis/outis/models";
 * import { recognizerEmbedder } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const model = recognizer(smallRecognizer({ height: 32, width: 32 }));
 * const params = model.init(randomStream(1)); // untrained
 * using embedder = await recognizerEmbedder(model, params);
 * console.log(embedder.embed(tf.zeros([1, 32, 32, 3])).shape); // [1, 128]
 * ```
 */
export async function recognizerEmbedder(
  model: Recognizer | TrainableNetwork,
  params: Params,
): Promise<Embedder & Disposable> {
  const { width, preprocessing, features } = frozen(model);
  const embed = jit(features);
  return {
    embed: (images) => embed(params, images),
    width,
    preprocessing,
    fingerprint: await digestParams(params),
    [Symbol.dispose]: embed.dispose,
  };
}

/** What an embedder needs of either kind of network. */
function frozen(model: Recognizer | TrainableNetwork): {
  width: number;
  preprocessing: Preprocessing;
  features: (params: Params, images: tf.Tensor4D) => tf.Tensor2D;
} {
  if ("preprocessing" in model) {
    const { width, preprocessing } = model; // which `apply` does itself
    const features = (params: Params, images: tf.Tensor4D) =>
      model.apply(params, images, false).features;
    return { width, preprocessing, features };
  }
  const { height, width, features } = model.config;
  const preprocessing = plainPreprocessing(height, width);
  return {
    width: features,
    preprocessing,
    features: (params, images) =>
      model.apply(params, preprocess(images, preprocessing)),
  };
}

/** Options of {@linkcode embedImages}. */
export interface EmbedImagesOptions {
  /**
   * Whether the features of the mirror image are added, as face verification does.
   *
   * @default {false}
   */
  flip?: boolean;
}

/** Images embedded at a time. */
const CHUNK = 64;

/**
 * Features of a whole set, in plain memory.
 *
 * @param embedder The frozen network.
 * @param images Images of any size the embedder takes.
 * @param options Whether mirror images are added.
 * @returns `[count, width]` in row-major order.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import { recognizer, smallRecognizer } from "@outis/outis/models";
 * import { embedImages, recognizerEmbedder } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * await useBackend("auto");
 * const model = recognizer(smallRecognizer({ height: 32, width: 32 }));
 * const params = model.init(randomStream(1)); // untrained
 * using embedder = await recognizerEmbedder(model, params);
 * const faces = proceduralFaces({ identities: 2, imagesPerIdentity: 2, size: 32 });
 * const { data, width } = embedImages(embedder, faces, { flip: true });
 * console.log(data.length / width); // 4
 * ```
 */
export function embedImages(
  embedder: Embedder,
  images: ImageSet,
  options: EmbedImagesOptions = {},
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

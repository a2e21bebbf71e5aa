/**
 * Reference features of the target's real training images.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import type { Embedder } from "../core/mod.ts";
import type { ImageSet } from "../data/mod.ts";
import { MemoryBank } from "../rewards/mod.ts";
import { embedImages } from "./recognizer_embedder.ts";

/**
 * Embeds real images and files them by identity.
 *
 * A memory bank is biometric data: it belongs in no report and no published data set.
 *
 * @param embedder The frozen recogniser.
 * @param images Real training images, at least two of each identity.
 * @returns The bank. To be disposed by the caller.
 * @throws {RangeError} If an identity has fewer than two images, or features are zero, not finite or cancel.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import { recognizer, smallRecognizer } from "@outis/outis/models";
 * import { buildMemoryBank, recognizerEmbedder } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * await useBackend("auto");
 * const model = recognizer(smallRecognizer({ height: 32, width: 32 }));
 * const params = model.init(randomStream(1)); // untrained
 * using embedder = await recognizerEmbedder(model, params);
 * const faces = proceduralFaces({ identities: 2, imagesPerIdentity: 2, size: 32 });
 * using bank = buildMemoryBank(embedder, faces);
 * console.log(bank.identities); // ["face-0000", "face-0001"]
 * ```
 */
export function buildMemoryBank(
  embedder: Embedder,
  images: ImageSet,
): MemoryBank {
  const { data, width } = embedImages(embedder, images);
  const features = tf.tensor2d(data, [images.count, width]);
  try {
    return MemoryBank.fromFeatures(features, images.labels, {
      identities: images.identities,
      fingerprint: embedder.fingerprint,
    });
  } finally {
    features.dispose();
  }
}

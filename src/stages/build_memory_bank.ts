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

/**
 * What an audit keeps of a set of images: features by each embedder, and prints of the pixels.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import type { Embedder } from "../core/mod.ts";
import { gatherImages, gatherPixels } from "../data/mod.ts";
import type { Features } from "../metrics/mod.ts";
import { addPrint, type PixelPrints, pixelPrints } from "../privacy/mod.ts";
import type { AuditImages } from "./audit_images.ts";

/** Evidence of a set. */
export interface AuditEvidence {
  /** Features by the name of the embedder, of image and mirror image together. */
  features: { [embedder: string]: Features };
  /** Small grey pictures. */
  prints: PixelPrints;
}

/** Options of {@linkcode gatherEvidence}. */
export interface GatherEvidenceOptions {
  /** What the set is called in messages. */
  name: string;
  /** Matchers by name. Borrowed. */
  embedders: { [name: string]: Embedder };
  /** Called after each part. */
  onStep?: (done: number, total: number) => void;
  /** Stops it. */
  signal?: AbortSignal;
}

/** Images in memory at a time. */
const CHUNK = 64;

/**
 * Reads a set once, some images at a time, and keeps what can be compared: 4 bytes a feature and 2.4 kB an image.
 *
 * As in face verification, the features of an image and of its mirror image are added.
 *
 * @param images The set.
 * @param options Embedders.
 * @returns Features and prints.
 * @throws {TypeError} If an embedder takes images of another size than can be had.
 * @throws {RangeError} If there is no image, or an embedder gives a number that is not finite.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { type Embedder, plainPreprocessing } from "@outis/outis/core";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { auditImageSet, gatherEvidence } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * await useBackend("auto");
 * const mean: Embedder = {
 *   embed: (images) => tf.mean(images, [1, 2]),
 *   width: 3,
 *   preprocessing: plainPreprocessing(16, 16),
 *   fingerprint: "mean colour",
 * };
 * const faces = proceduralFaces({ identities: 2, imagesPerIdentity: 1, size: 16 });
 * const { features } = await gatherEvidence(auditImageSet(faces), {
 *   name: "faces",
 *   embedders: { mean },
 * });
 * console.log(features.mean.data.length); // 6
 * ```
 */
export async function gatherEvidence(
  images: AuditImages,
  options: GatherEvidenceOptions,
): Promise<AuditEvidence> {
  const { name, embedders, onStep, signal } = options;
  const { count } = images;
  const prints = pixelPrints(count);
  const sizes = new Map(
    Object.values(embedders).map(({ preprocessing: { height, width } }) =>
      [`${height} x ${width}`, { height, width }] as const
    ),
  );
  const features = Object.fromEntries(
    Object.entries(embedders).map((
      [key, { width }],
    ) => [key, { data: new Float32Array(count * width), width }]),
  );
  for (let from = 0; from < count; from += CHUNK) {
    await new Promise((resolve) => setTimeout(resolve)); // lets an interruption in
    signal?.throwIfAborted();
    const to = Math.min(count, from + CHUNK);
    const places = Array.from({ length: to - from }, (_, i) => i);
    for (const [k, [size, wanted]] of [...sizes].entries()) {
      const part = await images.read(from, to, wanted);
      // One size will do for the prints.
      for (const i of k === 0 ? places : []) {
        addPrint(prints, from + i, gatherPixels(part, [i]), wanted.height);
      }
      for (const [key, embedder] of Object.entries(embedders)) {
        const { height, width } = embedder.preprocessing;
        if (size !== `${height} x ${width}`) continue;
        const values = embed(embedder, gatherImages(part, places));
        const bad = values.findIndex((value) => !Number.isFinite(value));
        if (bad >= 0) {
          const image = images.paths[from + Math.floor(bad / embedder.width)];
          throw new RangeError(
            `Cannot audit as the features by '${key}' must be finite numbers: current value is ${
              values[bad]
            } of ${image}, in the ${name} set`,
          );
        }
        features[key].data.set(values, from * embedder.width);
      }
    }
    onStep?.(to, count);
  }
  return { features, prints };
}

/** Features of images and mirror images, added. Disposes the images. */
function embed(embedder: Embedder, images: tf.Tensor4D): Float32Array {
  const features = tf.tidy(() =>
    tf.add(
      embedder.embed(images),
      embedder.embed(tf.reverse(images, 2) as tf.Tensor4D),
    )
  );
  const values = features.dataSync() as Float32Array;
  tf.dispose([images, features]);
  return values;
}

/**
 * An autoencoder's decoder as a generator of new identities.
 *
 * @module
 */
import type { LatentModel } from "../brownian/mod.ts";
import { checkLength } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import type { LatentSet } from "./encode_images.ts";
import type { Generator } from "./generator.ts";
import { latentSpread } from "./latent_spread.ts";

/**
 * The decoder of a generator's autoencoder: w is the grid of latents, measured from the mean of encoded images in units of
 * their spread.
 *
 * @param generator Its autoencoder is used. Borrowed as long as the model is.
 * @param encoded Latents of images by `encodeImages`, which say where latents lie; procedural faces will do.
 * @returns The model, to be disposed by the caller.
 * @throws {TypeError} If the latents are another autoencoder's.
 * @throws {RangeError} If there are fewer than two, or all are the same.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { autoencoderLatents, encodeImages, loadGenerator, priorUrl } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * await useBackend("auto");
 * const prior = await loadGenerator(priorUrl());
 * const faces = proceduralFaces({ identities: 2, imagesPerIdentity: 1, size: 64 });
 * using model = autoencoderLatents(prior, await encodeImages(prior, faces));
 * console.log(model.decode(tf.zeros([1, model.dimensions])).shape); // [1, 64, 64, 3]
 * ```
 */
export function autoencoderLatents(
  generator: Pick<Generator, "autoencoder" | "decode">,
  encoded: LatentSet,
): LatentModel & Disposable {
  const { latentShape } = generator.autoencoder;
  const dimensions = latentShape[0] * latentShape[1] * latentShape[2];
  checkLength(
    "sample latents of an autoencoder",
    "encoded.values",
    encoded.values,
    encoded.count * dimensions,
  );
  const examples = tf.tensor2d(encoded.values, [encoded.count, dimensions]);
  const spread = latentSpread(examples);
  examples.dispose();
  return {
    dimensions,
    mean: () => tf.zeros([dimensions]),
    sample: spread.sample,
    decode: (latents) =>
      tf.tidy(() => {
        const grid = tf.reshape(spread.toOwn(latents), [-1, ...latentShape]);
        return generator.decode(grid as tf.Tensor4D);
      }),
    [Symbol.dispose]: spread[Symbol.dispose],
  };
}

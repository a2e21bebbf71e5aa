/**
 * Latents to the images that will be saved, and their embeddings.
 *
 * @module
 */
import type { LatentModel } from "../brownian/mod.ts";
import type { Embedder } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";

/** Images as a file holds them, with their features. */
export interface RenderedLatents {
  /** Pixels in [-1, 1], of 256 steps, `[n, height, width, 3]` in row-major order. */
  pixels: Float32Array;
  /** Height in pixels. */
  height: number;
  /** Width in pixels. */
  width: number;
  /** Features of these images by each embedder, `[n, E]` in row-major order. */
  embeddings: Float32Array[];
}

/**
 * Decodes latents and rounds the images as a PNG file does, then embeds what was rounded: the saved embedding is the saved
 * image's.
 *
 * @param model The generator.
 * @param embedders One or more.
 * @param latents w, `[n, D]`. Borrowed.
 * @param chunk Latents at a time.
 * @returns Pixels and features.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { conditionLatents, loadGenerator, priorUrl } from "@outis/outis/stages";
 * import { renderLatents } from "./render_latents.ts";
 *
 * await useBackend("auto");
 * const prior = await loadGenerator(priorUrl());
 * using model = conditionLatents(prior, { samplingSteps: 1 });
 * const { pixels } = renderLatents(model, [], tf.zeros([1, model.dimensions]), 1);
 * console.log(pixels.length); // 64 * 64 * 3
 * ```
 */
export function renderLatents(
  model: LatentModel,
  embedders: readonly Embedder[],
  latents: tf.Tensor2D,
  chunk: number,
): RenderedLatents {
  const [count, dimensions] = latents.shape;
  const embeddings = embedders.map(({ width }) =>
    new Float32Array(count * width)
  );
  let size = { height: 0, width: 0 };
  let pixels = new Float32Array();
  for (let from = 0; from < count; from += chunk) {
    tf.tidy(() => {
      const rows = Math.min(chunk, count - from);
      const part = tf.slice(latents, [from, 0], [rows, dimensions]);
      const images = asSaved(model.decode(part));
      const [, height, width] = images.shape;
      if (from === 0) {
        size = { height, width };
        pixels = new Float32Array(count * height * width * 3);
      }
      pixels.set(images.dataSync(), from * height * width * 3);
      embedders.forEach((embedder, i) =>
        embeddings[i].set(
          embedder.embed(images).dataSync(),
          from * embedder.width,
        )
      );
    });
  }
  return { pixels, ...size, embeddings };
}

/** In 256 steps, as files have them. */
function asSaved(images: tf.Tensor4D): tf.Tensor4D {
  const bytes = tf.round(
    tf.mul(tf.add(tf.clipByValue(images, -1, 1), 1), 127.5),
  );
  return tf.sub(tf.div(bytes, 127.5), 1) as tf.Tensor4D;
}

/**
 * What Brownian dynamics know of a generator: features of its latents, and how to pull gradients back.
 *
 * @module
 */
import type { Embedder, RandomStream } from "../core/mod.ts";
import { jit, tf } from "../engine/mod.ts";
import type { LatentModel } from "./latent_model.ts";

/**
 * A generator seen through an embedder: latents w and their identity features e(w). The dynamics touch the generator by
 * nothing else, so that any will do.
 */
export interface EmbeddedLatents {
  /** D, the length of a latent. */
  dimensions: number;
  /** E, the number of features. */
  width: number;
  /** Mean latent w̄, `[D]`. Owned by the caller. */
  mean(): tf.Tensor1D;
  /** A latent M(z) from each stream, `[n, D]`. Owned by the caller. */
  sample(streams: readonly RandomStream[]): tf.Tensor2D;
  /** Features e(w) of latents `[n, D]` (borrowed), any norm, `[n, E]`. Owned by the caller. */
  embed(latents: tf.Tensor2D): tf.Tensor2D;
  /**
   * Jᵀg with J = de/dw, row by row: latents `[n, D]` and gradients `[n, E]` (both borrowed) to `[n, D]`. Owned by the
   * caller.
   */
  pullBack(latents: tf.Tensor2D, gradients: tf.Tensor2D): tf.Tensor2D;
}

/** A pull-back, and the features it is of. */
export type PullBack = EmbeddedLatents["pullBack"];

/** Options of {@linkcode embeddedLatents}. */
export interface EmbeddedLatentsOptions {
  /**
   * A of the source: images of the generator to those the embedder takes, by a differentiable crop or resize.
   *
   * @default {images as they are}
   */
  align?: (images: tf.Tensor4D) => tf.Tensor4D;
  /**
   * Another pull-back than automatic differentiation, made from e: `(embed) => spsaPullBack(embed, { random })` where the
   * model has no gradient.
   *
   * @default {automatic differentiation}
   */
  pullBack?: (embed: EmbeddedLatents["embed"]) => PullBack;
  /**
   * Whether generator and embedder are compiled, together unless the model has a `pullBack` of its own; not where one of
   * them reads values of tensors on the way.
   *
   * @default {true}
   */
  compile?: boolean;
}

/**
 * A generator seen through an embedder: e(w) = F(A(G(w))), with Jᵀg by automatic differentiation.
 *
 * @param model G. Borrowed as long as the result is used.
 * @param embedder F. Borrowed as long as the result is used.
 * @param options Alignment, and other ways to pull gradients back.
 * @returns What the dynamics take; disposing it frees what was compiled.
 *
 * @example
 * ```ts
 * import { plainPreprocessing } from "@outis/outis/core";
 * import { embeddedLatents } from "@outis/outis/brownian";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * // Images of one pixel, whose colour is the latent and, squared, the identity.
 * const model = {
 *   dimensions: 3,
 *   mean: () => tf.zeros([3]) as tf.Tensor1D,
 *   sample: (streams: readonly unknown[]) => tf.ones([streams.length, 3]) as tf.Tensor2D,
 *   decode: (w: tf.Tensor2D) => tf.reshape(w, [-1, 1, 1, 3]) as tf.Tensor4D,
 * };
 * const embedder = {
 *   embed: (images: tf.Tensor4D) => tf.square(tf.reshape(images, [-1, 3])) as tf.Tensor2D,
 *   width: 3,
 *   preprocessing: plainPreprocessing(1, 1),
 *   fingerprint: "squares",
 * };
 * using latents = embeddedLatents(model, embedder);
 * const w = tf.tensor2d([[1, 2, 3]]);
 * latents.pullBack(w, tf.ones([1, 3])).print(); // [[2, 4, 6]]
 * ```
 */
export function embeddedLatents(
  model: LatentModel,
  embedder: Embedder,
  options: EmbeddedLatentsOptions = {},
): EmbeddedLatents & Disposable {
  const { align = (images) => images } = options;
  const { compile = true } = options;
  const parts: { dispose: () => void }[] = [];
  // deno-lint-ignore no-explicit-any
  const compiled = <Fn extends (...args: any[]) => any>(fn: Fn): Fn => {
    if (!compile) return fn;
    const jitted = jit(fn);
    parts.push(jitted);
    return jitted;
  };
  const features = (images: tf.Tensor4D) =>
    tf.tidy(() => embedder.embed(align(images)));
  const embed = model.pullBack === undefined
    ? compiled((w: tf.Tensor2D) => tf.tidy(() => features(model.decode(w))))
    : (w: tf.Tensor2D) => tf.tidy(() => features(model.decode(w)));
  return {
    dimensions: model.dimensions,
    width: embedder.width,
    mean: () => model.mean(),
    sample: (streams) => model.sample(streams),
    embed,
    pullBack: options.pullBack?.(embed) ?? automatic(model, features, compiled),
    [Symbol.dispose]() {
      parts.forEach((part) => part.dispose());
    },
  };
}

/** Jᵀg by automatic differentiation, through the model in its own way where it has one. */
function automatic(
  model: LatentModel,
  features: (images: tf.Tensor4D) => tf.Tensor2D,
  // deno-lint-ignore no-explicit-any
  compiled: <Fn extends (...args: any[]) => any>(fn: Fn) => Fn,
): PullBack {
  const slope = <T extends tf.Tensor>(f: (x: T) => tf.Tensor2D) =>
    compiled((x: T, gradients: tf.Tensor2D) =>
      tf.tidy(() =>
        tf.grad((x: tf.Tensor) => tf.sum(tf.mul(f(x as T), gradients)))(x) as T
      )
    );
  if (model.pullBack === undefined) {
    return slope((w: tf.Tensor2D) => features(model.decode(w)));
  }
  const slopeInImages = slope(features);
  return (latents, gradients) =>
    tf.tidy(() => {
      const slopes = slopeInImages(model.decode(latents), gradients);
      return model.pullBack!(latents, slopes);
    });
}

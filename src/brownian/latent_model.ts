/**
 * What is asked of a generator to take part in Brownian dynamics.
 *
 * @module
 */
import type { RandomStream } from "../core/mod.ts";
import type { tf } from "../engine/mod.ts";

/**
 * A frozen generator: latents w to images. Equal latents have to give equal images, so whatever noise a generator uses
 * inside is held fixed.
 */
export interface LatentModel {
  /** D, the length of a latent. */
  dimensions: number;
  /** Mean latent w̄, `[D]`. Owned by the caller. */
  mean(): tf.Tensor1D;
  /** A latent M(z) from each stream, `[n, D]`. Owned by the caller. */
  sample(streams: readonly RandomStream[]): tf.Tensor2D;
  /**
   * Images `[n, H, W, 3]` in [-1, 1] of latents `[n, D]` (borrowed). Owned by the caller. Differentiable, unless the model
   * has a `pullBack` of its own.
   */
  decode(latents: tf.Tensor2D): tf.Tensor4D;
  /**
   * Jᵀg of `decode`, row by row, where a tape over all of it would take too much memory: latents `[n, D]` and gradients
   * `[n, H, W, 3]` (both borrowed) to `[n, D]`. Owned by the caller.
   */
  pullBack?(latents: tf.Tensor2D, gradients: tf.Tensor4D): tf.Tensor2D;
}

/**
 * Generators in which everything is known, for tests and for learning.
 *
 * @module
 */
import { checkRange, checkShape } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import type { EmbeddedLatents } from "./embedded_latents.ts";
import { rowNoise } from "./row_noise.ts";

/**
 * The generator whose features are its latents: e(w) = w, M(z) = z, w̄ = 0.
 *
 * @param dimensions D = E, at least 1.
 * @returns The toy.
 * @throws {RangeError} If `dimensions` is no whole number of at least 1.
 *
 * @example
 * ```ts
 * import { identityToy } from "@outis/outis/brownian";
 * import { tf } from "@outis/outis/engine";
 *
 * identityToy(2).embed(tf.tensor2d([[3, 4]])).print(); // [[3, 4]]
 * ```
 */
export function identityToy(dimensions: number): EmbeddedLatents {
  checkRange("make a toy", "dimensions", dimensions, { min: 1, integer: true });
  return {
    dimensions,
    width: dimensions,
    mean: () => tf.zeros([dimensions]),
    sample: (streams) => rowNoise(streams, dimensions),
    embed: (latents) => tf.clone(latents),
    pullBack: (_latents, gradients) => tf.clone(gradients),
  };
}

/**
 * A linear generator: e(w) = A w, M(z) = z, w̄ = 0, and so Jᵀg = Aᵀg exactly.
 *
 * @param matrix A, `[E, D]`. Borrowed as long as the toy is used.
 * @returns The toy.
 * @throws {TypeError} If A is no matrix.
 *
 * @example
 * ```ts
 * import { linearToy } from "@outis/outis/brownian";
 * import { tf } from "@outis/outis/engine";
 *
 * const toy = linearToy(tf.tensor2d([[1, 0], [0, 2]]));
 * toy.pullBack(tf.tensor2d([[1, 1]]), tf.tensor2d([[1, 1]])).print(); // [[1, 2]]
 * ```
 */
export function linearToy(matrix: tf.Tensor2D): EmbeddedLatents {
  checkShape("make a toy", "matrix", matrix, [null, null]);
  const [width, dimensions] = matrix.shape;
  return {
    dimensions,
    width,
    mean: () => tf.zeros([dimensions]),
    sample: (streams) => rowNoise(streams, dimensions),
    embed: (latents) => tf.matMul(latents, matrix, false, true),
    pullBack: (_latents, gradients) => tf.matMul(gradients, matrix),
  };
}

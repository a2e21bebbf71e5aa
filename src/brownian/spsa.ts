/**
 * Pull-backs without a gradient.
 *
 * @module
 */
import { checkRange, digestBytes, type RandomStream } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";

/** Options of {@linkcode spsaPullBack}. */
export interface SpsaOptions {
  /**
   * Size of the perturbation, above 0.
   *
   * @default {0.01}
   */
  size?: number;
  /**
   * Pairs of evaluations that are averaged, at least 1. The error falls with its root, and grows with the root of D.
   *
   * @default {32}
   */
  samples?: number;
  /** Where perturbations come from. */
  random: RandomStream;
}

/**
 * Simultaneous perturbation (Spall, 1992): an estimate of Jᵀg from values of e alone,
 *
 * Jᵀg ≈ mean_k Δ_k (e(w + a Δ_k) - e(w - a Δ_k)) · g / (2a),  Δ_k of random signs,
 *
 * without bias up to a². Costs `2 samples` evaluations and a spread of about √(D / samples) of the gradient's length.
 * The signs of a row are drawn from the row itself, so the estimate is a function of its arguments: it does not depend on
 * chunks, nor on whether a run was resumed.
 *
 * @param embed e, from `[n, D]` to `[n, E]`.
 * @param options Size, samples, stream.
 * @returns A pull-back as `EmbeddedLatents` has it.
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { spsaPullBack } from "@outis/outis/brownian";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const pullBack = spsaPullBack((w) => tf.mul(3, w), { random: randomStream(1) });
 * pullBack(tf.tensor2d([[1]]), tf.tensor2d([[2]])).print(); // [[6]]: in one dimension it is exact
 * ```
 */
export function spsaPullBack(
  embed: (latents: tf.Tensor2D) => tf.Tensor2D,
  options: SpsaOptions,
): (latents: tf.Tensor2D, gradients: tf.Tensor2D) => tf.Tensor2D {
  const { size = 0.01, samples = 32, random } = options;
  const act = "estimate a pull-back";
  checkRange(act, "size", size, { min: 0, exclusive: "min" });
  checkRange(act, "samples", samples, { min: 1, integer: true });
  return (latents, gradients) =>
    tf.tidy(() => {
      const [rows, width] = latents.shape;
      const streams = rowsOf(latents).map((row) => random.fork(row));
      let sum: tf.Tensor = tf.zerosLike(latents);
      for (let k = 0; k < samples; k++) {
        const signs = new Float32Array(latents.size);
        streams.forEach((stream, i) =>
          signs.set(
            stream.fork(k).uniforms(width).map((u) => u < 0.5 ? -1 : 1),
            i * width,
          )
        );
        const direction = tf.tensor2d(signs, [rows, width]);
        const step = tf.mul(size, direction) as tf.Tensor2D;
        const difference = tf.sub(
          embed(tf.add(latents, step)),
          embed(tf.sub(latents, step)),
        );
        const slope = tf.sum(tf.mul(difference, gradients), 1, true); // [n, 1]
        sum = tf.add(sum, tf.mul(direction, slope));
      }
      return tf.div(sum, 2 * size * samples) as tf.Tensor2D;
    });
}

/** A name for the values of each row. */
function rowsOf(latents: tf.Tensor2D): string[] {
  const [rows, width] = latents.shape;
  const values = latents.dataSync() as Float32Array;
  return Array.from({ length: rows }, (_, i) => {
    const row = values.slice(i * width, (i + 1) * width);
    return digestBytes(new Uint8Array(row.buffer));
  });
}

/**
 * Where the variations of an identity start from.
 *
 * @module
 */
import { checkRange, checkShape, type RandomStream } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import { rowNoise, rowStreams } from "./row_noise.ts";

/**
 * Variations to start from: w_ref + σ_0 N(0, I); number a from `random.fork("start", a)`.
 *
 * @param reference w_ref, `[D]`. Borrowed.
 * @param options How many, which stream, and σ_0, 0.2 unless given.
 * @returns `[count, D]`. Owned by the caller.
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { startVariations } from "@outis/outis/brownian";
 * import { tf } from "@outis/outis/engine";
 *
 * const start = startVariations(tf.tensor1d([10, 0]), { count: 2, random: randomStream(1) });
 * console.log(start.shape); // [2, 2]
 * ```
 */
export function startVariations(
  reference: tf.Tensor1D,
  options: { count: number; random: RandomStream; spread?: number },
): tf.Tensor2D {
  const { count, random, spread = 0.2 } = options;
  const act = "draw variations";
  checkShape(act, "reference", reference, [null]);
  checkRange(act, "count", count, { min: 1, integer: true });
  checkRange(act, "spread", spread, { min: 0 });
  return tf.tidy(() => {
    const streams = rowStreams(count, (a) => random.fork("start", a));
    const noise = rowNoise(streams, reference.size);
    return tf.add(reference, tf.mul(spread, noise));
  }) as tf.Tensor2D;
}

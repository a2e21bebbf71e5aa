/**
 * Where identities start from.
 *
 * @module
 */
import { checkRange, checkShape, type RandomStream } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import type { EmbeddedLatents } from "./embedded_latents.ts";
import { rowStreams } from "./row_noise.ts";

/**
 * Latents to start from: w = w̄ + ψ (M(z) - w̄), particle i from `random.fork("start", i)`.
 *
 * @param model The generator.
 * @param options How many, which stream, and the truncation ψ in (0, 1], 0.7 unless given; `first` is the number of the
 *   first particle.
 * @returns `[count, D]`. Owned by the caller.
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { identityToy, startLatents } from "@outis/outis/brownian";
 *
 * const start = startLatents(identityToy(4), { count: 3, random: randomStream(1) });
 * console.log(start.shape); // [3, 4]
 * ```
 */
export function startLatents(
  model: EmbeddedLatents,
  options: {
    count: number;
    random: RandomStream;
    truncation?: number;
    first?: number;
  },
): tf.Tensor2D {
  const { count, random, truncation = 0.7, first = 0 } = options;
  const act = "draw latents";
  checkRange(act, "count", count, { min: 1, integer: true });
  checkRange(act, "truncation", truncation, {
    min: 0,
    max: 1,
    exclusive: "min",
  });
  return tf.tidy(() => {
    const mean = model.mean();
    const streams = rowStreams(count, (i) => random.fork("start", first + i));
    const drawn = model.sample(streams);
    checkShape(act, "sample", drawn, [count, model.dimensions]);
    return tf.add(mean, tf.mul(truncation, tf.sub(drawn, mean)));
  }) as tf.Tensor2D;
}

/**
 * What Langevin is compared with: identities as they come, or drawn again until they are apart.
 *
 * @module
 */
import { checkRange, type RandomStream } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import type { EmbeddedLatents } from "./embedded_latents.ts";
import { startLatents } from "./start_latents.ts";

/** Options of {@linkcode rejectLatents}. */
export interface RejectLatentsOptions {
  /** How many identities. */
  count: number;
  /** Where latents come from: draw k is particle k of {@linkcode startLatents}. */
  random: RandomStream;
  /** d_0, radians: an identity closer than that to an accepted one is drawn again. */
  distance: number;
  /** Embeddings of real people, `[M, E]`, and the angle that identities keep from them. Borrowed. */
  avoid?: { embeddings: tf.Tensor2D; distance: number };
  /**
   * ψ of the start.
   *
   * @default {0.7}
   */
  truncation?: number;
  /**
   * Draws at most.
   *
   * @default {100 times the count}
   */
  attempts?: number;
  /**
   * Latents that go through the generator at a time.
   *
   * @default {64}
   */
  chunk?: number;
}

/**
 * Identities by rejection: each is drawn until θ ≥ d_0 to all accepted before, and θ ≥ d_c to all real ones.
 *
 * @param model The generator.
 * @param options How many, how far apart.
 * @returns Latents, `[count, D]`, and embeddings, `[count, E]`, owned by the caller; and how many were drawn.
 * @throws {RangeError} If an option is out of range, or so many identities are not found in `attempts` draws.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { identityToy, rejectLatents } from "@outis/outis/brownian";
 * import { useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const { drawn } = rejectLatents(identityToy(8), { count: 4, distance: 1, random: randomStream(1) });
 * console.log(drawn >= 4);
 * ```
 */
export function rejectLatents(
  model: EmbeddedLatents,
  options: RejectLatentsOptions,
): { latents: tf.Tensor2D; embeddings: tf.Tensor2D; drawn: number } {
  const { count, random, distance, avoid, truncation = 0.7, chunk = 64 } =
    options;
  const { attempts = 100 * count } = options;
  const act = "draw identities";
  checkRange(act, "count", count, { min: 1, integer: true });
  checkRange(act, "distance", distance, { min: 0, max: Math.PI });
  checkRange(act, "attempts", attempts, { min: count, integer: true });
  const { dimensions, width } = model;
  const latents = new Float32Array(count * dimensions);
  const embeddings = new Float32Array(count * width);
  const real = avoid === undefined ? [] : unitRows(avoid.embeddings);
  const kept: Float32Array[] = [];
  let drawn = 0;
  for (let first = 0; kept.length < count; first += chunk) {
    if (drawn >= attempts) {
      throw new RangeError(
        `Cannot ${act} as 'attempts' must be enough for ${count} identities ${distance} rad apart: current value is ${attempts}, which gave ${kept.length}`,
      );
    }
    const { w, e, units } = tf.tidy(() => {
      const w = startLatents(model, {
        count: chunk,
        random,
        truncation,
        first,
      });
      const e = model.embed(w);
      return { w: w.dataSync(), e: e.dataSync(), units: unitRows(e) };
    }) as unknown as {
      w: Float32Array;
      e: Float32Array;
      units: Float32Array[];
    };
    for (let k = 0; k < chunk && kept.length < count && drawn < attempts; k++) {
      drawn++;
      const far = isFar(units[k], kept, distance) &&
        (avoid === undefined || isFar(units[k], real, avoid.distance));
      if (!far) continue;
      const at = kept.length;
      kept.push(units[k]);
      latents.set(
        w.subarray(k * dimensions, (k + 1) * dimensions),
        at * dimensions,
      );
      embeddings.set(e.subarray(k * width, (k + 1) * width), at * width);
    }
  }
  return {
    latents: tf.tensor2d(latents, [count, dimensions]),
    embeddings: tf.tensor2d(embeddings, [count, width]),
    drawn,
  };
}

function isFar(
  unit: Float32Array,
  others: readonly Float32Array[],
  distance: number,
): boolean {
  const most = Math.cos(distance);
  return others.every((other) => {
    let cosine = 0;
    for (let k = 0; k < unit.length; k++) cosine += unit[k] * other[k];
    return cosine <= most;
  });
}

function unitRows(vectors: tf.Tensor2D): Float32Array[] {
  const [rows, width] = vectors.shape;
  const values = tf.tidy(() =>
    tf.div(vectors, tf.norm(vectors, 2, 1, true)).dataSync()
  ) as Float32Array;
  return Array.from(
    { length: rows },
    (_, i) => values.subarray(i * width, (i + 1) * width),
  );
}

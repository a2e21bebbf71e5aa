/**
 * Forces on latents from energies of embeddings, a chunk of latents at a time.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import {
  type AngularRepulsion,
  angularRepulsion,
} from "./angular_repulsion.ts";
import type { EmbeddedLatents } from "./embedded_latents.ts";

/** Real people that synthetic identities keep away from (eq. B5). */
export interface Avoidance {
  /** Their embeddings c_m, `[M, E]`, by the embedder of the dynamics. Borrowed. */
  embeddings: tf.Tensor2D;
  /**
   * d_c, radians: within it they push.
   *
   * @default {0.6}
   */
  distance?: number;
  /**
   * k_0 of their push.
   *
   * @default {that of the identities' repulsion, or 1}
   */
  stiffness?: number;
}

/** d_c of the source, radians: how far from real people, unless told otherwise. */
export const AVOID_DISTANCE = 0.6;

/**
 * Applies a function to chunks of rows and joins what comes out.
 *
 * @param rows Number of rows.
 * @param chunk Rows at a time.
 * @param apply From the first row and their number to `[rows, ...]`.
 * @returns All rows. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { inChunks } from "./force.ts";
 *
 * const x = tf.tensor2d([[1], [2], [3]]);
 * inChunks(3, 2, (from, size) => tf.slice(x, [from, 0], [size, 1])).print();
 * ```
 */
export function inChunks(
  rows: number,
  chunk: number,
  apply: (from: number, size: number) => tf.Tensor2D,
): tf.Tensor2D {
  return tf.tidy(() => {
    const parts: tf.Tensor2D[] = [];
    for (let from = 0; from < rows; from += chunk) {
      parts.push(tf.tidy(() => apply(from, Math.min(chunk, rows - from))));
    }
    return tf.concat(parts, 0);
  });
}

/**
 * Embeds latents, a chunk at a time.
 *
 * @param model The generator.
 * @param latents w, `[N, D]`. Borrowed.
 * @param chunk Latents at a time.
 * @returns e(w), `[N, E]`. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { identityToy } from "@outis/outis/brownian";
 * import { embedInChunks } from "./force.ts";
 *
 * embedInChunks(identityToy(1), tf.tensor2d([[1], [2], [3]]), 2).print();
 * ```
 */
export function embedInChunks(
  model: EmbeddedLatents,
  latents: tf.Tensor2D,
  chunk: number,
): tf.Tensor2D {
  const [count, dimensions] = latents.shape;
  return inChunks(
    count,
    chunk,
    (from, size) =>
      model.embed(tf.slice(latents, [from, 0], [size, dimensions])),
  );
}

/**
 * Force -Jᵀg on latents, a chunk at a time.
 *
 * @param model The generator.
 * @param latents w, `[N, D]`. Borrowed.
 * @param gradient g = dU/de, `[N, E]`. Borrowed.
 * @param chunk Latents at a time.
 * @returns -Jᵀg, `[N, D]`. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { identityToy } from "@outis/outis/brownian";
 * import { pulledForce } from "./force.ts";
 *
 * pulledForce(identityToy(1), tf.ones([3, 1]), tf.ones([3, 1]), 2).print(); // -1
 * ```
 */
export function pulledForce(
  model: EmbeddedLatents,
  latents: tf.Tensor2D,
  gradient: tf.Tensor2D,
  chunk: number,
): tf.Tensor2D {
  const [count, dimensions] = latents.shape;
  return inChunks(count, chunk, (from, size) => {
    const own = tf.slice(latents, [from, 0], [size, dimensions]);
    const slope = tf.slice(gradient, [from, 0], [size, model.width]);
    return tf.neg(model.pullBack(own, slope));
  });
}

/**
 * The push of real people.
 *
 * @param embeddings e, `[N, E]`. Borrowed.
 * @param avoid Whom to keep away from.
 * @param kappa κ.
 * @returns Gradient, energy, and the angle of each to the nearest of them.
 * @throws {TypeError} If the widths differ.
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { avoidance } from "./force.ts";
 *
 * const real = { embeddings: tf.tensor2d([[1, 0]]) };
 * console.log(avoidance(tf.tensor2d([[0, 1]]), real).overlaps); // 0: far enough
 * ```
 */
export function avoidance(
  embeddings: tf.Tensor2D,
  avoid: Avoidance,
  kappa?: number,
): AngularRepulsion {
  const { distance = AVOID_DISTANCE, stiffness = 1 } = avoid;
  return angularRepulsion(embeddings, {
    distance,
    stiffness,
    others: avoid.embeddings,
    ...(kappa === undefined ? {} : { kappa }),
  });
}

/**
 * Repulsion of variations in latent space (eq. B7).
 *
 * @module
 */
import { checkRange, checkShape } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";

/** Rows at a time: differences of all pairs of a block are held at once. */
const ROWS = 8;

/** Options of {@linkcode latentRepulsion}. */
export interface LatentRepulsionOptions {
  /** d_w: pairs farther apart do not act, at least 0. */
  distance: number;
  /**
   * k_w, at least 0.
   *
   * @default {1}
   */
  stiffness?: number;
}

/** What {@linkcode latentRepulsion} finds. */
export interface LatentRepulsion {
  /** -dU/dw, `[n, D]`. Owned by the caller. */
  force: tf.Tensor2D;
  /** U. */
  energy: number;
  /** Number of pairs closer than `distance`. */
  overlaps: number;
  /** Smallest distance of two that do not coincide; `Infinity` where there are none. */
  nearest: number;
}

/**
 * Energy and force of the repulsion between latents:
 *
 * U = Σ_{a<b} (k_w/2) [d_w - ‖w_a - w_b‖]₊²,  F_a = Σ_b k_w [d_w - ‖w_a - w_b‖]₊ (w_a - w_b) / ‖w_a - w_b‖
 *
 * Differences are formed as such, not from products: variations lie close together. What coincides has no direction to part
 * in, and so no force.
 *
 * @param latents w, `[n, D]`. Borrowed.
 * @param options Reach and strength.
 * @returns Force, energy, overlaps.
 * @throws {TypeError} If the latents are no matrix.
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import { latentRepulsion } from "@outis/outis/brownian";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * latentRepulsion(tf.tensor2d([[0, 5], [0, -5]]), { distance: 12 }).force.print(); // [[0, 2], [0, -2]]
 * ```
 */
export function latentRepulsion(
  latents: tf.Tensor2D,
  options: LatentRepulsionOptions,
): LatentRepulsion {
  const { distance, stiffness = 1 } = options;
  const act = "repel variations";
  checkShape(act, "latents", latents, [null, null]);
  checkRange(act, "distance", distance, { min: 0 });
  checkRange(act, "stiffness", stiffness, { min: 0 });
  const [count, dimensions] = latents.shape;
  let energy = 0, overlaps = 0, nearest = Infinity;
  const force = tf.tidy(() => {
    const parts: tf.Tensor2D[] = [];
    for (let from = 0; from < count; from += ROWS) {
      const rows = Math.min(ROWS, count - from);
      parts.push(tf.tidy(() => {
        const own = tf.slice(latents, [from, 0], [rows, dimensions]);
        const away = tf.sub(tf.expandDims(own, 1), tf.expandDims(latents, 0));
        const lengths = tf.norm(away, 2, 2); // [rows, n]
        const distinct = tf.greater(lengths, 0);
        const overlap = tf.where(
          distinct,
          tf.relu(tf.sub(distance, lengths)),
          0,
        );
        const [squares, count, least] = tf.stack([
          tf.sum(tf.square(overlap)),
          tf.sum(tf.cast(tf.greater(overlap, 0), "float32")),
          tf.min(tf.where(distinct, lengths, Infinity)),
        ]).dataSync();
        energy += 0.25 * stiffness * squares;
        overlaps += 0.5 * count;
        nearest = Math.min(nearest, least);
        const strength = tf.div(
          tf.mul(stiffness, overlap),
          tf.where(distinct, lengths, 1),
        );
        return tf.sum(
          tf.mul(tf.expandDims(strength, 2), away),
          1,
        ) as tf.Tensor2D;
      }));
    }
    return tf.concat(parts, 0);
  });
  return { force, energy, overlaps, nearest };
}

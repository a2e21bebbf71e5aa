/**
 * Repulsion of identities: eqs. B1, B4 and B5, in tiles.
 *
 * | symbol | here |
 * | --- | --- |
 * | u = e/‖e‖ | `units` |
 * | c_ij = κ u_i · u_j, θ_ij = arccos c_ij | `cosine`, `angle` |
 * | d_0, k_0 | `distance`, `stiffness` |
 *
 * @module
 */
import { checkRange, checkShape } from "../core/mod.ts";
import { jit, tf } from "../engine/mod.ts";
import {
  angleSlope,
  boundedCosine,
  directions,
  KAPPA,
} from "./angular_distance.ts";

/** Rows and columns of a tile: some 16 MB a matrix, whatever the number of particles. */
const ROWS = 1024;
const COLUMNS = 4096;

/** Options of {@linkcode angularRepulsion}. */
export interface AngularRepulsionOptions {
  /** d_0, radians: pairs farther apart do not act, in (0, 3.14]. */
  distance: number;
  /**
   * k_0, at least 0.
   *
   * @default {1}
   */
  stiffness?: number;
  /**
   * κ, in (0, 1].
   *
   * @default {0.999999}
   */
  kappa?: number;
  /** Embeddings of others, `[M, E]`, that push and are not moved (eq. B5). Without them the embeddings push each other. */
  others?: tf.Tensor2D;
  /**
   * Rows and columns of a tile; the result does not depend on them but for rounding.
   *
   * @default {[1024, 4096]}
   */
  tile?: [rows: number, columns: number];
}

/** What {@linkcode angularRepulsion} finds. */
export interface AngularRepulsion {
  /** dU/de, `[N, E]`. Owned by the caller. */
  gradient: tf.Tensor2D;
  /** U, the energy of all pairs. */
  energy: number;
  /** Number of pairs closer than `distance`. */
  overlaps: number;
  /** Smallest, mean and largest angle of all pairs, radians; `NaN` where there is no pair. */
  angles: { min: number; mean: number; max: number };
  /** Angle of each to the nearest other, radians, `[N]`; π where there is no other. */
  nearest: Float32Array;
}

/**
 * Energy and gradient of the repulsion between the directions of embeddings:
 *
 * U = Σ_{i<j} (k_0/2) [d_0 - θ_ij]₊²  (B1)
 *
 * g_i = dU/de_i = (1/‖e_i‖) Σ_{j≠i} k_0 [d_0 - θ_ij]₊ κ / √(1 - c_ij²) (u_j - (u_i·u_j) u_i)  (B4)
 *
 * or, with `others` c_m, U = Σ_i Σ_m (k_0/2) [d_0 - θ(e_i, c_m)]₊² (B5). All pairs are looked at, in tiles: memory does not
 * grow with their number. What coincides has no direction to part in, and so no force.
 *
 * @param embeddings e, `[N, E]`, any norm but zero. Borrowed.
 * @param options Reach, strength, who pushes.
 * @returns Gradient, energy, angles.
 * @throws {TypeError} If the widths differ.
 * @throws {RangeError} If an option is out of range, or an embedding is zero or not finite.
 *
 * @example
 * ```ts
 * import { angularRepulsion } from "@outis/outis/brownian";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const right = tf.tensor2d([[1, 0], [0, 1]]);
 * const { gradient, energy } = angularRepulsion(right, { distance: 1.7 });
 * gradient.print(); // [[0, 0.129], [0.129, 0]]
 * console.log(energy); // (1.7 - π/2)² / 2
 * ```
 */
export function angularRepulsion(
  embeddings: tf.Tensor2D,
  options: AngularRepulsionOptions,
): AngularRepulsion {
  const {
    distance,
    stiffness = 1,
    kappa = KAPPA,
    others,
    tile = [ROWS, COLUMNS],
  } = options;
  const act = "repel embeddings";
  checkShape(act, "embeddings", embeddings, [null, null]);
  const [count, width] = embeddings.shape;
  if (others !== undefined) checkShape(act, "others", others, [null, width]);
  checkRange(act, "distance", distance, {
    min: 0,
    max: 3.14,
    exclusive: "min",
  });
  checkRange(act, "stiffness", stiffness, { min: 0 });
  checkRange(act, "kappa", kappa, { min: 0, max: 1, exclusive: "min" });
  for (const size of tile) {
    checkRange(act, "tile", size, { min: 1, integer: true });
  }

  let energy = 0, overlaps = 0, angleSum = 0, farthest = Infinity, pairs = 0;
  const nearest = new Float32Array(count).fill(-Infinity);
  const gradient = tf.tidy(() => {
    const [units, lengths] = directions(act, "embeddings", embeddings);
    const columns = others === undefined
      ? units
      : directions(act, "others", others)[0];
    pairs = others === undefined
      ? count * (count - 1)
      : count * columns.shape[0];
    const constants = tf.tensor1d([distance, stiffness, kappa]);
    const rows: tf.Tensor2D[] = [];
    for (let i = 0; i < count; i += tile[0]) {
      const from = tf.slice(units, [i, 0], [
        Math.min(tile[0], count - i),
        width,
      ]);
      const height = from.shape[0];
      let push: tf.Tensor2D = tf.zeros([height, width]);
      for (let j = 0; j < columns.shape[0]; j += tile[1]) {
        const size = Math.min(tile[1], columns.shape[0] - j);
        const to = tf.slice(columns, [j, 0], [size, width]);
        const part = tf.tidy(() => {
          const self = others === undefined ? i - j : NOWHERE;
          const { cosine, sums, most, least } = lookAtTile(
            from,
            to,
            tf.scalar(self, "int32"),
            constants,
          );
          const [e, o, a] = sums.dataSync();
          energy += e;
          overlaps += o;
          angleSum += a;
          farthest = Math.min(farthest, least.dataSync()[0]);
          most.dataSync().forEach((value, k) => {
            nearest[i + k] = Math.max(nearest[i + k], value);
          });
          // Most tiles of well separated identities hold no pair that acts.
          return o === 0 ? undefined : tf.add(
            push,
            pushOfTile(from, to, cosine, constants),
          ) as tf.Tensor2D;
        });
        if (part !== undefined) {
          push.dispose();
          push = part;
        }
        to.dispose();
      }
      from.dispose();
      rows.push(push);
    }
    return tf.div(tf.concat(rows), lengths) as tf.Tensor2D;
  });
  // Each pair of the embeddings themselves was seen from both sides.
  const half = others === undefined ? 0.5 : 1;
  const angle = (cosine: number) =>
    Math.acos(Math.max(-1, Math.min(1, kappa * cosine)));
  nearest.forEach((cosine, i) =>
    nearest[i] = pairs === 0 ? Math.PI : angle(cosine)
  );
  return {
    gradient,
    energy: half * energy,
    overlaps: half * overlaps,
    angles: {
      min: pairs === 0 ? NaN : nearest.reduce((a, b) => Math.min(a, b)),
      mean: angleSum / pairs,
      max: pairs === 0 ? NaN : angle(farthest),
    },
    nearest,
  };
}

/** Difference of row and column numbers that no pair has. */
const NOWHERE = -(2 ** 30);

/** Cosines of a tile, and of them: energy, overlaps and angles summed up; the largest of each row, the smallest of all. */
const lookAtTile = jit((
  from: tf.Tensor2D,
  to: tf.Tensor2D,
  self: tf.Scalar,
  constants: tf.Tensor1D,
) => {
  const [distance, stiffness, kappa] = tf.unstack(constants);
  const raw = tf.matMul(from, to, false, true);
  const [rows, columns] = raw.shape;
  // Row i of the tile is the particle of column i + self.
  const row = tf.add(tf.range(0, rows, 1, "int32"), self);
  const column = tf.range(0, columns, 1, "int32");
  const isPair = tf.notEqual(tf.expandDims(row, 1), tf.expandDims(column, 0));
  const cosine = boundedCosine(tf.mul(raw, kappa));
  const angle = tf.acos(cosine);
  const overlap = tf.where(isPair, tf.relu(tf.sub(distance, angle)), 0);
  const sums = tf.stack([
    tf.mul(tf.mul(0.5, stiffness), tf.sum(tf.square(overlap))),
    tf.sum(tf.cast(tf.greater(overlap, 0), "float32")),
    tf.sum(tf.where(isPair, angle, 0)),
  ]);
  return {
    // A particle and itself are as far apart as can be.
    cosine: tf.where(isPair, raw, -1) as tf.Tensor2D,
    sums,
    most: tf.max(tf.where(isPair, raw, -1), 1),
    least: tf.min(tf.where(isPair, raw, 1)),
  };
});

/** Σ_j K_ij (u_j - (u_i·u_j) u_i) of a tile, `[rows, E]`. */
const pushOfTile = jit((
  from: tf.Tensor2D,
  to: tf.Tensor2D,
  raw: tf.Tensor2D,
  constants: tf.Tensor1D,
) => {
  const [distance, stiffness, kappa] = tf.unstack(constants);
  const cosine = boundedCosine(tf.mul(raw, kappa));
  const overlap = tf.relu(tf.sub(distance, tf.acos(cosine)));
  const slope = angleSlope(cosine, kappa);
  const strength = tf.mul(tf.mul(stiffness, overlap), slope); // K_ij
  const along = tf.sum(tf.mul(strength, raw), 1, true); // [rows, 1]
  return tf.sub(tf.matMul(strength, to), tf.mul(along, from)) as tf.Tensor2D;
});

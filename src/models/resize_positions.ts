/**
 * Learned positions for images of another size.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { checkShape } from "../core/mod.ts";

/** Options of {@linkcode resizePositions}. */
export interface ResizePositionsOptions {
  /** Rows and columns of patches the positions were learned for. */
  from: readonly [number, number];
  /** Rows and columns of patches wanted. */
  to: readonly [number, number];
  /**
   * Whether smaller grids are smoothed first, as timm does it: PyTorch's `interpolate` with `antialias=True`, whose
   * cubic has a = -0.5. Without, a = -0.75 and four neighbours whatever the size, as in the code of the first vision
   * transformers.
   *
   * @default {true}
   */
  antialias?: boolean;
}

/**
 * Brings the positions of a vision transformer from one grid of patches to another by bicubic interpolation
 * (`align_corners=False`); the class token's stays as it is. On the same grid nothing changes.
 *
 * @param positions `[1, 1 + from rows · from columns, D]`. Borrowed.
 * @returns `[1, 1 + to rows · to columns, D]`. Owned by the caller. Differentiable.
 * @throws {TypeError} If the positions do not fit `from`.
 *
 * @example
 * ```ts
 * import { resizePositions } from "@outis/outis/models";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const positions = tf.zeros<tf.Rank.R3>([1, 1 + 14 * 14, 8]); // of 224 x 224 pixels
 * const resized = resizePositions(positions, { from: [14, 14], to: [16, 8] }); // 256 x 128
 * console.log(resized.shape); // [1, 129, 8]
 * ```
 */
export function resizePositions(
  positions: tf.Tensor3D,
  options: ResizePositionsOptions,
): tf.Tensor3D {
  const { from, to, antialias = true } = options;
  const count = from[0] * from[1];
  checkShape("resize positions", "positions", positions, [1, 1 + count, null]);
  const width = positions.shape[2];
  return tf.tidy(() => {
    if (from[0] === to[0] && from[1] === to[1]) return tf.clone(positions);
    const [rows, columns] = [0, 1].map((axis) =>
      interpolation(from[axis], to[axis], antialias)
    );
    const token = tf.slice(positions, [0, 0, 0], [1, 1, width]);
    let grid: tf.Tensor = tf.slice(positions, [0, 1, 0], [1, count, width]);
    grid = tf.reshape(grid, [from[0], from[1] * width]);
    grid = tf.matMul(rows, grid as tf.Tensor2D); // [to rows, from columns · D]
    grid = tf.reshape(grid, [to[0], from[1], width]);
    grid = tf.reshape(tf.transpose(grid, [1, 0, 2]), [from[1], to[0] * width]);
    grid = tf.matMul(columns, grid as tf.Tensor2D); // [to columns, to rows · D]
    grid = tf.reshape(grid, [to[1], to[0], width]);
    grid = tf.reshape(tf.transpose(grid, [1, 0, 2]), [1, to[0] * to[1], width]);
    return tf.concat([token, grid], 1) as tf.Tensor3D;
  });
}

/** The share of each of `from` places in each of `to`, `[to, from]`. */
function interpolation(
  from: number,
  to: number,
  antialias: boolean,
): tf.Tensor2D {
  const shares = new Float32Array(to * from);
  const step = from / to;
  const stretch = antialias ? Math.max(step, 1) : 1;
  const sharpness = antialias ? -0.5 : -0.75;
  for (let i = 0; i < to; i++) {
    const center = step * (i + 0.5) - 0.5;
    const first = Math.floor(center - 2 * stretch);
    const last = Math.ceil(center + 2 * stretch);
    let sum = 0;
    for (let j = first; j <= last; j++) {
      // Beyond the edge, smoothing leaves places out; plain interpolation takes the last one.
      if (antialias && (j < 0 || j >= from)) continue;
      const share = cubic((j - center) / stretch, sharpness);
      shares[i * from + Math.min(Math.max(j, 0), from - 1)] += share;
      sum += share;
    }
    for (let j = 0; j < from; j++) shares[i * from + j] /= sum;
  }
  return tf.tensor2d(shares, [to, from]);
}

/** Keys' cubic convolution kernel with slope a at 1. */
function cubic(distance: number, a: number): number {
  const x = Math.abs(distance);
  if (x >= 2) return 0;
  return x <= 1
    ? ((a + 2) * x - (a + 3)) * x * x + 1
    : ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
}

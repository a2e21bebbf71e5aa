/**
 * A linear support vector machine by dual coordinate descent.
 *
 * @module
 */
import { checkFinite, checkRange, randomStream } from "../core/mod.ts";

/** Options of {@linkcode linearSvm}. */
export interface LinearSvmOptions {
  /**
   * C, price of a violated margin, above 0.
   *
   * @default {1}
   */
  cost?: number;
  /**
   * Largest violation of the optimality conditions at which it stops.
   *
   * @default {1e-6}
   */
  tolerance?: number;
  /**
   * Passes over the samples at most.
   *
   * @default {1000}
   */
  passes?: number;
}

/** A separating plane: w · x + b. */
export interface LinearSvm {
  /** w, `[D]`. */
  weights: Float64Array;
  /** b. */
  bias: number;
}

/**
 * Separates two kinds of points: min_w ½ (‖w‖² + b²) + C Σ_i max(0, 1 - y_i (w · x_i + b)).
 *
 * Dual coordinate descent (Hsieh et al., 2008), in float64; the constant feature's weight b is penalised with the others, as
 * in LIBLINEAR. The order of the coordinates is drawn from a fixed stream, so equal data give equal planes.
 *
 * @param points x, `[N, D]`, row by row.
 * @param labels y, 1 or -1, `[N]`.
 * @param options Cost and when to stop.
 * @returns The plane.
 * @throws {TypeError} If the points are no whole rows.
 * @throws {RangeError} If a label is neither 1 nor -1, there is but one kind, a number is not finite, or an option is out
 *   of range.
 *
 * @example
 * ```ts
 * import { linearSvm } from "@outis/outis/brownian";
 *
 * const { weights, bias } = linearSvm([1, -1], [1, -1], { cost: 10 });
 * console.log(weights[0], bias); // 1, 0: the margins are at 1 and -1
 * ```
 */
export function linearSvm(
  points: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: LinearSvmOptions = {},
): LinearSvm {
  const { cost = 1, tolerance = 1e-6, passes = 1000 } = options;
  const act = "separate points";
  checkRange(act, "cost", cost, { min: 0, exclusive: "min" });
  checkRange(act, "tolerance", tolerance, { min: 0 });
  checkRange(act, "passes", passes, { min: 1, integer: true });
  const count = labels.length;
  for (let i = 0; i < count; i++) {
    if (labels[i] !== 1 && labels[i] !== -1) {
      throw new RangeError(
        `Cannot ${act} as 'labels[${i}]' must be 1 or -1: current value is ${
          labels[i]
        }`,
      );
    }
  }
  if (new Set(Array.from(labels)).size < 2) {
    throw new RangeError(
      `Cannot ${act} as 'labels' must have both kinds: current value is ${count} of one`,
    );
  }
  const dimensions = points.length / count;
  if (!Number.isInteger(dimensions)) {
    throw new TypeError(
      `Cannot ${act} as 'points' must be whole rows of ${count} points: current value is ${points.length} numbers`,
    );
  }
  checkFinite(act, "points", points);
  const weights = new Float64Array(dimensions);
  let bias = 0;
  const dual = new Float64Array(count);
  const squares = Float64Array.from({ length: count }, (_, i) => {
    let sum = 1;
    for (let k = 0; k < dimensions; k++) sum += points[i * dimensions + k] ** 2;
    return sum;
  });
  const random = randomStream(0, "support vector machine");
  for (let pass = 0; pass < passes; pass++) {
    let violation = 0;
    for (const i of random.fork(pass).permutation(count)) {
      let margin = bias;
      for (let k = 0; k < dimensions; k++) {
        margin += weights[k] * points[i * dimensions + k];
      }
      const slope = labels[i] * margin - 1;
      const projected = dual[i] === 0
        ? Math.min(slope, 0)
        : dual[i] === cost
        ? Math.max(slope, 0)
        : slope;
      violation = Math.max(violation, Math.abs(projected));
      if (projected === 0) continue;
      const next = Math.min(
        cost,
        Math.max(0, dual[i] - slope / squares[i]),
      );
      const step = (next - dual[i]) * labels[i];
      dual[i] = next;
      for (let k = 0; k < dimensions; k++) {
        weights[k] += step * points[i * dimensions + k];
      }
      bias += step;
    }
    if (violation <= tolerance) break;
  }
  return { weights, bias };
}

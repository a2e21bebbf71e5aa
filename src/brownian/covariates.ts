/**
 * DisCo: directions of labelled covariates, and variations that start along them.
 *
 * @module
 */
import { checkRange, type RandomStream } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import { linearSvm, type LinearSvmOptions } from "./linear_svm.ts";
import { startVariations } from "./start_variations.ts";

/** Latents of which it is known whether they show a covariate: turned to the left or to the right, smiling or not. */
export interface LabelledLatents {
  /** w, `[N, D]`, row by row. */
  latents: ArrayLike<number>;
  /** D. */
  dimensions: number;
  /** 1 with the covariate, -1 without. */
  labels: ArrayLike<number>;
  /** w̄, `[D]`, subtracted first. */
  mean: ArrayLike<number>;
}

/**
 * The direction of a covariate: v = max(-m⁻, m⁺) n, with n the unit normal of a linear support vector machine that separates
 * centred latents by their label, and m⁻, m⁺ the mean projections on n of those without and with the covariate.
 *
 * @param data Labelled latents.
 * @param options Of the support vector machine.
 * @returns v, `[D]`: a step of one goes as far as the farther of both means.
 * @throws {RangeError} If a label is neither 1 nor -1, there is but one kind, or nothing tells them apart.
 * @throws {TypeError} If lengths do not fit.
 *
 * @example
 * ```ts
 * import { covariateDirection } from "@outis/outis/brownian";
 *
 * const v = covariateDirection({
 *   latents: [2, 1, 2, -1, -1, 1, -1, -1],
 *   dimensions: 2,
 *   labels: [1, 1, -1, -1],
 *   mean: [0, 0],
 * });
 * console.log(v); // about [2, 0]
 * ```
 */
export function covariateDirection(
  data: LabelledLatents,
  options: LinearSvmOptions = {},
): Float32Array {
  const { latents, dimensions, labels, mean } = data;
  if (
    latents.length !== labels.length * dimensions || mean.length !== dimensions
  ) {
    throw new TypeError(
      `Cannot find a covariate as 'latents' must be ${labels.length} x ${dimensions} numbers and 'mean' ${dimensions}: current value is ${latents.length} and ${mean.length}`,
    );
  }
  const centred = Float64Array.from(
    latents,
    (value, i) => value - mean[i % dimensions],
  );
  const { weights } = linearSvm(centred, labels, options);
  const length = Math.sqrt(weights.reduce((sum, w) => sum + w * w, 0));
  if (length === 0) {
    throw new RangeError(
      "Cannot find a covariate as 'latents' must differ with it: current value is the same on both sides",
    );
  }
  const normal = weights.map((w) => w / length);
  const sums = new Map([[-1, 0], [1, 0]]);
  const counts = new Map([[-1, 0], [1, 0]]);
  for (let i = 0; i < labels.length; i++) {
    let projection = 0;
    for (let k = 0; k < dimensions; k++) {
      projection += centred[i * dimensions + k] * normal[k];
    }
    sums.set(labels[i], sums.get(labels[i])! + projection);
    counts.set(labels[i], counts.get(labels[i])! + 1);
  }
  const [low, high] = [-1, 1].map((y) => sums.get(y)! / counts.get(y)!);
  return Float32Array.from(normal, (n) => Math.max(-low, high) * n);
}

/** A direction and how far to go along it. */
export interface Covariate {
  /** v of {@linkcode covariateDirection}, `[D]`. */
  direction: ArrayLike<number>;
  /**
   * s_d: how many of its lengths the variations spread over.
   *
   * @default {1}
   */
  scale?: number;
}

/**
 * Variations to start from, spread along covariates: w_ref + σ_0 N(0, I) + Σ_d q_ad s_d v_d, q ~ Uniform(-1/2, 1/2). The rest
 * of DisCo is Dispersion. With all scales 0 the start is Dispersion's, bit for bit.
 *
 * @param reference w_ref, `[D]`. Borrowed.
 * @param covariates Directions and scales.
 * @param options How many, which stream, and σ_0, 0.2 unless given.
 * @returns `[count, D]`. Owned by the caller.
 * @throws {RangeError} If an option is out of range.
 * @throws {TypeError} If a direction has another length.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { startCovariates } from "@outis/outis/brownian";
 * import { tf } from "@outis/outis/engine";
 *
 * const start = startCovariates(
 *   tf.tensor1d([0, 0]),
 *   [{ direction: [2, 0] }],
 *   { count: 3, random: randomStream(1) },
 * );
 * console.log(start.shape); // [3, 2]
 * ```
 */
export function startCovariates(
  reference: tf.Tensor1D,
  covariates: readonly Covariate[],
  options: { count: number; random: RandomStream; spread?: number },
): tf.Tensor2D {
  const { count, random } = options;
  const dimensions = reference.size;
  const shifts = new Float32Array(count * dimensions);
  covariates.forEach(({ direction, scale = 1 }, d) => {
    checkRange("spread variations", `covariates[${d}].scale`, scale);
    if (direction.length !== dimensions) {
      throw new TypeError(
        `Cannot spread variations as 'covariates[${d}].direction' must have ${dimensions} numbers: current value is ${direction.length}`,
      );
    }
    for (let a = 0; a < count; a++) {
      const share = scale * (random.fork("covariate", d, a).uniform() - 0.5);
      if (share === 0) continue;
      for (let k = 0; k < dimensions; k++) {
        shifts[a * dimensions + k] += share * direction[k];
      }
    }
  });
  return tf.tidy(() =>
    tf.add(
      startVariations(reference, options),
      tf.tensor2d(shifts, [count, dimensions]),
    )
  ) as tf.Tensor2D;
}

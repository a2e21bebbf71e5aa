/**
 * What AdaFace knows of the norms of features.
 *
 * @module
 */
import { checkRange, checkShape } from "../core/mod.ts";
import { stopGradient, tf } from "../engine/mod.ts";

/** Mean and deviation of the norms of features. A `type`, so that it can go through `jit`. */
export type NormStatistics = {
  /** Mean, a scalar. */
  mean: tf.Tensor;
  /** Standard deviation, a scalar. */
  deviation: tf.Tensor;
};

/** Norms outside count as the nearer bound, as in AdaFace's program: one outlier must not move the statistics. */
const [SHORTEST, LONGEST] = [1e-3, 100];
/** What running statistics begin with in AdaFace's program. */
const FIRST = { mean: 20, deviation: 100 };

/**
 * Running statistics before the first batch: mean 20, deviation 100, as in AdaFace's program.
 *
 * @returns Owned by the caller.
 *
 * @example
 * ```ts
 * import { firstNormStatistics } from "@outis/outis/losses";
 *
 * console.log(firstNormStatistics().mean.arraySync()); // 20
 * ```
 */
export function firstNormStatistics(): NormStatistics {
  return { mean: tf.scalar(FIRST.mean), deviation: tf.scalar(FIRST.deviation) };
}

/** Options of {@linkcode normStatistics}. */
export interface NormStatisticsOptions {
  /** The running statistics so far. Borrowed. @default none: those of the batch alone are returned */
  previous?: NormStatistics;
  /** Share of the batch in the new ones, in (0, 1]. @default 0.01, as AdaFace was trained */
  momentum?: number;
}

/**
 * Mean and sample deviation (n - 1) of the norms of a batch of features, or running ones renewed by them:
 * μ ← t μ_batch + (1 - t) μ, likewise σ. No gradient flows through them.
 *
 * @param features `[B, D]`, at least two. Borrowed.
 * @param options Statistics so far, and how fast they follow.
 * @returns Owned by the caller.
 * @throws {RangeError} If there is one sample only, or the momentum is out of range.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { normStatistics } from "@outis/outis/losses";
 *
 * const { mean, deviation } = normStatistics(tf.tensor2d([[3, 4], [0, 7]]));
 * console.log(mean.arraySync(), deviation.arraySync()); // 6, 1.4142
 * ```
 */
export function normStatistics(
  features: tf.Tensor2D,
  options: NormStatisticsOptions = {},
): NormStatistics {
  const { previous, momentum = 0.01 } = options;
  const act = "measure the norms of features";
  checkShape(act, "features", features, [null, null]);
  const count = features.shape[0];
  checkRange(act, "features.shape[0]", count, { min: 2 });
  checkRange(act, "momentum", momentum, { min: 0, max: 1, exclusive: "min" });
  return tf.tidy(() => {
    const norms = featureNorms(features);
    const mean = tf.mean(norms);
    const squares = tf.sum(tf.square(tf.sub(norms, mean)));
    const deviation = tf.sqrt(tf.div(squares, count - 1));
    if (previous === undefined) return { mean, deviation };
    const renewed = (old: tf.Tensor, found: tf.Tensor) =>
      tf.add(tf.mul(found, momentum), tf.mul(old, 1 - momentum));
    return {
      mean: renewed(previous.mean, mean),
      deviation: renewed(previous.deviation, deviation),
    };
  });
}

/**
 * Norms of features between 0.001 and 100, without gradient.
 *
 * @param features `[B, D]`. Borrowed.
 * @returns `[B]`. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { featureNorms } from "./norm_statistics.ts";
 *
 * featureNorms(tf.tensor2d([[3, 4], [0, 900]])).print(); // [5, 100]
 * ```
 */
export function featureNorms(features: tf.Tensor2D): tf.Tensor1D {
  return tf.tidy(() => {
    const norms = tf.sqrt(tf.sum(tf.square(stopGradient(features)), 1));
    return tf.clipByValue(norms, SHORTEST, LONGEST) as tf.Tensor1D;
  });
}

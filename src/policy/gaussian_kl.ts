/**
 * How far the policy has moved.
 *
 * @module
 */
import { checkOneOf, checkRange, checkShape } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";

const act = "compare transitions";

/** Options of {@linkcode gaussianKl}. */
export interface GaussianKlOptions {
  /**
   * σ' of the other transition, above 0: a number, a scalar, or one per dimension.
   *
   * @default {the first's}
   */
  otherDeviation?: tf.Tensor | number;
  /**
   * Mean over dimensions, which goes with log-densities that are means, or sum.
   *
   * @default {"mean"}
   */
  reduce?: "mean" | "sum";
}

/**
 * Kullback-Leibler divergence of two Gaussian transitions, the mean over dimensions unless the sum is asked for:
 *
 * KL(N(μ, σ²) || N(μ', σ'²)) = mean_d [ log(σ'_d / σ_d) + (σ_d² + (μ_d - μ'_d)²) / (2σ'_d²) - 1/2 ]
 *
 * and, with the same deviation, mean_d (μ_d - μ'_d)² / (2σ_d²).
 *
 * DPOK's penalty KL(p_θ(.|x_t, c) || p_cold(.|x_t, c)) in closed form, up to the scale 1/dimensions that the
 * log-densities of this project have.
 *
 * @param mean μ, `[B, ...]`. Borrowed.
 * @param other μ', of the same shape. Borrowed.
 * @param deviation σ, above 0: a number, a scalar, or of μ's shape. Borrowed.
 * @param options The other's deviation, mean or sum.
 * @returns `[B]`, nats per dimension, or nats. Owned by the caller.
 * @throws {TypeError} If the shapes differ.
 * @throws {RangeError} If a deviation is a number not above 0, or `reduce` neither mean nor sum.
 *
 * @example
 * ```ts
 * import { gaussianKl } from "@outis/outis/policy";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const [mean, other] = [tf.ones([1, 3]), tf.zeros([1, 3])];
 * console.log(gaussianKl(mean, other, 0.5).arraySync()); // [2]
 * console.log(gaussianKl(mean, mean, 0.5, { otherDeviation: 1 }).arraySync()); // [log 2 + 0.25 / 2 - 0.5] = [0.318]
 * ```
 */
export function gaussianKl(
  mean: tf.Tensor,
  other: tf.Tensor,
  deviation: tf.Tensor | number,
  options: GaussianKlOptions = {},
): tf.Tensor1D {
  const { otherDeviation, reduce = "mean" } = options;
  checkShape(act, "other", other, mean.shape);
  checkOneOf(act, "reduce", reduce, ["mean", "sum"]);
  checkDeviation("deviation", deviation, mean.shape);
  if (otherDeviation !== undefined) {
    checkDeviation("otherDeviation", otherDeviation, mean.shape);
  }
  return tf.tidy(() => {
    const z = tf.div(tf.sub(mean, other), otherDeviation ?? deviation);
    const squares = tf.square(z);
    const twice = otherDeviation === undefined
      ? squares
      : tf.add(squares, spreadTerm(deviation, otherDeviation));
    const perSample = tf.reshape(twice, [mean.shape[0], -1]);
    return tf.mul(
      0.5,
      reduce === "mean" ? tf.mean(perSample, 1) : tf.sum(perSample, 1),
    ) as tf.Tensor1D;
  });
}

function checkDeviation(
  name: string,
  value: tf.Tensor | number,
  shape: number[],
): void {
  if (typeof value === "number") {
    checkRange(act, name, value, { min: 0, exclusive: true });
  } else if (value.rank > 0) {
    checkShape(act, name, value, shape);
  }
}

/** σ²/σ'² - 1 - log(σ²/σ'²), without the cancellation that would drown it for deviations that are nearly the same. */
function spreadTerm(
  deviation: tf.Tensor | number,
  otherDeviation: tf.Tensor | number,
): tf.Tensor {
  const ratio = tf.div(deviation, otherDeviation);
  const excess = tf.mul(tf.sub(ratio, 1), tf.add(ratio, 1)); // σ²/σ'² - 1
  return tf.sub(excess, tf.mul(2, tf.log(ratio)));
}

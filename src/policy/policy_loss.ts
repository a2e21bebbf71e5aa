/**
 * Policy-gradient objectives on one transition of the denoising chain.
 *
 * @module
 */
import { checkShape } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";

/** What a {@linkcode policyLoss} is computed from, per sample, `[B]`. */
export interface PolicyLossInput {
  /** log p_θ(x_{t-1} | x_t, c) under the weights that are trained; the mean over dimensions. */
  logDensity: tf.Tensor1D;
  /** The same under the weights that drew the sample: a constant. */
  oldLogDensity: tf.Tensor1D;
  /** How much better than expected the sample came out. */
  advantage: tf.Tensor1D;
}

/** Options of {@linkcode policyLoss}. */
export interface PolicyLossOptions {
  /**
   * Range of the importance ratio in PPO's pessimistic clipping, as in DDPO: beyond [1 - clip, 1 + clip] a sample pulls
   * no further. For log-densities that are means over dimensions about 1e-4. `Infinity` does not clip.
   *
   * @default {Infinity}
   */
  clip?: number;
}

/**
 * The loss whose gradient is that of eq. 1, negated:
 *
 * L = -mean_b min(r_b A_b, clamp(r_b, 1 - clip, 1 + clip) A_b),  r = exp(log p_θ - log p_old)
 *
 * At r = 1, the first inner step on a batch, ∇L = -mean_b A_b ∇ log p_θ, which is REINFORCE.
 *
 * @returns A scalar. Owned by the caller.
 * @throws {RangeError} If `clip` is not above 0.
 * @throws {TypeError} If the shapes differ.
 *
 * @example
 * ```ts
 * import { policyLoss } from "@outis/outis/policy";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const logDensity = tf.tensor1d([-1, -2]);
 * const loss = policyLoss({ logDensity, oldLogDensity: logDensity, advantage: tf.tensor1d([1, 3]) });
 * console.log(loss.arraySync()); // -2: the ratios are 1
 * ```
 */
export function policyLoss(
  input: PolicyLossInput,
  options: PolicyLossOptions = {},
): tf.Scalar {
  const { logDensity, oldLogDensity, advantage } = input;
  const { clip = Infinity } = options;
  if (!(clip > 0)) {
    throw new RangeError(
      `Cannot compute a policy loss as 'clip' must be above 0: current value is ${clip}`,
    );
  }
  const shape = [logDensity.shape[0]];
  for (
    const [name, values] of Object.entries({
      logDensity,
      oldLogDensity,
      advantage,
    })
  ) {
    checkShape("compute a policy loss", name, values, shape);
  }
  return tf.tidy(() => {
    const ratio = tf.exp(tf.sub(logDensity, oldLogDensity));
    const free = tf.mul(ratio, advantage);
    if (clip === Infinity) return tf.neg(tf.mean(free)) as tf.Scalar;
    const bounded = tf.mul(
      tf.clipByValue(ratio, 1 - clip, 1 + clip),
      advantage,
    );
    return tf.neg(tf.mean(tf.minimum(free, bounded))) as tf.Scalar;
  });
}

/**
 * The policy gradient of one transition: the inner step of eq. 1.
 *
 * @module
 */
import { jit, type Jitted, stopGradient, tf } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";
import { transitionLogDensity } from "../diffusion/mod.ts";
import { valueAndGradients } from "../optim/mod.ts";
import {
  dpokLoss,
  type PolicyObjective,
  ppoLoss,
  ratioStatistics,
  reinforceLoss,
} from "../policy/mod.ts";
import { divergenceOf } from "./divergence.ts";
import type { Metrics, TunedChain } from "./objective.ts";
import type { PolicyOptions } from "./policy_gradient.ts";
import type { ReinforceOptions } from "./reinforce_options.ts";

/** A batch's transition. A `type`, for `jit`. */
export type TransitionInput = {
  /** x_t, `[B, H, W, C]`. */
  state: tf.Tensor4D;
  /** x_{t-1}, of the same shape. */
  next: tf.Tensor4D;
  /** The transition's numbers, see `stepTensor`. */
  step: tf.Tensor1D;
  /** Classes, `[B]`. */
  labels: tf.Tensor1D;
  /** How much better than expected the samples came out, `[B]`. */
  advantage: tf.Tensor1D;
  /** Factor on the loss, a scalar. */
  share: tf.Scalar;
  /** Factor on the divergence, beside its weight, a scalar. */
  klShare: tf.Scalar;
  /** log p under the weights that drew the sample, `[B]`; left out where these are the present ones. */
  oldLogDensity?: tf.Tensor1D;
};

/** What comes of it. A `type`, for `jit`. */
export type TransitionResult = {
  /** The sums with this transition's gradients. */
  sums: Params;
  /** log p under the present weights, `[B]`. */
  logDensity: tf.Tensor1D;
  /** `kl`, `clipFraction` and `sampleSize`. */
  metrics: Metrics;
};

/**
 * Adds the gradient of one transition's loss to those of the transitions before.
 *
 * @param chain The policy. Borrowed as long as the function is used.
 * @param options Those of `reinforce`.
 * @returns A jitted function of the trained weights, those that stay, the trained ones as the cold start left them, the
 * transition, and the sums so far. Arguments are borrowed, results owned.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import { autoencoder, dit, smallAutoencoder, smallDit } from "@outis/outis/models";
 * import { makeGenerator, makeSampler } from "@outis/outis/stages";
 * import { policyTransition } from "./policy_transition.ts";
 *
 * await useBackend("auto");
 * const vae = autoencoder(smallAutoencoder({ height: 16, width: 16, widths: [8, 8, 8], latentChannels: 4 }));
 * const denoiser = dit(
 *   smallDit({ height: 2, width: 2, channels: 4, patch: 1, hidden: 32, depth: 1, heads: 2, classes: 2 }),
 * );
 * const generator = makeGenerator({
 *   schema: 1,
 *   autoencoder: vae.config,
 *   dit: denoiser.config,
 *   diffusion: { kind: "cosine", steps: 1000, prediction: "velocity" },
 *   identities: ["ada", "bo"],
 * }, { autoencoder: vae.init(randomStream(1)), dit: denoiser.init(randomStream(2)) });
 *
 * // The inner step with all weights trained.
 * const sampler = makeSampler(generator, { samplingSteps: 3 });
 * const innerStep = policyTransition({ sampler, merge: (_, all) => all }, { klWeight: 0.01 });
 * innerStep.dispose();
 * sampler.dispose();
 * generator.dispose();
 * ```
 */
export function policyTransition(
  { sampler, merge }: Pick<TunedChain, "sampler" | "merge">,
  options: Pick<ReinforceOptions, "policy" | "kl" | "klWeight">,
): Jitted<
  (
    trained: Params,
    frozen: Params,
    cold: Params,
    input: TransitionInput,
    sums: Params,
  ) => TransitionResult
> {
  const { klWeight = 0.01, policy = {} } = options;
  const { clip = 1e-4 } = policy;
  const loss = lossOf(policy, clip);
  const divergence = divergenceOf(options.kl);

  return jit((trained, frozen, cold, input, sums) => {
    const { state, next, step, labels, advantage, share, klShare } = input;
    const under = (weights: Params) =>
      sampler.transition(merge(frozen, weights), state, step, labels);
    const reference = under(cold);
    const { parts, gradients } = valueAndGradients((weights) => {
      const now = under(weights);
      const logDensity = transitionLogDensity(next, now.mean, now);
      const oldLogDensity = input.oldLogDensity ?? stopGradient(logDensity);
      const kl = tf.mean(divergence(now, reference));
      const gain = tf.mul(
        loss({ logDensity, oldLogDensity, advantage }),
        share,
      );
      return {
        loss: klWeight === 0
          ? gain
          : tf.add(gain, tf.mul(tf.mul(kl, klShare), klWeight)),
        kl,
        logDensity,
        oldLogDensity,
      };
    }, trained);
    const logDensity = parts.logDensity as tf.Tensor1D;
    const oldLogDensity = parts.oldLogDensity as tf.Tensor1D;
    const ratios = ratioStatistics({ logDensity, oldLogDensity }, { clip });
    return {
      sums: Object.fromEntries(
        Object.entries(gradients).map((
          [name, g],
        ) => [name, tf.add(sums[name], g)]),
      ),
      logDensity,
      metrics: {
        kl: parts.kl as tf.Scalar,
        clipFraction: ratios.clipFraction,
        sampleSize: ratios.effectiveSampleSize,
      },
    };
  });
}

function lossOf(
  { loss = "reinforce" }: PolicyOptions,
  clip: number,
): PolicyObjective {
  if (typeof loss === "function") return loss;
  if (loss === "reinforce") return reinforceLoss();
  return loss === "dpok" ? dpokLoss({ clip, klWeight: 0 }) : ppoLoss({ clip });
}

/**
 * Eq. 1: ∇J = E[ R(x_0, c) Σ_t ∇ log p_θ(x_{t-1} | x_t, c, t) ].
 *
 * @module
 */
import { jit, stopGradient, tf } from "../engine/mod.ts";
import { checkRange, type Params } from "../core/mod.ts";
import {
  stepScalars,
  stepTensor,
  transitionLogDensity,
} from "../diffusion/mod.ts";
import { valueAndGradients } from "../optim/mod.ts";
import { gaussianKl, policyLoss } from "../policy/mod.ts";
import { scoreBatch, setRewards } from "../rewards/mod.ts";
import type { Generator } from "./generator.ts";
import type { Objective, ReinforceOptions } from "./reinforce.ts";
import type { Sampler } from "./sampler.ts";

/** Options of the policy gradient. */
export interface PolicyOptions {
  /**
   * What is subtracted from a reward before it is standardised (eq. 10): the batch's mean, as printed, or that of the
   * sample's identity. Over several identities the printed form spends most of its signal on which identity is easy.
   *
   * @default {"identity"}
   */
  baseline?: "batch" | "identity";
  /**
   * How the transitions of a chain are weighed against each other. `"density"` is eq. 1 as printed: ∇ log p carries
   * 1 / σ_t, so the last, least noisy transitions drown the others, though they change a picture least. `"deviation"`
   * multiplies each by σ_t, which makes them equal.
   *
   * @default {"density"}
   */
  timeWeights?: "density" | "deviation";
}

/**
 * The rewards' credits that go with a baseline: with the identity's own mean, a shared credit would vanish.
 *
 * @param baseline What is subtracted from a reward.
 * @returns Credits of eqs. 5 and 9.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { creditOptions } from "./policy_gradient.ts";
 *
 * assertEquals(creditOptions("identity").expressive.credit, "leaveOneOut");
 * ```
 */
export function creditOptions(baseline: "batch" | "identity"): {
  coverage: { credit: "mean" | "marginal" };
  expressive: { credit: "shared" | "leaveOneOut" };
} {
  return baseline === "identity"
    ? {
      coverage: { credit: "marginal" },
      expressive: { credit: "leaveOneOut" },
    }
    : { coverage: { credit: "mean" }, expressive: { credit: "shared" } };
}

/**
 * The policy gradient over all transitions with noise. Gradients are added up transition by transition, so memory does not
 * grow with their number.
 *
 * @param generator The generator whose transformer is tuned. Borrowed as long as the objective is used.
 * @param sampler Its chain.
 * @param options Those of {@linkcode reinforce}.
 * @returns The objective, to be disposed by the caller.
 * @throws {RangeError} If no transition has noise, or a batch has too few samples or identities for its baseline.
 *
 * @example
 * ```ts
 * import { type Generator, makeSampler, type ReinforceOptions } from "@outis/outis/stages";
 * import { policyGradient } from "./policy_gradient.ts";
 *
 * // What reinforce() does with the objective "policy".
 * function objective(generator: Generator, options: ReinforceOptions) {
 *   const sampler = makeSampler(generator, options);
 *   return policyGradient(generator, sampler, options);
 * }
 * console.log(objective.length); // 2
 * ```
 */
export function policyGradient(
  generator: Generator,
  sampler: Sampler,
  options: ReinforceOptions,
): Objective {
  const { bank, embedder, auditor, klWeight = 0.01, weights, samples = 16 } =
    options;
  const { baseline = "identity", timeWeights = "density" } = options.policy ??
    {};
  const noisy = sampler.steps.filter(({ deviation }) => deviation > 0);
  const act = "take the policy gradient";
  checkRange(act, "number of transitions with noise", noisy.length, { min: 1 });
  // Of an identity's own samples one is left out and two have to stay (eq. 6); over the batch two identities are needed.
  const least = baseline === "identity"
    ? { samples: 3, identities: 1 }
    : { samples: 2, identities: 2 };
  const whole = { integer: true };
  checkRange(act, "samples", samples, { min: least.samples, ...whole });
  checkRange(act, "identities", options.identities ?? 8, {
    min: least.identities,
    ...whole,
  });
  const meanDeviation =
    noisy.reduce((sum, { deviation }) => sum + deviation, 0) /
    noisy.length;

  const score = jit((images: tf.Tensor4D, labels: tf.Tensor1D) => {
    const features = embedder.embed(images);
    const { total } = scoreBatch(features, labels, bank, {
      baseline,
      ...(weights === undefined ? {} : { weights }),
      ...creditOptions(baseline),
      samplesPerIdentity: samples,
    });
    // Logged are the rewards as printed, whatever credits the samples got.
    const sets = setRewards(features, labels, bank, {
      samplesPerIdentity: samples,
    });
    const average = (values: tf.Tensor) => tf.sum(tf.mul(values, sets.share));
    const audit = auditor === undefined ? undefined : scoreBatch(
      auditor.embedder.embed(images),
      labels,
      auditor.bank,
      { samplesPerIdentity: samples, smallGroups: "zeroSpread" },
    ).raw.semantic;
    return {
      total,
      semantic: average(sets.semantic),
      coverage: average(sets.coverage),
      expressive: average(sets.expressive),
      ...(audit === undefined ? {} : { auditor: tf.mean(audit) }),
    };
  });

  // One transition's part of the loss and its gradient.
  const transition = jit((
    trained: Params,
    frozen: Params,
    cold: Params,
    input: {
      state: tf.Tensor4D;
      next: tf.Tensor4D;
      step: tf.Tensor1D;
      labels: tf.Tensor1D;
      advantage: tf.Tensor1D;
      share: tf.Scalar;
    },
    sums: Params,
  ) => {
    const { state, next, step, labels, advantage, share } = input;
    const scalars = stepScalars(step);
    const reference = klWeight === 0
      ? undefined
      : sampler.mean({ ...frozen, ...cold }, state, step, labels);
    const { parts, gradients } = valueAndGradients((weights) => {
      const mean = sampler.mean({ ...frozen, ...weights }, state, step, labels);
      const logDensity = transitionLogDensity(next, mean, scalars);
      // The samples were drawn with these very weights: the old density is the new one, held constant.
      const oldLogDensity = stopGradient(logDensity);
      const loss = policyLoss({ logDensity, oldLogDensity, advantage });
      const kl = reference === undefined
        ? tf.scalar(0)
        : tf.mean(gaussianKl(mean, reference, scalars.deviation));
      return {
        loss: tf.add(tf.mul(loss, share), tf.mul(kl, klWeight)),
        kl,
      };
    }, trained);
    return {
      sums: Object.fromEntries(
        Object.entries(gradients).map((
          [name, g],
        ) => [name, tf.add(sums[name], g)]),
      ),
      kl: parts.kl,
    };
  });

  return {
    gradients({ weights: trained, frozen, cold, keys }) {
      return tf.tidy(() => {
        const states: tf.Tensor4D[] = [];
        const clean = sampler.run(
          { ...frozen, ...trained },
          keys,
          (state) => states.push(tf.clone(state)),
        );
        states.push(clean);
        const labels = tf.tensor1d(keys.map(({ label }) => label), "int32");
        const { total, ...raw } = score(generator.decode(clean), labels);
        let sums: Params = Object.fromEntries(
          Object.entries(trained).map(([name, w]) => [name, tf.zerosLike(w)]),
        );
        const divergences: tf.Tensor[] = [];
        sampler.steps.forEach((step, i) => {
          if (step.deviation === 0) return; // no density, no policy
          const share = timeWeights === "density"
            ? 1
            : step.deviation / meanDeviation;
          const result = transition(trained, frozen, cold, {
            state: states[i],
            next: states[i + 1],
            step: stepTensor(step),
            labels,
            advantage: total,
            share: tf.scalar(share),
          }, sums);
          tf.dispose(sums);
          sums = result.sums;
          divergences.push(result.kl);
        });
        return {
          gradients: sums,
          metrics: {
            ...raw as { [name: string]: tf.Scalar },
            reward: tf.mean(tf.abs(total)) as tf.Scalar,
            kl: tf.div(tf.addN(divergences), divergences.length) as tf.Scalar,
          },
        };
      });
    },
    dispose() {
      score.dispose();
      transition.dispose();
    },
  };
}

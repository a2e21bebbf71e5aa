/**
 * Eq. 1: ∇J = E[ R(x_0, c) Σ_t ∇ log p_θ(x_{t-1} | x_t, c, t) ].
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { checkRange, type Params } from "../core/mod.ts";
import { stepTensor } from "../diffusion/mod.ts";
import type { AdvantagesOptions, PolicyObjective } from "../policy/mod.ts";
import type { Metrics, Objective, TunedChain } from "./objective.ts";
import { checkAllFinite, firstNotFinite } from "./health.ts";
import { policyTransition } from "./policy_transition.ts";
import type { ReinforceOptions } from "./reinforce_options.ts";
import { scoreSamples } from "./score_samples.ts";

/** Options of the policy gradient. */
export interface PolicyOptions {
  /**
   * The loss on a transition: REINFORCE (eq. 1), DPOK's clamped ratio, PPO's pessimistic clip, or an own one. At ratio 1
   * they have one gradient. The divergence is added outside of it, see `klWeight`.
   *
   * @default {"reinforce"}
   */
  loss?: "reinforce" | "dpok" | "ppo" | PolicyObjective;
  /**
   * Range of the importance ratio of DPOK and PPO. It belongs to log-densities that are means over dimensions.
   *
   * @default {1e-4}
   */
  clip?: number;
  /**
   * Updates on one batch. From the second on the ratios differ from 1, which REINFORCE ignores: take DPOK or PPO.
   *
   * @default {1}
   */
  updates?: number;
  /**
   * What is subtracted from a reward before it is standardised (eq. 10): the batch's mean, as printed, or that of the
   * sample's identity. Over several identities the printed form spends most of its signal on which identity is easy.
   *
   * @default {"identity"}
   */
  baseline?: "batch" | "identity";
  /**
   * What eq. 10 standardises by: the batch, as printed, or statistics of each identity kept from batch to batch.
   *
   * @default {"batch"}
   */
  statistics?: "batch" | "running";
  /**
   * What becomes of the total reward: `"total"` takes it as it is (eq. 1), `"groupRelative"` centres and scales it within
   * each identity (GRPO), or the options of `advantages`.
   *
   * @default {"total"}
   */
  advantages?: "total" | "groupRelative" | AdvantagesOptions;
  /**
   * Largest size of an advantage.
   *
   * @default {Infinity}
   */
  advantageClip?: number;
  /**
   * How the transitions of a chain are weighed against each other. `"density"` is eq. 1 as printed: ∇ log p carries
   * 1 / σ_t, so the last, least noisy transitions drown the others, though they change a picture least. `"deviation"`
   * multiplies each by σ_t, which makes them equal.
   *
   * @default {"density"}
   */
  timeWeights?: "density" | "deviation";
  /**
   * Share of the transitions the gradient is taken on: a new random choice every iteration, weighed so that the expectation
   * stays.
   *
   * @default {1}
   */
  timeFraction?: number;
}

/**
 * The policy gradient over all transitions with noise. Gradients are added up transition by transition, so memory does not
 * grow with their number.
 *
 * @param chain The policy. Borrowed as long as the objective is used.
 * @param options Those of `reinforce`.
 * @returns The objective, to be disposed by the caller.
 * @throws {RangeError} If no transition has noise, a batch has too few samples or identities for its baseline, or an option
 * is out of range.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import { autoencoder, dit, recognizer, smallAutoencoder, smallDit, smallRecognizer } from "@outis/outis/models";
 * import { buildMemoryBank, makeGenerator, makeSampler, recognizerEmbedder } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 * import { policyGradient } from "./policy_gradient.ts";
 *
 * await useBackend("auto");
 * const network = recognizer(smallRecognizer({ height: 16, width: 16, widths: [8, 8, 8, 16] }));
 * using embedder = await recognizerEmbedder(network, network.init(randomStream(0))); // untrained
 * using bank = buildMemoryBank(
 *   embedder,
 *   proceduralFaces({ identities: 2, imagesPerIdentity: 3, size: 16 }),
 * );
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
 * // What reinforce() does with this objective, all weights trained.
 * const options = { bank, embedder, samples: 4, identities: 2, samplingSteps: 3, steps: 1 };
 * const sampler = makeSampler(generator, options);
 * const objective = policyGradient({ generator, sampler, merge: (_, all) => all }, options);
 * console.log(objective.updates); // 1
 * objective.dispose();
 * sampler.dispose();
 * generator.dispose();
 * ```
 */
export function policyGradient(
  chain: TunedChain,
  options: ReinforceOptions,
): Objective {
  const { generator, sampler, merge } = chain;
  const {
    updates = 1,
    timeWeights = "density",
    timeFraction = 1,
  } = options.policy ?? {};
  const noisy = sampler.steps.flatMap(({ deviation }, i) =>
    deviation > 0 ? [i] : []
  );
  const act = "take the policy gradient";
  checkRange(act, "number of transitions with noise", noisy.length, { min: 1 });
  checkRange(act, "updates", updates, { min: 1, integer: true });
  checkRange(act, "timeFraction", timeFraction, { min: 0, max: 1 });
  const chosen = Math.max(1, Math.round(timeFraction * noisy.length));
  const meanDeviation =
    noisy.reduce((sum, i) => sum + sampler.steps[i].deviation, 0) /
    noisy.length;
  const scorer = scoreSamples(options);

  const transition = policyTransition(chain, options);

  return {
    updates,
    draw({ weights: drawn, frozen, cold, keys, random, statistics }) {
      // A part of the transitions stands for all.
      const order = random.fork("times").permutation(noisy.length);
      const times = chosen === noisy.length
        ? noisy
        : Array.from(order.slice(0, chosen), (i) => noisy[i]).sort((a, b) =>
          a - b
        );
      const wanted = new Set(times.flatMap((i) => [i, i + 1]));
      const states: tf.Tensor4D[] = [];
      const clean = sampler.run(merge(frozen, drawn), keys, (state, i) => {
        if (wanted.has(i)) states[i] = tf.clone(state);
      });
      states[sampler.steps.length] = clean;
      const tensors: Params = Object.fromEntries(
        Object.entries(states).map(([i, x]) => [
          `the latents after ${i} of ${sampler.steps.length} transitions`,
          x,
        ]),
      );
      if (firstNotFinite({ clean }) !== undefined) checkAllFinite(tensors);
      const labels = tf.tensor1d(keys.map(({ label }) => label), "int32");
      const images = generator.decode(clean);
      const score = scorer.score(images, labels, statistics);
      const oldLogDensities: tf.Tensor1D[] = [];
      const scale = noisy.length / times.length;
      return {
        metrics: score.metrics,
        statistics: score.statistics,
        tensors: {
          ...tensors,
          ...score.metrics,
          "the advantages": score.advantage,
        },
        gradients(trained) {
          let sums: Params = Object.fromEntries(
            Object.entries(trained).map((
              [name, w],
            ) => [name, tf.zerosLike(w)]),
          );
          const told: Metrics[] = [];
          for (const i of times) {
            const step = sampler.steps[i];
            const share = timeWeights === "density"
              ? 1
              : step.deviation / meanDeviation;
            const result = transition(trained, frozen, cold, {
              state: states[i],
              next: states[i + 1],
              step: stepTensor(step),
              labels,
              advantage: score.advantage,
              share: tf.scalar(scale * share),
              klShare: tf.scalar(scale),
              oldLogDensity: oldLogDensities[i],
            }, sums);
            tf.dispose(sums);
            sums = result.sums;
            told.push(result.metrics as Metrics);
            // The first update's densities are those the samples were drawn with.
            oldLogDensities[i] ??= result.logDensity as tf.Tensor1D;
          }
          return { gradients: sums, metrics: averaged(told) };
        },
      };
    },
    dispose() {
      scorer.dispose();
      transition.dispose();
    },
  };
}

/** Means over transitions. */
function averaged(told: Metrics[]): Metrics {
  return Object.fromEntries(
    Object.keys(told[0]).map((name) => [
      name,
      tf.div(
        tf.addN(told.map((metrics) => metrics[name])),
        told.length,
      ) as tf.Scalar,
    ]),
  );
}

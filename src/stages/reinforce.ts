/**
 * Reward-driven fine-tuning (sections 3.2 and 4.2): the generator as a policy, its denoising steps as decisions.
 *
 * @module
 */
import { jit, tf } from "../engine/mod.ts";
import { cloneParams, type Params, randomStream } from "../core/mod.ts";
import { adam, clipByNorm } from "../optim/mod.ts";
import { emptyRunningStatistics } from "../rewards/mod.ts";
import { checkSameIdentities } from "./check_same_identities.ts";
import { directGradient } from "./direct_gradient.ts";
import { type Generator, makeGenerator } from "./generator.ts";
import { policyGradient } from "./policy_gradient.ts";
import { guardedStep } from "./guarded_step.ts";
import { NotFiniteError } from "./health.ts";
import type { ReinforceOptions } from "./reinforce_options.ts";
import { makeSampler, type SampleKey } from "./sampler.ts";
import { groupsOf, joinGroups } from "./state_groups.ts";
import { trainingLoop } from "./training_loop.ts";
import { tunedWeights } from "./tuned_weights.ts";

/**
 * Fine-tunes a generator's transformer on the three rewards.
 *
 * @param generator After the cold start; stays as it is. Class y must be the bank's identity y.
 * Logged at every step: the raw rewards (`semantic`, `coverage`, `expressive`), what they weigh (`…Standardized`,
 * `…Weight`), `auditor`, `spread`, `kl`, `norm` of the gradient, `rate`, `alarm` (0 or 1), and of the policy gradient
 * `reward`, `clipFraction` and `sampleSize`, the effective share of the samples under importance weights.
 *
 * @param options Rewards, objective, lengths.
 * @returns The tuned generator. Owned by the caller.
 * @throws {RangeError} If bank and generator stand for other identities, the bank was made by another embedder, or an
 * option is out of range.
 * @throws {AlarmError} If an alarm is to stop the run, or a number is not finite and there is nothing to go back to.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { smallRecognizer } from "@outis/outis/models";
 * import { buildMemoryBank, coldStart, loadGenerator, priorUrl, recognizerEmbedder, reinforce, trainRecognizer } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * await useBackend("auto");
 * const target = proceduralFaces({ identities: 2, imagesPerIdentity: 2, size: 64 });
 * const teacher = await trainRecognizer(smallRecognizer(), target, {
 *   steps: 1,
 *   batchSize: 4,
 * });
 * using embedder = await recognizerEmbedder(teacher.model, teacher.params);
 * using bank = buildMemoryBank(embedder, target);
 *
 * const prior = await loadGenerator(priorUrl());
 * const adapted = await coldStart(prior, target, { steps: 1, batchSize: 4 });
 * const tuned = await reinforce(adapted, {
 *   bank,
 *   embedder,
 *   steps: 1,
 *   identities: 2,
 *   samples: 3,
 *   samplingSteps: 2,
 *   onStep: (done, steps, { semantic }) => console.log(done, steps, semantic),
 * });
 * console.log(tuned.config.identities); // ["face-0000", "face-0001"]
 * ```
 */
export async function reinforce(
  generator: Generator,
  options: ReinforceOptions,
): Promise<Generator> {
  const {
    bank,
    embedder,
    auditor,
    steps,
    objective: kind = "policy",
    identities = 8,
    samples = 16,
    rate = 1e-5,
    trainable = "all",
    maxNorm = 1,
    optimizer = adam(),
    seed = 0,
    checkpoint,
    checkpointEvery = 5,
    signal,
    onStep,
    inspect,
  } = options;
  const names = generator.config.identities;
  const act = "reinforce a generator";
  checkSameIdentities(act, "bank", bank.identities, names);
  bank.checkEmbedder(embedder);
  if (auditor !== undefined) {
    checkSameIdentities(act, "auditor.bank", auditor.bank.identities, names);
    auditor.bank.checkEmbedder(auditor.embedder);
  }
  const random = randomStream(seed, "reinforce");
  const guard = guardedStep({ ...options, checkpointEvery });
  using owned = new DisposableStack();
  const sampler = makeSampler(generator, options);
  owned.defer(sampler.dispose);
  const { frozen, start: cold, merge } = tunedWeights(
    generator.params.dit,
    trainable,
    random,
  );
  owned.defer(() => tf.dispose(cold));
  const makeObjective = kind === "policy" ? policyGradient : directGradient;
  const objective = makeObjective({ generator, sampler, merge }, options);
  owned.defer(objective.dispose);
  const people = Math.min(identities, names.length);
  const keysOf = (index: number): SampleKey[] => {
    const draw = random.fork("iteration", index);
    const order = draw.permutation(names.length).slice(0, people);
    return Array.from(order).flatMap((label) =>
      Array.from({ length: samples }, (_, k) => ({
        label,
        random: draw.fork(label, k),
      }))
    );
  };

  const apply = jit((
    state: { weights: Params; optimizer: Params },
    gradients: Params,
    size: tf.Scalar,
  ) => {
    const clipped = clipByNorm(gradients, maxNorm);
    const next = optimizer.update(
      state.weights,
      clipped.gradients,
      state.optimizer,
      size,
    );
    return { weights: next.params, optimizer: next.state, norm: clipped.norm };
  });
  owned.defer(apply.dispose);

  const running = options.policy?.statistics === "running";
  const state = await trainingLoop({
    name: `reinforcement (${kind})`,
    steps,
    checkpoint,
    checkpointEvery,
    signal,
    onStep,
    onState: async (state, done) => {
      if (inspect === undefined || done % inspect.every !== 0) return;
      const own = merge(frozen, groupsOf(state).weights);
      await inspect.look(own, done);
      const borrowed = new Set([state, frozen].flatMap(Object.values));
      tf.dispose(Object.values(own).filter((w) => !borrowed.has(w)));
    },
    state: joinGroups(guard.start({
      weights: cloneParams(cold),
      optimizer: optimizer.init(cold),
      statistics: running ? emptyRunningStatistics(names.length) : {},
    })),
    step: (state, index) =>
      tf.tidy(() => {
        const groups = groupsOf(state);
        let { weights, optimizer: moments } = groups;
        const size = tf.mul(guard.rate(groups), rate) as tf.Scalar;
        const drawn = attempt(() =>
          objective.draw({
            frozen,
            weights,
            cold,
            keys: keysOf(index),
            random: random.fork("iteration", index),
            statistics: running
              ? groups.statistics as ReturnType<typeof emptyRunningStatistics>
              : undefined,
          })
        );
        if (typeof drawn === "string") {
          const { state: next, metrics } = guard.finish(groups, {}, {
            step: index + 1,
            metrics: { rate: size },
            tensors: {},
            broken: drawn,
          });
          return { state: joinGroups(next), metrics };
        }
        const batch = drawn;
        let update: { gradients: Params; metrics: Params };
        const norms: tf.Scalar[] = [];
        let tensors = batch.tensors;
        for (let k = 0; k < objective.updates; k++) {
          update = batch.gradients(weights);
          const next = apply(
            { weights, optimizer: moments },
            update.gradients,
            size,
          );
          tensors = { ...tensors, ...named(update.gradients) };
          [weights, moments] = [next.weights, next.optimizer];
          norms.push(next.norm);
        }
        const { state: next, metrics } = guard.finish(groups, {
          weights,
          optimizer: moments,
          statistics: batch.statistics ?? {},
        }, {
          step: index + 1,
          metrics: {
            ...batch.metrics,
            ...update!.metrics as typeof batch.metrics,
            norm: tf.div(tf.addN(norms), norms.length) as tf.Scalar,
            rate: size,
          },
          tensors,
        });
        return { state: joinGroups(next), metrics };
      }),
  });
  const { weights, ...spent } = groupsOf(state);
  tf.dispose(spent);
  const dit = tf.tidy(() => cloneParams(merge(frozen, weights)));
  tf.dispose(weights);
  // Rewards come from real images' features: no promise of the cold start is kept.
  const { privacy: _, ...config } = generator.config;
  return makeGenerator(config, {
    autoencoder: cloneParams(generator.params.autoencoder),
    dit,
  });
}

/** What a function returns, or the name of what it found not to be finite. */
function attempt<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    if (error instanceof NotFiniteError) return error.tensor;
    throw error;
  }
}

/** Gradients under names that tell a reader what they are. */
function named(gradients: Params): Params {
  return Object.fromEntries(
    Object.entries(gradients).map((
      [name, g],
    ) => [`the gradient of ${name}`, g]),
  );
}

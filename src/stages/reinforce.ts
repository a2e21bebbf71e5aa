/**
 * Reward-driven fine-tuning (sections 3.2 and 4.2): the generator as a policy, its denoising steps as decisions.
 *
 * @module
 */
import { jit, tf } from "../engine/mod.ts";
import {
  cloneParams,
  type Embedder,
  type Params,
  randomStream,
} from "../core/mod.ts";
import { adam, clipByNorm, type Optimizer } from "../optim/mod.ts";
import type { MemoryBank, RewardWeights } from "../rewards/mod.ts";
import { checkSameIdentities } from "./check_same_identities.ts";
import { type Trainable, trainablePattern } from "./cold_start.ts";
import { directGradient, type DirectOptions } from "./direct_gradient.ts";
import { type Generator, makeGenerator } from "./generator.ts";
import { policyGradient, type PolicyOptions } from "./policy_gradient.ts";
import {
  makeSampler,
  type SampleKey,
  type SamplingOptions,
} from "./sampler.ts";
import { divide, join, part } from "./training_state.ts";
import { trainingLoop, type TrainingOptions } from "./training_loop.ts";

/** Options of {@linkcode reinforce}. */
export interface ReinforceOptions extends TrainingOptions, SamplingOptions {
  /** Reference features per identity of the target's real training images, by `embedder`. */
  bank: MemoryBank;
  /** The frozen network whose features are rewarded. */
  embedder: Embedder;
  /** A second network outside the reward, trained on other people: its score is logged, never optimised. */
  auditor?: { embedder: Embedder; bank: MemoryBank };
  /** Number of iterations. */
  steps: number;
  /**
   * `"policy"`: the policy gradient of eq. 1. `"direct"`: the rewards are differentiable in the image, so their gradient is
   * taken through embedder, decoder and the last denoising steps (beyond the paper).
   *
   * @default {"policy"}
   */
  objective?: "policy" | "direct";
  /**
   * Identities in an iteration.
   *
   * @default {8}
   */
  identities?: number;
  /**
   * Samples of each.
   *
   * @default {16}
   */
  samples?: number;
  /**
   * Learning rate; the paper's unless given.
   *
   * @default {1e-5}
   */
  rate?: number;
  /**
   * Weights of the transformer that are trained.
   *
   * @default {"all"}
   */
  trainable?: Trainable;
  /**
   * Weight of the divergence from the cold start (DPOK's 0.01; 0 gives eq. 1).
   *
   * @default {0.01}
   */
  klWeight?: number;
  /**
   * Weights of the rewards in eq. 11.
   *
   * @default {the paper's: semantic 1, coverage 0.75, expressive 0.25}
   */
  weights?: RewardWeights;
  /**
   * Largest norm of a gradient.
   *
   * @default {1}
   */
  maxNorm?: number;
  /**
   * The optimiser.
   *
   * @default {adam()}
   */
  optimizer?: Optimizer;
  /**
   * Looks at the transformer from time to time: all its weights, borrowed, and the number of iterations done. For
   * measurements on fixed seeds.
   */
  inspect?: {
    /** Iterations between two looks. */
    every: number;
    /** What to do with the weights. */
    look: (dit: Params, done: number) => void | Promise<void>;
  };
  /** Options of the policy gradient. */
  policy?: PolicyOptions;
  /** Options of the direct gradient. */
  direct?: DirectOptions;
  /**
   * Seed of identities and noise.
   *
   * @default {0}
   */
  seed?: number;
}

/** What an objective gets of an iteration. */
export interface Iteration {
  /** All weights of the transformer that are not trained. */
  frozen: Params;
  /** Those that are, as they are now. */
  weights: Params;
  /** Those that are, as the cold start left them. */
  cold: Params;
  /** The samples, each identity's in a row. */
  keys: SampleKey[];
}

/** An objective: gradients of what is to be minimised, and numbers to log. */
export interface Objective {
  /** Results are owned by the caller. */
  gradients: (
    iteration: Iteration,
  ) => { gradients: Params; metrics: { [name: string]: tf.Scalar } };
  /** Frees the traces. */
  dispose: () => void;
}

/**
 * Fine-tunes a generator's transformer on the three rewards.
 *
 * @param generator After the cold start; stays as it is. Class y must be the bank's identity y.
 * @param options Rewards, objective, lengths.
 * @returns The tuned generator. Owned by the caller.
 * @throws {RangeError} If bank and generator stand for other identities, or the bank was made by another embedder.
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
  if (options.auditor !== undefined) {
    const { auditor } = options;
    checkSameIdentities(act, "auditor.bank", auditor.bank.identities, names);
    auditor.bank.checkEmbedder(auditor.embedder);
  }
  const random = randomStream(seed, "reinforce");
  const pattern = trainablePattern(trainable);
  const { chosen, rest } = divide(
    generator.params.dit,
    (name) => pattern.test(name),
  );
  const sampler = makeSampler(generator, options);
  const makeObjective = kind === "policy" ? policyGradient : directGradient;
  const objective = makeObjective(generator, sampler, options);
  const people = Math.min(identities, names.length);

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
    return {
      weights: next.params,
      optimizer: next.state,
      norm: clipped.norm,
    };
  });

  const start = cloneParams(chosen);
  try {
    const state = await trainingLoop({
      name: `reinforcement (${kind})`,
      steps,
      checkpoint,
      checkpointEvery,
      signal,
      onStep,
      onState: async (state, done) => {
        if (inspect === undefined || done % inspect.every !== 0) return;
        await inspect.look({ ...rest, ...part(state).weights }, done);
      },
      state: join(start, optimizer.init(start)),
      step: (state, index) =>
        tf.tidy(() => {
          const { weights, optimizer: moments } = part(state);
          const draw = random.fork("iteration", index);
          const order = draw.permutation(names.length).slice(0, people);
          const keys = Array.from(order).flatMap((label) =>
            Array.from({ length: samples }, (_, k) => ({
              label,
              random: draw.fork(label, k),
            }))
          );
          const { gradients, metrics } = objective.gradients({
            frozen: rest,
            weights,
            cold: chosen,
            keys,
          });
          const next = apply(
            { weights, optimizer: moments },
            gradients,
            tf.scalar(rate),
          );
          return {
            state: join(next.weights, next.optimizer),
            metrics: { ...metrics, norm: next.norm },
          };
        }),
    });
    const { weights, optimizer: spent } = part(state);
    tf.dispose(spent);
    return makeGenerator(generator.config, {
      autoencoder: cloneParams(generator.params.autoencoder),
      dit: { ...cloneParams(rest), ...weights },
    });
  } finally {
    objective.dispose();
    sampler.dispose();
    apply.dispose();
  }
}

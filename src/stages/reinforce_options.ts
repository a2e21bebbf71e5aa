/**
 * What a reinforcement can be told.
 *
 * @module
 */
import type { Embedder, Params } from "../core/mod.ts";
import type { Optimizer } from "../optim/mod.ts";
import type { MemoryBank, Reward, RewardWeights } from "../rewards/mod.ts";
import type { Trainable } from "./cold_start.ts";
import type { DirectOptions } from "./direct_gradient.ts";
import type { Alarm, HealthOptions } from "./health.ts";
import type { PolicyOptions } from "./policy_gradient.ts";
import type { SamplingOptions } from "./sampler.ts";
import type { TrainingOptions } from "./training_loop.ts";
import type { LowRankTrainable } from "./tuned_weights.ts";

/** Options of `reinforce`. */
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
   * What of the transformer is trained: a group, the weights whose names match a pattern, or low-rank adapters, which are
   * merged at the end.
   *
   * @default {"all"}
   */
  trainable?: Trainable | RegExp | LowRankTrainable;
  /**
   * Weight of the divergence from the cold start (DPOK's 0.01; 0 gives eq. 1).
   *
   * @default {0.01}
   */
  klWeight?: number;
  /**
   * The divergence: KL of the transitions in closed form, nats per dimension, or the mean squared difference of the
   * predicted noise, as DPOK's code has it.
   *
   * @default {"gaussian"}
   */
  kl?: "gaussian" | "epsilon";
  /**
   * Weights of the rewards in eq. 11, or `"adaptive"`: those of the smallest convex combination (MGDA), found anew for
   * every batch.
   *
   * @default {the paper's: semantic 1, coverage 0.75, expressive 0.25}
   */
  weights?: RewardWeights | "adaptive";
  /**
   * An own reward in the place of eq. 11, as `weightedSum` of rewards/ makes one of several. The direct gradient ascends its
   * mean, so there it must not be standardised over the batch. The paper's rewards are logged all the same.
   */
  reward?: Reward;
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
  /** Bounds of the alarms. */
  health?: HealthOptions;
  /**
   * What an alarm does: `"stop"` ends the run by an `AlarmError`, the last checkpoint stays; `"rollback"` goes back to the
   * last good checkpoint, halves the rate and goes on with new draws; `"log"` only tells, except where a number is not
   * finite, which ends the run.
   *
   * @default {"log"}
   */
  onAlarm?: "stop" | "rollback" | "log";
  /** Told of every alarm. */
  tellAlarm?: (alarm: Alarm) => void;
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

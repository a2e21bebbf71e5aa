/**
 * What every objective of reinforcement offers, whatever its gradient is.
 *
 * @module
 */
import type { tf } from "../engine/mod.ts";
import type { Params, RandomStream } from "../core/mod.ts";
import type { RunningStatistics } from "../rewards/mod.ts";
import type { Generator } from "./generator.ts";
import type { SampleKey, Sampler } from "./sampler.ts";

/** The policy that is tuned: a generator's chain and which of its weights move. */
export interface TunedChain {
  /** The generator. */
  generator: Generator;
  /** Its chain. */
  sampler: Sampler;
  /**
   * All weights of the transformer from those that stay and those that are trained. Pure and differentiable, to be used
   * inside jitted functions. Arguments are borrowed.
   */
  merge: (frozen: Params, trained: Params) => Params;
}

/** What an objective gets of an iteration. All borrowed. */
export interface Iteration {
  /** Weights of the transformer that are not trained. */
  frozen: Params;
  /** What is trained, as it is now. */
  weights: Params;
  /** The same, as the cold start left it. */
  cold: Params;
  /** The samples, each identity's in a row. */
  keys: SampleKey[];
  /** Where all other chance comes from. */
  random: RandomStream;
  /** Running statistics of the rewards, where they are used. */
  statistics?: RunningStatistics;
}

/** Numbers for the log. */
export type Metrics = { [name: string]: tf.Scalar };

/** Samples drawn and scored. Its tensors belong to the scope in which it was drawn. */
export interface DrawnBatch {
  /** Numbers of the samples. */
  metrics: Metrics;
  /** What was computed so far by name, causes before effects: where a NaN is looked for. */
  tensors: Params;
  /** The statistics with this batch, where they are used. */
  statistics?: RunningStatistics;
  /**
   * Gradients of what is to be minimised, to be called `updates` times.
   *
   * @param weights What is trained, as it is now. Borrowed.
   * @returns Owned by the caller.
   */
  gradients: (weights: Params) => { gradients: Params; metrics: Metrics };
}

/** An objective. */
export interface Objective {
  /** Updates of the weights on one batch. */
  updates: number;
  /** Draws and scores a batch; to be called inside `tf.tidy`. */
  draw: (iteration: Iteration) => DrawnBatch;
  /** Frees the traces. */
  dispose: () => void;
}

/**
 * Sizes of a reproduction: plain data, printed with the results.
 *
 * @module
 */
import type { Trainable } from "./cold_start.ts";
import type { PrivacyOptions } from "./privacy_plan.ts";

/** Everything that decides a run's result, beside data, prior and engine. */
export type ReproduceSettings = {
  /** Seed of everything. */
  seed: number;
  /** How the images are split. */
  data: {
    /** Share of the identities kept for testing, never trained on. */
    testFraction: number;
    /** Training images of each identity; the rest of a training identity is held out. */
    trainCount: number;
  };
  /** Training of the embedder, where it differs from `recognizer`. */
  embedder: { steps: number };
  /** Section 4.1. */
  coldStart: {
    steps: number;
    rate: number;
    trainable: Trainable;
    decoderSteps: number;
    batchSize: number;
    /** Differential privacy of this part; none unless given. */
    privacy?: Omit<PrivacyOptions, "seed">;
  };
  /** The denoising chain, in training and in use. */
  sampling: { samplingSteps: number; guidance: number };
  /** Section 4.2. */
  reinforce: {
    objective: "policy" | "direct";
    steps: number;
    identities: number;
    samples: number;
    rate: number;
    trainable: Trainable;
    klWeight: number;
    /** Weights of the rewards found anew for every batch; the paper's fixed ones unless given. */
    weights?: "adaptive";
    /** What an alarm does; it is only told unless given. */
    onAlarm?: "stop" | "rollback" | "log";
    policy: {
      baseline: "batch" | "identity";
      timeWeights: "density" | "deviation";
      /** Share of the transitions the gradient is taken on. @default 1 */
      timeFraction?: number;
    };
    direct: { lastSteps: number };
  };
  /** Measurement on fixed seeds: samples of each identity, iterations between two. */
  measure: { samples: number; every: number };
  /** The synthetic set: more transitions than the policy was trained with cost little here and look better. */
  generate: { imagesPerIdentity: number; samplingSteps: number };
  /** Section 4.3. */
  recognizer: {
    steps: number;
    batchSize: number;
    candidates: number;
    keepFraction: number;
    rate: number;
  };
};

/**
 * What a study of privacy against utility is made of: plain data, printed with the results.
 *
 * @module
 */
import type { RewardWeights } from "../rewards/mod.ts";
import type { Trainable } from "./cold_start.ts";
import type { PrivacyOptions } from "./privacy_plan.ts";

/** Sizes of a study of privacy, and the settings along its curves. */
export type PrivacyStudySettings = {
  /** Seeds of everything but the judges. */
  seeds: number[];
  /** How the images are split. */
  data: {
    /** Share of the people kept for testing, and as the audit's control. */
    testFraction: number;
    /** Training images of each of the others. */
    trainCount: number;
  };
  /** Recognisers of other, procedural people: two hold the gate, two others measure what still leaks. */
  judges: {
    /** People that a judge learns. */
    identities: number;
    /** Pictures of each. */
    imagesPerIdentity: number;
    /** Steps of training. */
    steps: number;
  };
  /** Steps of the embedder that rewards and forces take, trained on the target. */
  embedder: { steps: number };
  /** The cold start without privacy, which all curves but the last begin with. */
  coldStart: {
    steps: number;
    rate: number;
    trainable: Trainable;
    batchSize: number;
  };
  /** The cold start with privacy. */
  private:
    & Pick<PrivacyOptions, "unit" | "delta" | "clip" | "draws" | "rank">
    & {
      steps: number;
      rate: number;
      trainable: Exclude<Trainable, "all">;
      batchSize: number;
    };
  /** The denoising chain in reinforcement. */
  sampling: { samplingSteps: number; guidance: number };
  /** Reinforcement by the direct gradient: at this length the policy gradient moves little. */
  reinforce: {
    steps: number;
    identities: number;
    samples: number;
    rate: number;
    klWeight: number;
    trainable: Trainable;
    direct: { lastSteps: number };
  };
  /** Langevin sampling of new identities. */
  langevin: { steps: number; samplingSteps: number };
  /** The set that would be released. */
  generate: { imagesPerIdentity: number; samplingSteps: number };
  /** The recogniser trained on the released set alone. */
  recognizer: { steps: number; batchSize: number; rate: number };
  /** False-match rate at which the measuring judges call an image a leak. */
  falseMatchRate: number;
  /** Where the curves are measured. */
  curves: {
    /** False-match rates of the gate's threshold: what reaches it is dropped. */
    dropRates: number[];
    /** Weights of the rewards. */
    weights: ({ name: string } & RewardWeights)[];
    /** d_c in radians. 0: nobody is kept away from. */
    distances: number[];
    /** ε of the private cold start. */
    epsilons: number[];
  };
};

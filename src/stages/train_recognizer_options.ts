/**
 * What decides how a recogniser is trained: plain data but for the optimiser and the callbacks.
 *
 * @module
 */
import type { Params } from "../core/mod.ts";
import type { ImageSet } from "../data/mod.ts";
import type { Optimizer } from "../optim/mod.ts";
import type { TrainingOptions } from "./training_loop.ts";

/** Losses that tell training identities apart. */
export type ClassificationLoss =
  | "crossEntropy"
  | "cosFace"
  | "arcFace"
  | "adaFace";

/** What is minimised: the mean of the classification loss, plus that of a triplet loss where one is asked for. */
export interface RecognitionLoss {
  /**
   * On the features that images are compared by: those behind the neck, where the network has one. Cross-entropy takes
   * their products with the class vectors (no bias, as behind a BNNeck), the others their cosines.
   *
   * @default {"cosFace"}
   */
  classification?: ClassificationLoss;
  /**
   * Margin of the losses on cosines. Those published belong to thousands of identities: CosFace 0.35, ArcFace 0.5 rad,
   * AdaFace 0.4.
   *
   * @default {0.25} for CosFace; 0.5 for ArcFace, 0.4 for AdaFace
   */
  margin?: number;
  /**
   * Factor on the cosines. 64 is published, for thousands of identities.
   *
   * @default {24}
   */
  scale?: number;
  /**
   * Share of cross-entropy's target that is spread over all identities, in [0, 1). 0.1 is usual for re-identification.
   *
   * @default {0}
   */
  smoothing?: number;
  /**
   * Share of a batch in AdaFace's running mean and deviation of feature norms, in (0, 1]; 1 takes those of the batch.
   *
   * @default {0.01}
   */
  normMomentum?: number;
  /**
   * Batch-hard triplet loss on the features before the neck, Euclidean distances.
   *
   * @default none
   */
  triplet?: {
    /** Margin, at least 0, or `"soft"`. @default {0.3} */
    margin?: number | "soft";
    /** Factor beside the classification loss, above 0. @default {1} */
    weight?: number;
  };
}

/** Which real images make a step. */
export type RecognizerSampler =
  /** All of them in random order, anew when used up. */
  | "shuffled"
  /** P identities with K images each, as re-identification draws them. */
  | {
    /** P, identities in a batch. */
    identities: number;
    /** K, images of each. */
    images: number;
  };

/** A mixing ratio that changes linearly over the training. */
export interface MixingRamp {
  /** Ratio until the ramp begins, at least 0. */
  from: number;
  /** Ratio when it has ended, at least 0. */
  to: number;
  /** Where it begins, as a share of the steps. @default {0} */
  begin?: number;
  /** Where it ends, as a share of the steps. @default {1} */
  end?: number;
}

/** How the rate goes after warm-up. */
export interface RateSchedule {
  /**
   * Half a cosine to the end, or steps down.
   *
   * @default {"cosine"}
   */
  shape?: "cosine" | "step";
  /**
   * Steps of linear warm-up.
   *
   * @default {min(50, steps / 10)} rounded up
   */
  warmup?: number;
  /**
   * Where the rate is stepped down, as shares of the steps; for `"step"`. Those of re-identification in 120 epochs.
   *
   * @default {[1 / 3, 7 / 12]}
   */
  milestones?: readonly number[];
  /**
   * What each step down leaves, in (0, 1]; for `"step"`.
   *
   * @default {0.1}
   */
  factor?: number;
  /**
   * Rate at the end as a share of the highest; for `"cosine"`.
   *
   * @default {0}
   */
  floor?: number;
}

/** How a training is watched: on identities of the training set that are kept out of it, never on a test set. */
export interface RecognizerValidation {
  /** How many identities of the real images are held out: a share below 1, or a count from 2 on. */
  identities: number;
  /**
   * Steps between two looks; there is one after the last step, too.
   *
   * @default {a tenth of the steps}
   */
  every?: number;
  /**
   * Which weights are returned: those after the last step, or those that scored best.
   *
   * @default {"last"}
   */
  keep?: "last" | "best";
}

/** Options of `trainRecognizer`. */
export interface TrainRecognizerOptions extends TrainingOptions {
  /** Number of steps. */
  steps: number;
  /**
   * Real images in a step; P · K of an identity sampler.
   *
   * @default {64}
   */
  batchSize?: number;
  /**
   * Which real images make a step.
   *
   * @default {"shuffled"}
   */
  sampler?: RecognizerSampler;
  /** Synthetic images of the same identities, under the same labels. Without them only real images are used. */
  synthetic?: ImageSet;
  /**
   * Synthetic candidates in a step. Not together with `mixing`.
   *
   * @default {64}
   */
  candidates?: number;
  /**
   * Synthetic candidates for each real image of a step, as a number, a ramp, or a function of the step and the number of
   * steps. What a step gets is rounded to eighths of its real images, so that few sizes of batches occur.
   *
   * @default as `candidates` says
   */
  mixing?: number | MixingRamp | ((step: number, steps: number) => number);
  /**
   * No synthetic image is trained on, `"all"` candidates are, or those `"lookahead"` keeps (eq. 12).
   *
   * @default {"all"}
   */
  selection?: "none" | "all" | "lookahead";
  /**
   * Share of the candidates that lookahead keeps.
   *
   * @default {0.5}
   */
  keepFraction?: number;
  /**
   * The batch of lookahead's virtual step: real and synthetic images together, as printed, or the real images alone (beyond
   * the paper). In the mixed batch a candidate's own gradient lowers its own loss, the more the larger it is, so that what
   * is hard is kept; a step on real images leaves that out.
   *
   * @default {"mixed"}
   */
  virtualStep?: "mixed" | "real";
  /**
   * What is minimised.
   *
   * @default {{ classification: "cosFace", margin: 0.25, scale: 24 }}
   */
  loss?: RecognitionLoss;
  /**
   * Highest learning rate, above 0. Also the highest of the virtual step.
   *
   * @default {0.05}
   */
  rate?: number;
  /**
   * How the rate goes.
   *
   * @default {{ shape: "cosine" }}
   */
  schedule?: RateSchedule;
  /**
   * The optimiser: the paper's for faces unless given.
   *
   * @default {sgd({ momentum: 0.9, weightDecay: 5e-4 })} for the small recogniser; for other networks the same without
   * decay of vectors, which are those of norms
   */
  optimizer?: Optimizer;
  /**
   * Largest norm of a gradient over all weights, above 0; `Infinity` for any.
   *
   * @default {5}
   */
  clip?: number;
  /**
   * Decay of the moving average of weights that is returned, in [0, 1); 0 returns the weights themselves. It warms up, so
   * that short trainings are not held back.
   *
   * @default {0}
   */
  average?: number;
  /**
   * Watches the training on held-out training identities.
   *
   * @default none
   */
  validation?: RecognizerValidation;
  /**
   * Probability of a left-right flip.
   *
   * @default {0.5}
   */
  flip?: number;
  /**
   * Pixels by which the training crop may move.
   *
   * @default {4}
   */
  padding?: number;
  /**
   * Probability of Random Erasing, on real images.
   *
   * @default {0}
   */
  erase?: number;
  /**
   * Weights to begin with, such as published ones, in the place of random ones of the same names. Borrowed.
   *
   * @default none
   */
  start?: Params;
  /**
   * Seed of weights, batches and augmentation.
   *
   * @default {0}
   */
  seed?: number;
}

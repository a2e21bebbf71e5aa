/**
 * Sizes of the study of privacy.
 *
 * @module
 */
import type { PrivacyStudySettings } from "../stages/mod.ts";

/** What a study leaves to the command. */
type Sizes = Omit<PrivacyStudySettings, "seeds">;

/** Some ten minutes for each seed on two cores. */
const small: Sizes = {
  data: { testFraction: 1 / 3, trainCount: 6 },
  judges: { identities: 80, imagesPerIdentity: 8, steps: 150 },
  embedder: { steps: 120 },
  coldStart: { steps: 200, rate: 1e-3, trainable: "all", batchSize: 64 },
  private: {
    steps: 80,
    rate: 3e-3,
    trainable: "labelEmbedding+adaLN",
    rank: 4,
    batchSize: 48,
    clip: 0.1,
    delta: 1e-4,
    unit: "image",
  },
  sampling: { samplingSteps: 10, guidance: 1 },
  reinforce: {
    steps: 12,
    identities: 8,
    samples: 8,
    rate: 2e-4,
    klWeight: 0.01,
    trainable: "labelEmbedding+adaLN",
    direct: { lastSteps: 2 },
  },
  langevin: { steps: 10, samplingSteps: 4 },
  generate: { imagesPerIdentity: 8, samplingSteps: 10 },
  recognizer: { steps: 100, batchSize: 48, rate: 0.05 },
  falseMatchRate: 1e-3,
  curves: {
    dropRates: [3e-4, 1e-3, 1e-2],
    weights: [
      { name: "1 : 0 : 0", semantic: 1, coverage: 0, expressive: 0 },
      {
        name: "1 : 0.75 : 0.25",
        semantic: 1,
        coverage: 0.75,
        expressive: 0.25,
      },
      {
        name: "0 : 0.75 : 0.25",
        semantic: 0,
        coverage: 0.75,
        expressive: 0.25,
      },
    ],
    distances: [0, 0.6, 0.9],
    epsilons: [1, 8, 64],
  },
};

/** Every part of it in some minutes; the numbers mean nothing. */
const tiny: Sizes = {
  ...small,
  judges: { identities: 6, imagesPerIdentity: 4, steps: 4 },
  embedder: { steps: 4 },
  coldStart: { ...small.coldStart, steps: 3 },
  private: { ...small.private, steps: 2 },
  reinforce: { ...small.reinforce, steps: 1, identities: 4, samples: 2 },
  langevin: { steps: 1, samplingSteps: 2 },
  generate: { imagesPerIdentity: 2, samplingSteps: 2 },
  recognizer: { ...small.recognizer, steps: 4 },
  curves: {
    dropRates: [1e-2],
    weights: small.curves.weights.slice(0, 1),
    distances: [0.1],
    epsilons: [8],
  },
};

/** All sizes by name. */
export const privacyStudies: { [name: string]: Sizes } = { tiny, small };

/**
 * Sizes of reproductions. A preset is a plain object; the smaller and larger ones are derived by spread.
 *
 * @module
 */
import type { ReproduceSettings } from "../stages/mod.ts";

/** Four minutes on two cores. */
export const small: Omit<ReproduceSettings, "seed"> = {
  data: { testFraction: 1 / 3, trainCount: 6 },
  embedder: { steps: 300 },
  coldStart: {
    // The class table alone, as printed: more of the weights did no better on people set apart for choosing.
    steps: 400,
    rate: 1e-2,
    trainable: "labelEmbedding",
    decoderSteps: 0,
    batchSize: 64,
  },
  sampling: { samplingSteps: 10, guidance: 1 },
  reinforce: {
    objective: "policy",
    steps: 24,
    identities: 8,
    samples: 16,
    rate: 1e-3,
    trainable: "labelEmbedding+adaLN",
    klWeight: 0.01,
    // Half of the transitions tell as much of the gradient in half the time.
    policy: {
      baseline: "identity",
      timeWeights: "deviation",
      timeFraction: 0.5,
    },
    direct: { lastSteps: 3 },
  },
  measure: { samples: 8, every: 8 },
  generate: { imagesPerIdentity: 12, samplingSteps: 25 },
  recognizer: {
    steps: 200,
    batchSize: 32,
    candidates: 32,
    keepFraction: 0.5,
    rate: 0.05,
  },
};

/**
 * The same for photographs, which are further from the shipped prior than any class of it: all of its weights learn them,
 * and the decoder their look.
 */
export const photographs: typeof small = {
  ...small,
  coldStart: {
    ...small.coldStart,
    rate: 1e-3,
    trainable: "all",
    decoderSteps: 60,
  },
  // At the other rate the first steps lead away from what so few photographs have taught.
  reinforce: { ...small.reinforce, rate: 3e-4 },
};

/** Where the direct gradient differs: it has little noise, so its steps are fewer. */
export const directGradient = {
  objective: "direct",
  steps: 16,
  rate: 3e-4,
} as const;

/** A look at every part in a minute or two; its numbers mean nothing. */
export const tiny: typeof small = {
  ...small,
  embedder: { steps: 40 },
  coldStart: { ...small.coldStart, steps: 30, decoderSteps: 10 },
  reinforce: { ...small.reinforce, steps: 4, identities: 4, samples: 4 },
  measure: { samples: 4, every: 2 },
  generate: { imagesPerIdentity: 4, samplingSteps: 10 },
  recognizer: { ...small.recognizer, steps: 40 },
};

/**
 * The paper's numbers where it gives them (learning rates of 1e-5, a class table alone in the cold start, equal density of
 * all transitions, guidance none) at the lengths such rates need: hours, and meant for a large prior.
 */
export const paper: typeof small = {
  ...small,
  embedder: { steps: 2000 },
  coldStart: {
    ...small.coldStart,
    steps: 20_000,
    rate: 1e-5,
    trainable: "labelEmbedding",
    decoderSteps: 0,
    batchSize: 128,
  },
  sampling: { samplingSteps: 50, guidance: 1 },
  reinforce: {
    ...small.reinforce,
    steps: 2000,
    identities: 16,
    samples: 8,
    rate: 1e-5,
    trainable: "all",
    policy: { baseline: "batch", timeWeights: "density" },
  },
  measure: { samples: 16, every: 100 },
  generate: { imagesPerIdentity: 50, samplingSteps: 250 },
  recognizer: {
    ...small.recognizer,
    steps: 4000,
    batchSize: 128,
    candidates: 128,
  },
};

/** All presets by name. */
export const presets: { [name: string]: typeof small } = {
  tiny,
  small,
  paper,
};

/**
 * A preset for a target.
 *
 * @param name Name of the preset.
 * @param target Whether the images are one's own.
 * @returns The preset; it differs for photographs where it is meant for the shipped prior.
 *
 * @example
 * ```ts
 * import { presetFor } from "./presets.ts";
 *
 * console.log(presetFor("small", { isOwn: true }).coldStart.trainable); // all
 * ```
 */
export function presetFor(
  name: string,
  { isOwn }: { isOwn: boolean },
): typeof small {
  return isOwn && name === "small" ? photographs : presets[name];
}

/** The default target: procedural people the prior has never seen. */
export const proceduralTarget = {
  identities: 36,
  imagesPerIdentity: 10,
  firstIdentity: 1_000_000,
};

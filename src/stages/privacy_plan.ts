/**
 * What a private training promises, and the noise that takes.
 *
 * @module
 */
import { checkOneOf, checkRange } from "../core/mod.ts";
import { noiseForEpsilon, renyiAccountant } from "../privacy/mod.ts";

/** Options of a differentially private cold start. */
export interface PrivacyOptions {
  /** ε that the whole training may spend; the noise follows. Either this or `noiseMultiplier`. */
  targetEpsilon?: number;
  /** σ, deviation of the noise over the clipping norm, above 0; ε follows. Either this or `targetEpsilon`. */
  noiseMultiplier?: number;
  /**
   * δ, the chance with which the promise may fail: below 1 over the number of units.
   *
   * @default {1e-5}
   */
  delta?: number;
  /**
   * C, the largest norm of what one unit adds to a gradient, over all trained tensors.
   *
   * @default {0.1}
   */
  clip?: number;
  /**
   * q, the chance of each unit to be in a batch, in (0, 1].
   *
   * @default the batch size over the number of units, at most 1
   */
  sampleRate?: number;
  /**
   * What is protected: that one picture was among the training images, or that one person was, with all their pictures.
   * Where a person has k pictures, the promise for a picture is one for the person of only kε, with a larger δ, too
   * (`PrivacyRecord.person`), which is soon worth nothing.
   *
   * @default {"image"}
   */
  unit?: "image" | "identity";
  /**
   * Samples that a unit's gradient is averaged over before it is clipped, each with its own time, noise and mirroring, and
   * with a picture of its own where the unit is an identity. More cost time, not privacy.
   *
   * @default {1} for images, {4} for identities
   */
  draws?: number;
  /**
   * Rank of adapters in the place of the adaLN kernels, where `trainable` is `"labelEmbedding+adaLN"`: noise grows with the
   * number of weights it covers.
   *
   * @default none: whole kernels and offsets
   */
  rank?: number;
  /**
   * Seed of batches and noise, for tests and for runs that must be repeated: whoever knows it can take the noise away. The
   * promise holds only as long as it is secret.
   *
   * @default drawn from the system's secure source, and never written: a stopped training goes on with fresh noise
   */
  seed?: number;
  /**
   * Also tells the loss and the share of clipped units of each step, which ε does not cover: for public images.
   *
   * @default {false}
   */
  diagnostics?: boolean;
}

/** What a training has promised: stands in the generator's configuration and with every result. */
export type PrivacyRecord = {
  /** How. */
  mechanism: string;
  /** ε spent. */
  epsilon: number;
  /** δ. */
  delta: number;
  /** What is protected. */
  unit: "image" | "identity";
  /** How many there are; taken as public. */
  units: number;
  /**
   * What that is worth to a person with all their pictures, who are k at most: by composition of neighbours kε, with a δ of
   * (exp(kε) - 1) / (exp(ε) - 1) δ, at most 1. Where the unit is a person, the same as above.
   */
  person: { images: number; epsilon: number; delta: number };
  /** σ. */
  noiseMultiplier: number;
  /** C. */
  clip: number;
  /** q. */
  sampleRate: number;
  /** Steps done. */
  steps: number;
  /** The order α that ε comes from. */
  order: number;
  /** Whether the noise came from a seed that was given: then the promise hangs on who knows it. */
  seeded: boolean;
  /** Data sets that the promise compares. */
  neighbours: string;
  /** What ε does not speak of. */
  notCovered: string[];
};

/** Everything decided. */
export interface PrivacyPlan {
  /** What is protected. */
  unit: "image" | "identity";
  /** How many there are. */
  units: number;
  /** q. */
  sampleRate: number;
  /** σ. */
  noiseMultiplier: number;
  /** C. */
  clip: number;
  /** Samples of a unit. */
  draws: number;
  /** ε after so many steps, exact. */
  epsilon: (steps: number) => number;
  /** The record after so many steps. */
  record: (steps: number) => PrivacyRecord;
  /** One line that tells plans apart, for checkpoints: numbers of another plan cannot be gone on with. */
  line: string;
}

/** What a plan is made for. */
export interface PlannedTraining {
  /** Class of each training image. */
  labels: ArrayLike<number>;
  /** Units a batch should have on average. */
  batchSize: number;
  /** Steps of the whole training. */
  steps: number;
}

const NEIGHBOURS = {
  image:
    "with and without one picture; the classes and the number of pictures are public",
  identity:
    "with and without all pictures of one person; the classes, whose rows of the table stay, and their number are public",
};

const NOT_COVERED = [
  "the prior's own training images",
  "the autoencoder, which is left as it is",
  "what is trained afterwards on real images or their features: decoder, reinforcement, memory bank, recognisers",
  "the choice of steps, rate, clip and other settings by looking at results",
  "what is left to see in the last bits of float32 noise, and a noise generator that is not cryptographic",
];

/**
 * Decides noise and rate of a private training.
 *
 * @param options What is wanted.
 * @param training Its images and length.
 * @returns The plan.
 * @throws {RangeError} If an option is out of its range, both or neither of ε and σ are given, or δ reaches 1 over the number
 * of units.
 *
 * @example
 * ```ts
 * import { privacyPlan } from "@outis/outis/stages";
 *
 * const plan = privacyPlan(
 *   { noiseMultiplier: 2, delta: 1e-3 },
 *   { labels: [0, 0, 1, 1], batchSize: 1, steps: 10 },
 * );
 * console.log(plan.sampleRate, plan.epsilon(10).toFixed(2)); // 0.25 "1.51"
 * ```
 */
export function privacyPlan(
  options: PrivacyOptions,
  training: PlannedTraining,
): PrivacyPlan {
  const { labels, batchSize, steps } = training;
  const { targetEpsilon, delta = 1e-5, clip = 0.1, unit = "image", seed } =
    options;
  const act = "train privately";
  checkOneOf(act, "unit", unit, ["image", "identity"]);
  const counts = new Map<number, number>();
  for (let i = 0; i < labels.length; i++) {
    counts.set(labels[i], (counts.get(labels[i]) ?? 0) + 1);
  }
  const units = unit === "image" ? labels.length : counts.size;
  const { draws = unit === "image" ? 1 : 4 } = options;
  const { sampleRate = Math.min(1, batchSize / units) } = options;
  const above = { min: 0, exclusive: true };
  checkRange(act, "clip", clip, above);
  checkRange(act, "draws", draws, { min: 1, integer: true });
  checkRange(act, "sampleRate", sampleRate, {
    min: 0,
    max: 1,
    exclusive: "min",
  });
  checkRange(act, "delta", delta, { min: 0, max: 1 / units, exclusive: true });
  if (
    (targetEpsilon === undefined) === (options.noiseMultiplier === undefined)
  ) {
    throw new RangeError(
      `Cannot ${act} as one of 'targetEpsilon' and 'noiseMultiplier' must be given: current value is ${
        targetEpsilon === undefined ? "neither" : "both"
      }`,
    );
  }
  const noiseMultiplier = options.noiseMultiplier ??
    noiseForEpsilon({
      epsilon: targetEpsilon!,
      delta,
      sampleRate,
      steps: Math.max(1, steps),
    });
  checkRange(act, "noiseMultiplier", noiseMultiplier, above);
  const accountant = renyiAccountant({ delta });
  const spent = (steps: number) =>
    accountant.spent([{ sampleRate, noiseMultiplier, steps }]);
  return {
    unit,
    units,
    sampleRate,
    noiseMultiplier,
    clip,
    draws,
    epsilon: (steps) => spent(steps).epsilon,
    record: (steps) => {
      const promise = spent(steps);
      return {
        mechanism:
          "DP-SGD: Poisson-sampled batches, clipped gradients of single units, Gaussian noise; Rényi accountant",
        ...promise,
        delta,
        unit,
        units,
        person: ofPerson(
          unit,
          Math.max(...counts.values()),
          promise.epsilon,
          delta,
        ),
        noiseMultiplier,
        clip,
        sampleRate,
        steps,
        seeded: seed !== undefined,
        neighbours: NEIGHBOURS[unit],
        notCovered: [...NOT_COVERED],
      };
    },
    line:
      `${units} units (${unit}), rate ${sampleRate}, noise ${noiseMultiplier}, clip ${clip}, delta ${delta}`,
  };
}

/** Group privacy: data sets that differ in k units are k neighbours apart. */
function ofPerson(
  unit: "image" | "identity",
  images: number,
  epsilon: number,
  delta: number,
): PrivacyRecord["person"] {
  if (unit === "identity") return { images, epsilon, delta };
  let sum = 0;
  for (let i = 0; i < images; i++) sum += Math.exp(i * epsilon);
  return {
    images,
    epsilon: images * epsilon,
    delta: Math.min(1, sum * delta),
  };
}

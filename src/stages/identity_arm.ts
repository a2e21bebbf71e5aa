/**
 * Training images of nobody, made in one of the ways that a study compares.
 *
 * @module
 */
import type { Covariate, LatentModel } from "../brownian/mod.ts";
import type { Embedder } from "../core/mod.ts";
import type { ImageSet } from "../data/mod.ts";
import { generate } from "./generate.ts";
import type { Generator } from "./generator.ts";
import { identityGenerator } from "./identity_generator.ts";
import { renderPeople } from "./render_people.ts";
import {
  sampleIdentities,
  type SampleIdentitiesOptions,
  type VariationOptions,
} from "./sample_identities.ts";
import { identityName, picturePath } from "./save_identity.ts";
import type { TrainingOptions } from "./training_loop.ts";

/** A way to make identities. Plain data. */
export type IdentityArm = {
  /** What it is called in the results. */
  name: string;
  /** Where identities come from; `"people"` are procedural people as they are rendered, to compare with. */
  references: "random" | "reject" | "langevin" | "people";
  /**
   * What each has beside its reference: nothing; the same condition drawn from other noise; or what Dispersion and DisCo
   * find. People have further pictures.
   */
  variations: "none" | "noise" | "dispersion" | "disco";
  /** Whether variations differ in the generator's noise, too. @default "latent" */
  noise?: "latent" | "fixed";
  /** As many identities as the others have images. @default false */
  asManyImages?: boolean;
};

/** Sizes of arms. Plain data. */
export type IdentityArmSettings = {
  /** Identities of each arm. */
  identities: number;
  /** Variations of each, where there are any. */
  variations: number;
  /** Transitions of the generator. */
  samplingSteps: number;
  /** Iterations of Langevin. */
  steps: number;
  /** Constants of Langevin. */
  langevin: NonNullable<SampleIdentitiesOptions["langevin"]>;
  /** Constants of Dispersion and DisCo. */
  dispersion: Omit<VariationOptions, "count" | "covariates">;
};

/** Input of {@linkcode drawIdentityArm}. */
export interface DrawIdentityArmInput
  extends Pick<TrainingOptions, "checkpoint" | "signal"> {
  /** The way. */
  arm: IdentityArm;
  /** Sizes. */
  settings: IdentityArmSettings;
  /** The generator. Borrowed. */
  prior: Generator;
  /** It as latents, of the arm's noise. Borrowed. */
  model: LatentModel;
  /** The embedder of the dynamics. Borrowed. */
  embedder: Embedder;
  /** Covariates of the model, for DisCo. */
  covariates: readonly Covariate[];
  /** Seed. */
  seed: number;
  /** Called as it goes on. */
  onStep?: (part: string, done: number, total: number) => void;
}

/** Number of the first procedural person of an arm of people; prior, auditor, readers and tests have others. */
const FIRST_PERSON = 9_000_000;

/**
 * Makes the images of an arm. All arms of a seed with the same way of references have the same references.
 *
 * @param input The way, generator and embedder.
 * @returns The images, each identity's reference first.
 * @throws The signal's reason, if it fired; Langevin goes on from its checkpoint.
 *
 * @example
 * ```ts
 * import { drawIdentityArm, type DrawIdentityArmInput } from "./identity_arm.ts";
 *
 * async function count(input: DrawIdentityArmInput): Promise<number> {
 *   return (await drawIdentityArm(input)).count;
 * }
 * console.log(count.length); // 1
 * ```
 */
export async function drawIdentityArm(
  input: DrawIdentityArmInput,
): Promise<ImageSet> {
  const { arm, settings, prior, model, embedder, seed, onStep } = input;
  const { signal, checkpoint } = input;
  const { variations: n, samplingSteps, steps, langevin } = settings;
  const count = settings.identities * (arm.asManyImages ? 1 + n : 1);
  const size = prior.config.autoencoder.height;
  if (arm.references === "people") {
    return await renderPeople({
      identities: count,
      imagesPerIdentity: arm.variations === "none" ? 1 : 1 + n,
      firstIdentity: FIRST_PERSON,
      size,
      seed,
      signal,
      onStep: (done, total) => onStep?.("people", done, total),
    });
  }
  const isSpread = arm.variations === "dispersion" ||
    arm.variations === "disco";
  const sampled = sampleIdentities(model, embedder, {
    count,
    steps,
    method: arm.references,
    truncation: 1,
    langevin,
    ...(isSpread && {
      variations: {
        ...settings.dispersion,
        count: n,
        covariates: arm.variations === "disco" ? input.covariates : [],
      },
    }),
    seed,
    signal,
    checkpoint,
    checkpointEvery: steps,
    onStep,
  });
  const pixels: Float32Array[] = [];
  const latents: number[] = [];
  for await (const identity of sampled) {
    pixels.push(identity.pixels);
    latents.push(...identity.latents.subarray(0, model.dimensions));
  }
  const names = Array.from({ length: count }, (_, i) => identityName(i));
  if (arm.variations === "noise") {
    const own = identityGenerator(prior, { latents, names });
    try {
      const { images } = await generate(own, {
        imagesPerIdentity: n,
        samplingSteps,
        eta: 0,
        seed,
        signal,
        onStep: (done, total) => onStep?.("noise", done, total),
      });
      const length = n * size * size * 3;
      pixels.forEach((reference, i) => {
        const rest = images.subarray(i * length, (i + 1) * length);
        pixels[i] = Float32Array.from([...reference, ...rest]);
      });
    } finally {
      own.dispose();
    }
  }
  return asSet(pixels, names, size);
}

function asSet(
  pixels: readonly Float32Array[],
  identities: string[],
  size: number,
): ImageSet {
  const each = pixels[0].length / (size * size * 3);
  const images = new Float32Array(pixels.length * pixels[0].length);
  pixels.forEach((own, i) => images.set(own, i * own.length));
  const count = pixels.length * each;
  return {
    images,
    height: size,
    width: size,
    count,
    labels: Int32Array.from({ length: count }, (_, i) => Math.floor(i / each)),
    identities,
    paths: Array.from(
      { length: count },
      (_, i) => picturePath(Math.floor(i / each), i % each),
    ),
    problems: [],
  };
}

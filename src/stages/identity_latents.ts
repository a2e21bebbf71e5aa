/**
 * What of a generator new identities are sampled in.
 *
 * @module
 */
import type { LatentModel } from "../brownian/mod.ts";
import { autoencoderLatents } from "./autoencoder_latents.ts";
import { conditionLatents } from "./condition_latents.ts";
import { encodeImages } from "./encode_images.ts";
import type { Generator } from "./generator.ts";
import { renderPeople } from "./render_people.ts";
import type {
  SampleIdentitiesOptions,
  VariationOptions,
} from "./sample_identities.ts";

/**
 * Kinds of latents. `"noise"`: the condition and the noise the chain starts from. `"condition"`: the condition alone, all
 * pictures from one noise. `"autoencoder"`: the grid the decoder takes, without the transformer.
 */
export const LATENT_KINDS = ["noise", "condition", "autoencoder"] as const;

/** One of {@linkcode LATENT_KINDS}. */
export type LatentKind = typeof LATENT_KINDS[number];

/** Constants of the dynamics that suit a kind of latents. */
export interface LatentConstants {
  /** ψ of the start. */
  truncation: number;
  /** k_l of Langevin. */
  pull: number;
  /** Of Dispersion and DisCo: σ_0, k_e, k_g, dt. */
  variations: Required<
    Pick<VariationOptions, "spread" | "identity" | "pull" | "timestep">
  >;
  /** s_d of DisCo's covariates. */
  covariateScale: number;
}

/**
 * Constants for the shipped prior, where those of the source do not suit: forces through it are weaker than through
 * StyleGAN2, so the springs to the mean have to be weaker, too, and the one to the identity stronger. With the condition
 * alone, whose variations hardly differ, only the former.
 */
export const LATENT_CONSTANTS: {
  readonly [kind in LatentKind]: LatentConstants;
} = {
  noise: {
    truncation: 1,
    pull: 0.003,
    variations: { spread: 2, identity: 200, pull: 0.02, timestep: 0.14 },
    covariateScale: 12,
  },
  condition: {
    truncation: 1,
    pull: 0.003,
    variations: { spread: 0.2, identity: 20, pull: 0.02, timestep: 0.05 },
    covariateScale: 1,
  },
  autoencoder: {
    truncation: 1,
    pull: 0.003,
    variations: { spread: 0.5, identity: 200, pull: 0.02, timestep: 0.14 },
    covariateScale: 4,
  },
};

/** Options of {@linkcode identityLatents}. */
export interface IdentityLatentsOptions
  extends Pick<SampleIdentitiesOptions, "signal"> {
  /** Which. */
  kind: LatentKind;
  /**
   * Transitions of the generator; the autoencoder has none.
   *
   * @default {8}
   */
  samplingSteps?: number;
  /**
   * Procedural people whose pictures, two of each, tell where an autoencoder's latents lie.
   *
   * @default {200}
   */
  people?: number;
  /** Called as these are rendered. */
  onStep?: (done: number, total: number) => void | Promise<void>;
}

/** Number of the first of these people. */
const FIRST_IDENTITY = 6_000_000;

/**
 * A generator as latents of one of the kinds.
 *
 * @param generator Borrowed as long as the model is used.
 * @param options Which kind.
 * @returns The model, to be disposed by the caller.
 * @throws {RangeError} If an option is out of range.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { identityLatents, loadGenerator, priorUrl } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const prior = await loadGenerator(priorUrl());
 * using model = await identityLatents(prior, { kind: "noise", samplingSteps: 1 });
 * console.log(model.dimensions); // 192 + 8 * 8 * 12
 * ```
 */
export async function identityLatents(
  generator: Generator,
  options: IdentityLatentsOptions,
): Promise<LatentModel & Disposable> {
  const { kind, samplingSteps = 8, people = 200, signal, onStep } = options;
  if (kind !== "autoencoder") {
    return conditionLatents(generator, {
      samplingSteps,
      noise: kind === "noise" ? "latent" : "fixed",
    });
  }
  const faces = await renderPeople({
    identities: people,
    imagesPerIdentity: 2,
    firstIdentity: FIRST_IDENTITY,
    size: generator.config.autoencoder.height,
    seed: 0,
    signal,
    onStep,
  });
  return autoencoderLatents(
    generator,
    await encodeImages(generator, faces, { signal }),
  );
}

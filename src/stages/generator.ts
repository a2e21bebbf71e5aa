/**
 * A generator: autoencoder, diffusion transformer, noise schedule, and the identities its classes stand for.
 *
 * @module
 */
import { jit, tf } from "../engine/mod.ts";
import { digestParams, disposeParams, type Params } from "../core/mod.ts";
import {
  type Autoencoder,
  autoencoder,
  type AutoencoderConfig,
  autoencoderKl,
  type AutoencoderKlConfig,
  type Dit,
  dit,
  type DitConfig,
} from "../models/mod.ts";
import {
  type DiffusionSchedule,
  diffusionSchedule,
  type Prediction,
} from "../diffusion/mod.ts";
import type { PrivacyRecord } from "./privacy_plan.ts";

/** Everything about a generator but its weights. */
export interface GeneratorConfig {
  /** Version of this record. */
  schema: 1;
  /** Sizes of the autoencoder, the small one's or, of `kind` "kl", Stable Diffusion's. */
  autoencoder: AutoencoderConfig | AutoencoderKlConfig;
  /** Sizes of the transformer. */
  dit: DitConfig;
  /** Kind of noise schedule, and what the transformer predicts. */
  diffusion: {
    kind: "linear" | "cosine";
    steps: number;
    prediction: Prediction;
  };
  /** What the classes stand for, in the order of their numbers; may be empty where nobody needs names. */
  identities: string[];
  /**
   * Classes whose person has withdrawn: their rows are zero, and they are not generated.
   *
   * @default {none}
   */
  retired?: number[];
  /** What a differentially private cold start has promised; stages that use real images afterwards drop it. */
  privacy?: PrivacyRecord;
}

/** A generator with its weights. Stages return new ones and leave the old alone. */
export interface Generator {
  /** Sizes, schedule, identities. */
  config: GeneratorConfig;
  /** The network between images and latents. */
  autoencoder: Autoencoder;
  /** The denoiser. */
  dit: Dit;
  /** The noise schedule. */
  schedule: DiffusionSchedule;
  /** Weights of both networks. Owned by the generator. */
  params: { autoencoder: Params; dit: Params };
  /** Images `[B, H, W, 3]` to scaled latents, jitted. */
  encode: (images: tf.Tensor4D) => tf.Tensor4D;
  /** Scaled latents to images in [-1, 1], clipped, jitted. */
  decode: (latents: tf.Tensor4D) => tf.Tensor4D;
  /** Frees weights and traces. */
  dispose: () => void;
}

/**
 * Puts a generator together.
 *
 * @param config Sizes, schedule, identities.
 * @param params Weights of both networks. Taken over.
 * @returns The generator. To be disposed by the caller.
 * @throws {RangeError} If sizes do not fit together.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import { autoencoder, dit, smallAutoencoder, smallDit } from "@outis/outis/models";
 * import { makeGenerator } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const vae = autoencoder(smallAutoencoder());
 * const denoiser = dit(smallDit({ classes: 2 }));
 * const generator = makeGenerator({
 *   schema: 1,
 *   autoencoder: vae.config,
 *   dit: denoiser.config,
 *   diffusion: { kind: "cosine", steps: 1000, prediction: "velocity" },
 *   identities: ["ada", "bo"],
 * }, {
 *   autoencoder: vae.init(randomStream(1)),
 *   dit: denoiser.init(randomStream(2)),
 * });
 * generator.dispose();
 * ```
 */
export function makeGenerator(
  config: GeneratorConfig,
  params: { autoencoder: Params; dit: Params },
): Generator {
  const vae: Autoencoder = config.autoencoder.kind === "kl"
    ? autoencoderKl(config.autoencoder)
    : autoencoder(config.autoencoder);
  const encode = jit((weights: Params, images: tf.Tensor4D) =>
    vae.encode(weights, images)
  );
  const decode = jit((weights: Params, latents: tf.Tensor4D) =>
    tf.clipByValue(vae.decode(weights, latents), -1, 1) as tf.Tensor4D
  );
  return {
    config,
    autoencoder: vae,
    dit: dit(config.dit),
    schedule: diffusionSchedule(config.diffusion),
    params,
    encode: (images) => encode(params.autoencoder, images),
    decode: (latents) => decode(params.autoencoder, latents),
    dispose() {
      disposeParams(params.autoencoder);
      disposeParams(params.dit);
      encode.dispose();
      decode.dispose();
    },
  };
}

/**
 * The fingerprint of a generator's weights: two generators with the same one draw the same images.
 *
 * @param generator Its weights are read.
 * @returns SHA-256 over both networks, hexadecimal.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { digestGenerator, loadGenerator, priorUrl } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const prior = await loadGenerator(priorUrl());
 * console.log((await digestGenerator(prior)).length); // 64
 * ```
 */
export function digestGenerator(
  { params }: Pick<Generator, "params">,
): Promise<string> {
  return digestParams({ ...params.autoencoder, ...params.dit });
}

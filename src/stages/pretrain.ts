/**
 * The prior: an autoencoder and a class-conditional transformer trained on the procedural world alone.
 *
 * @module
 */
import { owned, tf } from "../engine/mod.ts";
import { randomStream } from "../core/mod.ts";
import { gatherImages, type ImageSet } from "../data/mod.ts";
import {
  autoencoder,
  type AutoencoderConfig,
  type DitConfig,
  smallAutoencoder,
  smallDit,
} from "../models/mod.ts";
import { renderDeadLeaves } from "../world/mod.ts";
import { encodeImages } from "./encode_images.ts";
import { type Generator, makeGenerator } from "./generator.ts";
import { renderPeople } from "./render_people.ts";
import { trainAutoencoder } from "./train_autoencoder.ts";
import { trainDenoiser } from "./train_denoiser.ts";
import type { TrainingOptions } from "./training_loop.ts";

/** Options of {@linkcode pretrain}. */
export interface PretrainOptions
  extends Omit<TrainingOptions, "checkpoint" | "onStep"> {
  /**
   * Procedural persons, each a class.
   *
   * @default {800}
   */
  identities?: number;
  /**
   * Pictures of each.
   *
   * @default {30}
   */
  imagesPerIdentity?: number;
  /**
   * Pictures without faces (dead leaves) for the autoencoder, so that it serves photographs, too.
   *
   * @default {6000}
   */
  textures?: number;
  /**
   * Steps of the autoencoder.
   *
   * @default {2500}
   */
  autoencoderSteps?: number;
  /**
   * Steps of the transformer.
   *
   * @default {5000}
   */
  denoiserSteps?: number;
  /** Sizes that differ from {@linkcode smallAutoencoder}'s. */
  autoencoder?: Partial<AutoencoderConfig>;
  /** Sizes that differ from {@linkcode smallDit}'s. */
  dit?: Partial<DitConfig>;
  /**
   * Seed of everything.
   *
   * @default {0}
   */
  seed?: number;
  /** Folder for checkpoints; without it a stopped training begins anew. */
  checkpoints?: string;
  /** Called as the parts go on. */
  onStep?: (
    part: "images" | "textures" | "autoencoder" | "latents" | "denoiser",
    done: number,
    total: number,
    metrics: { [name: string]: number },
  ) => void | Promise<void>;
}

/**
 * Trains a prior from nothing but seeds.
 *
 * @param options How much, how long, how large.
 * @returns The generator; its classes are the procedural persons. Owned by the caller.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { pretrain } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * // The smallest there can be; the defaults take hours.
 * const prior = await pretrain({
 *   identities: 4,
 *   imagesPerIdentity: 2,
 *   textures: 4,
 *   autoencoderSteps: 1,
 *   denoiserSteps: 1,
 *   autoencoder: { height: 16, width: 16, widths: [8, 8, 8] },
 *   dit: { hidden: 32, depth: 1, heads: 2 },
 * });
 * console.log(prior.config.identities.length); // 4
 * ```
 */
export async function pretrain(
  options: PretrainOptions = {},
): Promise<Generator> {
  const {
    identities = 800,
    imagesPerIdentity = 30,
    textures = 6000,
    autoencoderSteps = 2500,
    denoiserSteps = 5000,
    seed = 0,
    checkpoints,
    onStep,
    ...loop
  } = options;
  const report =
    (part: Parameters<NonNullable<PretrainOptions["onStep"]>>[0]) =>
    (done: number, total: number, metrics: { [name: string]: number } = {}) =>
      onStep?.(part, done, total, metrics);
  const at = (name: string) =>
    checkpoints === undefined
      ? undefined
      : `${checkpoints}/${name}.safetensors`;

  let sizes = smallAutoencoder(options.autoencoder);
  const faces = await renderPeople({
    identities,
    imagesPerIdentity,
    size: sizes.height,
    seed,
    signal: options.signal,
    onStep: report("images"),
  });
  const all = await withTextures(faces, {
    textures,
    seed,
    signal: options.signal,
    onStep: report("textures"),
  });

  const vae = autoencoder(sizes);
  using first = owned(vae.init(randomStream(seed, "autoencoder")));
  const vaeParams = await trainAutoencoder(vae, first.value, all, {
    ...loop,
    steps: autoencoderSteps,
    seed,
    checkpoint: at("autoencoder"),
    onStep: report("autoencoder"),
  });
  sizes = { ...sizes, scale: measureScale(vae, vaeParams, faces) };

  const [height, width, channels] = vae.latentShape;
  const ditSizes = smallDit({
    ...options.dit,
    height,
    width,
    channels,
    classes: identities,
  });
  const generator = makeGenerator({
    schema: 1,
    autoencoder: sizes,
    dit: ditSizes,
    diffusion: { kind: "cosine", steps: 1000, prediction: "velocity" },
    identities: faces.identities,
  }, { autoencoder: vaeParams, dit: {} });
  try {
    generator.params.dit = generator.dit.init(randomStream(seed, "dit"));
    const latents = await encodeImages(generator, faces, {
      signal: options.signal,
      onStep: report("latents"),
    });
    const trained = await trainDenoiser(generator, latents, {
      ...loop,
      name: "the prior's denoiser",
      steps: denoiserSteps,
      rate: 5e-4,
      seed,
      checkpoint: at("denoiser"),
      onStep: report("denoiser"),
    });
    tf.dispose(generator.params.dit);
    generator.params.dit = trained;
    return generator;
  } catch (error) {
    generator.dispose();
    throw error;
  }
}

/** The faces, followed by pictures of dead leaves that belong to nobody. */
async function withTextures(
  faces: ImageSet,
  options: {
    textures: number;
    seed: number;
    signal?: AbortSignal;
    onStep: (done: number, total: number) => void | Promise<void>;
  },
): Promise<ImageSet> {
  const { textures, seed } = options;
  const { height: size, count } = faces;
  const length = size * size * 3;
  const images = new Float32Array((count + textures) * length);
  images.set(faces.images);
  for (let i = 0; i < textures; i++) {
    const random = randomStream(seed, "texture", i);
    images.set(renderDeadLeaves(random, { size }), (count + i) * length);
    if (i % 50 < 49) continue;
    options.signal?.throwIfAborted();
    await options.onStep(i + 1, textures);
    await new Promise((resolve) => setTimeout(resolve));
  }
  const labels = new Int32Array(count + textures);
  labels.set(faces.labels);
  const names = Array.from({ length: textures }, (_, i) => `texture-${i}`);
  return {
    ...faces,
    images,
    labels,
    count: count + textures,
    paths: [...faces.paths, ...names],
  };
}

/** One over the latents' standard deviation over a spread sample of images, as latent diffusion sets it. */
function measureScale(
  vae: ReturnType<typeof autoencoder>,
  params: Parameters<typeof vae.encode>[0],
  images: ImageSet,
): number {
  const sample = Math.min(256, images.count);
  const stride = Math.floor(images.count / sample);
  const indices = Int32Array.from({ length: sample }, (_, i) => i * stride);
  return tf.tidy(() => {
    const latents = vae.encode(params, gatherImages(images, indices));
    const deviation = tf.sqrt(tf.moments(latents).variance);
    return 1 / deviation.dataSync()[0];
  });
}

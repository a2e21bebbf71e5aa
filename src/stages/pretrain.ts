/**
 * The prior: an autoencoder and a class-conditional transformer trained on the procedural world alone.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { randomStream } from "../core/mod.ts";
import { gatherImages, type ImageSet } from "../data/mod.ts";
import {
  autoencoder,
  type AutoencoderConfig,
  type DitConfig,
  smallAutoencoder,
  smallDit,
} from "../models/mod.ts";
import { proceduralFaces, renderDeadLeaves } from "../world/mod.ts";
import { encodeImages } from "./encode_images.ts";
import { type Generator, makeGenerator } from "./generator.ts";
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
   * @default {3000}
   */
  autoencoderSteps?: number;
  /**
   * Steps of the transformer.
   *
   * @default {6500}
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
    part: "images" | "autoencoder" | "latents" | "denoiser",
    done: number,
    total: number,
    metrics: { [name: string]: number },
  ) => void | Promise<void>;
}

/**
 * Trains a prior from nothing but seeds.
 *
 * @returns The generator; its classes are the procedural persons. Owned by the caller.
 */
export async function pretrain(
  options: PretrainOptions = {},
): Promise<Generator> {
  const {
    identities = 800,
    imagesPerIdentity = 30,
    textures = 6000,
    autoencoderSteps = 3000,
    denoiserSteps = 6500,
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
  const { faces, all } = await renderWorld({
    identities,
    imagesPerIdentity,
    textures,
    size: sizes.height,
    seed,
    signal: options.signal,
    onStep: report("images"),
  });

  const vae = autoencoder(sizes);
  const first = vae.init(randomStream(seed, "autoencoder"));
  const vaeParams = await trainAutoencoder(vae, first, all, {
    ...loop,
    steps: autoencoderSteps,
    seed,
    checkpoint: at("autoencoder"),
    onStep: report("autoencoder"),
  });
  tf.dispose(first);
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
}

/** Faces, and faces with textures. Rendered person by person, so that progress shows and a stop is heard. */
async function renderWorld(options: {
  identities: number;
  imagesPerIdentity: number;
  textures: number;
  size: number;
  seed: number;
  signal?: AbortSignal;
  onStep: (done: number, total: number) => void | Promise<void>;
}): Promise<{ faces: ImageSet; all: ImageSet }> {
  const { identities, imagesPerIdentity, textures, size, seed } = options;
  const length = size * size * 3;
  const faceCount = identities * imagesPerIdentity;
  const count = faceCount + textures;
  const images = new Float32Array(count * length);
  const labels = new Int32Array(count);
  const names: string[] = [];
  const pause = async (done: number) => {
    options.signal?.throwIfAborted();
    await options.onStep(done, count);
    await new Promise((resolve) => setTimeout(resolve));
  };
  for (let i = 0; i < identities; i++) {
    const person = proceduralFaces({
      identities: 1,
      firstIdentity: i,
      imagesPerIdentity,
      size,
      seed,
      cameraRange: 0.35, // blur and noise are no part of a face
    });
    images.set(person.images, i * imagesPerIdentity * length);
    labels.fill(i, i * imagesPerIdentity, (i + 1) * imagesPerIdentity);
    names.push(...person.identities);
    await pause((i + 1) * imagesPerIdentity);
  }
  for (let i = 0; i < textures; i++) {
    const picture = renderDeadLeaves(randomStream(seed, "texture", i), {
      size,
    });
    images.set(picture, (faceCount + i) * length);
    if (i % 50 === 49) await pause(faceCount + i + 1);
  }
  const rest = { height: size, width: size, problems: [] };
  const name = (_: unknown, i: number) => `picture-${i}`;
  const faces = {
    ...rest,
    images: images.subarray(0, faceCount * length),
    labels: labels.subarray(0, faceCount),
    count: faceCount,
    identities: names,
    paths: Array.from({ length: faceCount }, name),
  };
  const all = {
    ...rest,
    images,
    labels,
    count,
    identities: names,
    paths: Array.from({ length: count }, name),
  };
  return { faces, all };
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

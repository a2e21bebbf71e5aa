/**
 * The priors: an autoencoder for all procedural worlds, and a class-conditional transformer for each.
 *
 * @module
 */
import { owned, tf } from "../engine/mod.ts";
import {
  checkOneOf,
  checkRange,
  cloneParams,
  type Params,
  randomStream,
} from "../core/mod.ts";
import { gatherImages, type ImageSet } from "../data/mod.ts";
import {
  type Autoencoder,
  autoencoder,
  type AutoencoderConfig,
  type DitConfig,
  smallAutoencoder,
  smallDit,
} from "../models/mod.ts";
import { encodeImages } from "./encode_images.ts";
import { type Generator, makeGenerator } from "./generator.ts";
import { identityFeatures } from "./identity_features.ts";
import { priorImages } from "./prior_images.ts";
import { type WorldName, WORLDS } from "./render_person.ts";
import { trainAutoencoder } from "./train_autoencoder.ts";
import { trainDenoiser } from "./train_denoiser.ts";
import { type PriorSet, trainWithCritics } from "./train_with_critics.ts";
import type { TrainingOptions } from "./training_loop.ts";

/** Options of {@linkcode pretrain}. */
export interface PretrainOptions
  extends Omit<TrainingOptions, "checkpoint" | "onStep"> {
  /**
   * Worlds to make a prior of.
   *
   * @default {["faces", "pedestrians"]}
   */
  worlds?: readonly WorldName[];
  /**
   * Procedural persons of each world, each a class.
   *
   * @default {1000}
   */
  identities?: number;
  /**
   * Pictures of each.
   *
   * @default {30}
   */
  imagesPerIdentity?: number;
  /**
   * Pictures without people (dead leaves) for the autoencoder, so that it serves photographs, too: as many for a square
   * world, half for one of half the width.
   *
   * @default {4000}
   */
  textures?: number;
  /**
   * Steps of the autoencoder.
   *
   * @default {3000}
   */
  autoencoderSteps?: number;
  /**
   * Steps of the critic of each world, a recogniser of its people.
   *
   * @default {1500}
   */
  criticSteps?: number;
  /**
   * Steps in which the decoder alone learns to satisfy the critics, too; 0 leaves critics out.
   *
   * @default {2000}
   */
  decoderSteps?: number;
  /**
   * Steps of each transformer.
   *
   * @default {6000}
   */
  denoiserSteps?: number;
  /** Sizes that differ from {@linkcode smallAutoencoder}'s; the world decides the width. */
  autoencoder?: Partial<AutoencoderConfig>;
  /** Sizes that differ from {@linkcode smallDit}'s, and for pedestrians from a width of 128. */
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
    part: string,
    done: number,
    total: number,
    metrics: { [name: string]: number },
  ) => void | Promise<void>;
}

/** What the transformer of a world has that {@linkcode smallDit} has not. */
const SIZES: Record<WorldName, Partial<DitConfig>> = {
  faces: {},
  pedestrians: { hidden: 128, heads: 4 },
};

/**
 * Trains priors from nothing but seeds.
 *
 * One autoencoder learns all worlds, with a divergence of its posterior strong enough (1e-3) that latents carry little that a
 * denoiser could not predict. Its decoder then learns on with recognisers of these people as critics, so that who it is
 * survives. Class tables learn through the people's parameters.
 *
 * @param options How much, how long, how large.
 * @returns A generator for each world, in their order; its classes are the procedural persons. Owned by the caller.
 * @throws {RangeError} If there is no world, or one that does not exist.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { pretrain } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * // The smallest there can be; the defaults take hours.
 * const [prior] = await pretrain({
 *   worlds: ["faces"],
 *   identities: 4,
 *   imagesPerIdentity: 2,
 *   textures: 4,
 *   autoencoderSteps: 1,
 *   criticSteps: 1,
 *   decoderSteps: 1,
 *   denoiserSteps: 1,
 *   autoencoder: { height: 16, widths: [8, 8, 8] },
 *   dit: { hidden: 32, depth: 1, heads: 2 },
 * });
 * console.log(prior.config.identities.length); // 4
 * ```
 */
export async function pretrain(
  options: PretrainOptions = {},
): Promise<Generator[]> {
  const {
    worlds = WORLDS,
    identities = 1000,
    imagesPerIdentity = 30,
    textures = 4000,
    autoencoderSteps = 3000,
    criticSteps = 1500,
    decoderSteps = 2000,
    denoiserSteps = 6000,
    autoencoder: sizes,
    dit: ditSizes,
    seed = 0,
    checkpoints,
    onStep,
    ...loop
  } = options;
  checkRange("pretrain", "worlds", worlds.length, { min: 1 });
  for (const world of worlds) checkOneOf("pretrain", "worlds", world, WORLDS);
  const report =
    (part: string) =>
    (done: number, total: number, metrics: { [name: string]: number } = {}) =>
      onStep?.(part, done, total, metrics);
  const at = (name: string) =>
    checkpoints === undefined
      ? undefined
      : `${checkpoints}/${name}.safetensors`;

  const sets: PriorSet[] = [];
  for (const world of worlds) {
    const { people, all } = await priorImages(world, {
      identities,
      imagesPerIdentity,
      textures,
      size: smallAutoencoder(sizes).height,
      seed,
      signal: options.signal,
      onStep: (part, done, total) =>
        onStep?.(`${world}, ${part}`, done, total, {}),
    });
    const model = autoencoder(
      smallAutoencoder({ ...sizes, width: people.width }),
    );
    sets.push({ model, people, images: all });
  }
  const [{ model, images }, ...also] = sets;
  using first = owned(model.init(randomStream(seed, "autoencoder")));
  using vae = owned(
    await trainAutoencoder(model, first.value, images, {
      ...loop,
      steps: autoencoderSteps,
      batchSize: 24,
      klWeight: 1e-3,
      also,
      seed,
      checkpoint: at("autoencoder"),
      onStep: report("autoencoder"),
    }),
  );
  using decoded = owned(
    await trainWithCritics(sets, vae.value, {
      ...loop,
      worlds,
      criticSteps,
      decoderSteps,
      seed: seed + 1,
      at,
      report,
    }),
  );
  using made = new DisposableStack();
  const generators: Generator[] = [];
  for (const [i, world] of worlds.entries()) {
    const { model, people } = sets[i];
    const [height, width, channels] = model.latentShape;
    const generator = makeGenerator({
      schema: 1,
      autoencoder: {
        ...model.config,
        scale: measureScale(model, vae.value, people),
      },
      dit: smallDit({
        ...SIZES[world],
        ...ditSizes,
        height,
        width,
        channels,
        classes: identities,
      }),
      diffusion: { kind: "cosine", steps: 1000, prediction: "velocity" },
      identities: people.identities,
    }, { autoencoder: cloneParams(decoded.value), dit: {} });
    made.defer(generator.dispose);
    generators.push(generator);
    generator.params.dit = generator.dit.init(randomStream(seed, "dit"));
    const latents = await encodeImages(generator, people, {
      signal: options.signal,
      onStep: report(`${world}, latents`),
    });
    const trained = await trainDenoiser(generator, latents, {
      ...loop,
      name: `the denoiser of ${world}`,
      steps: denoiserSteps,
      rate: 1e-3,
      classFeatures: identityFeatures(world, { identities, seed }),
      seed,
      checkpoint: at(`denoiser-${world}`),
      onStep: report(`${world}, denoiser`),
    });
    tf.dispose(generator.params.dit);
    generator.params.dit = trained;
  }
  made.move(); // all are whole: they are the caller's
  return generators;
}

/** One over the latents' standard deviation over a spread sample of images, as latent diffusion sets it. */
function measureScale(
  vae: Autoencoder,
  params: Params,
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

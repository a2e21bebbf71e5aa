/**
 * Cold start (section 4.1): a pretrained generator meets the target's identities.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { cloneParams, type Params } from "../core/mod.ts";
import type { ImageSet } from "../data/mod.ts";
import { refuseBatchNormalization } from "../privacy/mod.ts";
import { encodeImages } from "./encode_images.ts";
import { type Generator, makeGenerator } from "./generator.ts";
import {
  type PrivacyOptions,
  type PrivacyPlan,
  privacyPlan,
} from "./privacy_plan.ts";
import { trainAutoencoder } from "./train_autoencoder.ts";
import { trainDenoiser } from "./train_denoiser.ts";
import { trainDenoiserPrivately } from "./train_denoiser_privately.ts";
import type { TrainingOptions } from "./training_loop.ts";

/** Which weights of the transformer the cold start trains. */
export type Trainable = "labelEmbedding" | "labelEmbedding+adaLN" | "all";

/** Options of {@linkcode coldStart}. */
export interface ColdStartOptions
  extends Omit<TrainingOptions, "checkpoint" | "onStep"> {
  /** Steps of the transformer. */
  steps: number;
  /**
   * Learning rate. The paper's 1e-5 belongs to DiT-XL/2 and long trainings.
   *
   * @default {1e-5}
   */
  rate?: number;
  /**
   * What is trained: the paper's is `"labelEmbedding"`, with the backbone frozen; at small scale, where the prior is far
   * from the target, more is needed (our reading).
   *
   * @default {"labelEmbedding"}
   */
  trainable?: Trainable;
  /**
   * Steps in which the autoencoder's decoder alone learns the target's look before the transformer is trained; the latent
   * space stays as it is. Ours: the paper's autoencoder has seen the world, a small one has not.
   *
   * @default {0}
   */
  decoderSteps?: number;
  /**
   * Latents in a step.
   *
   * @default {128}
   */
  batchSize?: number;
  /**
   * Decay of the moving average of weights; 0 for none.
   *
   * @default {0.99}
   */
  average?: number;
  /**
   * Seed of batches, noise and times.
   *
   * @default {0}
   */
  seed?: number;
  /**
   * Differential privacy of the training images (beyond the paper). The decoder is then left as it is, and `trainable` must
   * be one of the first two; `batchSize` is the number of pictures or people that a batch has on average.
   *
   * @default none: every training image may leave a trace
   */
  privacy?: PrivacyOptions;
  /** Folder for checkpoints. */
  checkpoints?: string;
  /** Called as the parts go on. */
  onStep?: (
    part: "decoder" | "denoiser",
    done: number,
    total: number,
    metrics: { [name: string]: number },
  ) => void | Promise<void>;
}

/** Names of the class table and of all adaLN layers, as the published model has them. */
const LABELS = /^y_embedder\./;
const LABELS_AND_MODULATION = /^y_embedder\.|adaLN_modulation/;

/**
 * The weights a {@linkcode Trainable} means.
 *
 * @param trainable Which weights of the transformer.
 * @returns Matches their names.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { trainablePattern } from "./cold_start.ts";
 *
 * const pattern = trainablePattern("labelEmbedding");
 * assert(pattern.test("y_embedder.embedding_table.weight"));
 * assert(!pattern.test("blocks.0.attn.qkv.weight"));
 * ```
 */
export function trainablePattern(trainable: Trainable): RegExp {
  if (trainable === "labelEmbedding") return LABELS;
  return trainable === "all" ? /./ : LABELS_AND_MODULATION;
}

/**
 * Adapts a generator to the identities of a target.
 *
 * The class table is replaced by one of zeros, a row per identity and one for the null class, and learned by the
 * denoising loss. What else is trained, `trainable` says.
 *
 * @param prior The pretrained generator; stays as it is.
 * @param target Real training images of the scarce target, of the generator's size.
 * @param options Lengths, rates, what is trained.
 * @returns The adapted generator; class y is `target.identities[y]`. With privacy, `config.privacy` says what was promised.
 * Owned by the caller.
 * @throws {TypeError} If the images have another size than the generator.
 * @throws {RangeError} With privacy, if something is to be trained that it does not cover, or has batch normalisation.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { coldStart, loadGenerator, priorUrl } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * await useBackend("auto");
 * const prior = await loadGenerator(priorUrl());
 * const target = proceduralFaces({ identities: 2, imagesPerIdentity: 2, size: 64 });
 * // Some hundred steps and a larger batch for more than a look.
 * const adapted = await coldStart(prior, target, {
 *   steps: 2,
 *   rate: 1e-3,
 *   trainable: "all",
 *   batchSize: 4,
 * });
 * console.log(adapted.config.identities); // ["face-0000", "face-0001"]
 * ```
 */
export async function coldStart(
  prior: Generator,
  target: ImageSet,
  options: ColdStartOptions,
): Promise<Generator> {
  const {
    steps,
    rate = 1e-5,
    trainable = "labelEmbedding",
    decoderSteps = 0,
    batchSize = 128,
    average = 0.99,
    seed = 0,
    privacy,
    checkpoints,
    onStep,
    ...loop
  } = options;
  const { height, width } = prior.config.autoencoder;
  if (target.height !== height || target.width !== width) {
    throw new TypeError(
      `Cannot cold-start a generator as 'target' must be images of ${height} x ${width}: current value is ${target.height} x ${target.width}`,
    );
  }
  const plan = privacy &&
    privatePlan(privacy, prior, target, {
      steps,
      batchSize,
      trainable,
      decoderSteps,
    });
  const at = (name: string) =>
    checkpoints === undefined
      ? undefined
      : `${checkpoints}/${name}.safetensors`;

  const decoder = decoderSteps === 0
    ? cloneParams(prior.params.autoencoder)
    : await trainAutoencoder(
      prior.autoencoder,
      prior.params.autoencoder,
      target,
      {
        ...loop,
        steps: decoderSteps,
        trainable: "decoder",
        rate: 5e-4,
        seed,
        checkpoint: at("cold-start-decoder"),
        onStep: (done, total, metrics) =>
          onStep?.("decoder", done, total, metrics),
      },
    );

  // A prior's own promise is not one about these images, nor are its classes these people.
  const { privacy: _, retired: __, ...config } = prior.config;
  const generator = makeGenerator({
    ...config,
    dit: { ...prior.config.dit, classes: target.identities.length },
    identities: [...target.identities],
    ...(plan && { privacy: plan.record(steps) }),
  }, {
    autoencoder: decoder,
    dit: withFreshLabels(prior.params.dit, target.identities.length),
  });
  try {
    const latents = await encodeImages(generator, target, loop);
    const training = {
      ...loop,
      name: "the cold start",
      steps,
      rate,
      average,
      seed,
      checkpoint: at("cold-start"),
      onStep: (
        done: number,
        total: number,
        metrics: { [name: string]: number },
      ) => onStep?.("denoiser", done, total, metrics),
    };
    const trained = plan === undefined
      ? await trainDenoiser(generator, latents, {
        ...training,
        trainable: trainablePattern(trainable),
        batchSize: Math.min(batchSize, latents.count),
      })
      : await trainDenoiserPrivately(generator, latents, {
        ...training,
        plan,
        trainable: trainable as Exclude<Trainable, "all">,
        rank: privacy!.rank,
        privateSeed: privacy!.seed,
        diagnostics: privacy!.diagnostics,
      });
    tf.dispose(generator.params.dit);
    generator.params.dit = trained;
    return generator;
  } catch (error) {
    generator.dispose();
    throw error;
  }
}

/** Refuses what privacy does not cover, before anything is trained. */
function privatePlan(
  privacy: PrivacyOptions,
  prior: Generator,
  { labels }: ImageSet,
  training: Pick<ColdStartOptions, "steps" | "trainable" | "decoderSteps"> & {
    batchSize: number;
  },
): PrivacyPlan {
  const act = "cold-start a generator privately";
  const { trainable, decoderSteps } = training;
  if (trainable === "all") {
    throw new RangeError(
      `Cannot ${act} as 'trainable' must be labelEmbedding or labelEmbedding+adaLN, whose gradients are clipped sample by sample: current value is all`,
    );
  }
  if (decoderSteps !== 0) {
    throw new RangeError(
      `Cannot ${act} as 'decoderSteps' must be 0, since the decoder's training is not private: current value is ${decoderSteps}`,
    );
  }
  const { autoencoder, dit } = prior.params;
  refuseBatchNormalization(act, Object.keys({ ...autoencoder, ...dit }));
  return privacyPlan(privacy, { ...training, labels });
}

/** A copy of the weights with a class table of zeros. */
function withFreshLabels(params: Params, classes: number): Params {
  const table = "y_embedder.embedding_table.weight";
  const { [table]: old, ...others } = params;
  return {
    ...cloneParams(others),
    [table]: tf.zeros([classes + 1, old.shape[1]!]),
  };
}

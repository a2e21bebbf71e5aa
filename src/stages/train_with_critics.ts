/**
 * The decoder of a prior, trained on with recognisers as critics.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { cloneParams, type Params } from "../core/mod.ts";
import type { ImageSet } from "../data/mod.ts";
import {
  type Autoencoder,
  type AutoencoderConfig,
  type RecognizerConfig,
  smallRecognizer,
} from "../models/mod.ts";
import type { WorldName } from "./render_person.ts";
import { type Critic, trainAutoencoder } from "./train_autoencoder.ts";
import { trainRecognizer } from "./train_recognizer.ts";
import type { TrainingOptions } from "./training_loop.ts";

/** What one world's prior is made from. */
export interface PriorSet {
  /** The autoencoder, for images of this size. */
  model: Autoencoder<AutoencoderConfig>;
  /** Rendered people. */
  people: ImageSet;
  /** The same, and textures. */
  images: ImageSet;
}

/** Options of {@linkcode trainWithCritics}. */
export interface TrainWithCriticsOptions
  extends Omit<TrainingOptions, "checkpoint" | "onStep"> {
  /** World of each set. */
  worlds: readonly WorldName[];
  /** Steps of each critic. */
  criticSteps: number;
  /** Steps of the decoder; 0 leaves it as it is. */
  decoderSteps: number;
  /** Seed of critics and decoder. */
  seed: number;
  /** Place of a part's checkpoint, where there are any. */
  at: (name: string) => string | undefined;
  /** What a part's progress is told to. */
  report: (
    part: string,
  ) => (
    done: number,
    total: number,
    metrics: { [name: string]: number },
  ) => void | Promise<void>;
}

/** What the critic of a world has that `smallRecognizer` has not. */
const CRITIC_SIZES: Record<WorldName, Partial<RecognizerConfig>> = {
  faces: {},
  pedestrians: { widths: [16, 32, 64, 96], features: 96 },
};

/**
 * Trains a recogniser of each set's people, then the decoder alone on all sets with these as critics.
 *
 * @param sets Models, people and images, a world each.
 * @param params Weights of the autoencoder. Borrowed.
 * @param options Steps, seed, checkpoints.
 * @returns All weights of the autoencoder. Owned by the caller.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { trainWithCritics } from "./train_with_critics.ts";
 *
 * console.log(typeof trainWithCritics); // function; minutes, as `pretrain` calls it
 * ```
 */
export async function trainWithCritics(
  sets: readonly PriorSet[],
  params: Params,
  options: TrainWithCriticsOptions,
): Promise<Params> {
  const { worlds, criticSteps, decoderSteps, seed, at, report, ...loop } =
    options;
  if (decoderSteps === 0) return cloneParams(params);
  using critics = new DisposableStack();
  const sources: (PriorSet & { critic: Critic })[] = [];
  for (const [i, world] of worlds.entries()) {
    const { people: { height, width } } = sets[i];
    const critic = await trainRecognizer(
      smallRecognizer({ ...CRITIC_SIZES[world], height, width }),
      sets[i].people,
      {
        ...loop,
        steps: criticSteps,
        seed,
        checkpoint: at(`critic-${world}`),
        onStep: report(`${world}, critic`),
      },
    );
    critics.defer(() => tf.dispose([critic.params, critic.head]));
    sources.push({ ...sets[i], critic });
  }
  const [{ model, images, critic }, ...also] = sources;
  return await trainAutoencoder(model, params, images, {
    ...loop,
    steps: decoderSteps,
    trainable: "decoder",
    batchSize: 24,
    rate: 5e-4,
    critic,
    also,
    seed,
    checkpoint: at("decoder"),
    onStep: report("decoder"),
  });
}

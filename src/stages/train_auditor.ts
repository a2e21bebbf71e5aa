/**
 * The auditor: a recogniser of procedural people, who are nobody's target.
 *
 * @module
 */
import { type RecognizerConfig, smallRecognizer } from "../models/mod.ts";
import type { WorldName } from "./render_person.ts";
import { renderPeople } from "./render_people.ts";
import { type TrainedRecognizer, trainRecognizer } from "./train_recognizer.ts";
import type { TrainingOptions } from "./training_loop.ts";

/** Options of {@linkcode trainAuditor}. */
export interface TrainAuditorOptions extends Omit<TrainingOptions, "onStep"> {
  /**
   * Of which world.
   *
   * @default {"faces"}
   */
  world?: WorldName;
  /**
   * Procedural persons.
   *
   * @default {400}
   */
  identities?: number;
  /**
   * Pictures of each.
   *
   * @default {20}
   */
  imagesPerIdentity?: number;
  /**
   * Number of the first person; those of the prior and of the default target are others.
   *
   * @default {2_000_000}
   */
  firstIdentity?: number;
  /**
   * Rows of a picture, pixels.
   *
   * @default {64}
   */
  size?: number;
  /**
   * Steps of training.
   *
   * @default {1500}
   */
  steps?: number;
  /**
   * Seed of everything.
   *
   * @default {0}
   */
  seed?: number;
  /** Called as the parts go on. */
  onStep?: (
    part: "auditor's images" | "auditor",
    done: number,
    total: number,
    metrics: { [name: string]: number },
  ) => void | Promise<void>;
}

/** Clothes are told apart by less than faces. */
const SIZES: Record<WorldName, Partial<RecognizerConfig>> = {
  faces: {},
  pedestrians: { widths: [16, 32, 48, 64], features: 64 },
};

/**
 * Trains a recogniser on people that neither the prior nor any target knows.
 *
 * Rewards get hacked: an embedder trained on the target's few photographs is fooled together with the one that gives the
 * reward. One that learned faces from other people is not, so its opinion is logged beside the reward.
 *
 * @param options How many people, how long.
 * @returns The recogniser. Owned by the caller.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { trainAuditor } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * // The smallest there can be; the defaults take minutes.
 * const { params } = await trainAuditor({
 *   identities: 2,
 *   imagesPerIdentity: 2,
 *   size: 16,
 *   steps: 1,
 * });
 * console.log("projection.weight" in params); // true
 * ```
 */
export async function trainAuditor(
  options: TrainAuditorOptions = {},
): Promise<TrainedRecognizer> {
  const {
    world = "faces",
    identities = 400,
    imagesPerIdentity = 20,
    firstIdentity = 2_000_000,
    size = 64,
    steps = 1500,
    seed = 0,
    onStep,
    ...loop
  } = options;
  const people = await renderPeople({
    world,
    identities,
    imagesPerIdentity,
    firstIdentity,
    size,
    seed,
    signal: loop.signal,
    onStep: (done, total) => onStep?.("auditor's images", done, total, {}),
  });
  return await trainRecognizer(
    smallRecognizer({
      ...SIZES[world],
      height: people.height,
      width: people.width,
    }),
    people,
    {
      ...loop,
      steps,
      seed,
      onStep: (done, total, metrics) =>
        onStep?.("auditor", done, total, metrics),
    },
  );
}

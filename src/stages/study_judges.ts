/**
 * The judges of a study of privacy.
 *
 * @module
 */
import type { Embedder } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import { recognizerEmbedder } from "./recognizer_embedder.ts";
import type { PrivacyStudySettings } from "./study_privacy_settings.ts";
import { trainAuditor } from "./train_auditor.ts";
import type { TrainedRecognizer } from "./train_recognizer.ts";
import type { StepMetrics } from "./training_loop.ts";

/** Four recognisers of people who are nobody's target. Disposing them frees all. */
export interface StudyJudges extends Disposable {
  /** Two that drop images. */
  gate: { [name: string]: Embedder };
  /** Two others that measure what still leaks. */
  measuring: { [name: string]: Embedder };
}

/** Options of {@linkcode trainStudyJudges}. */
export interface TrainStudyJudgesOptions {
  /** People, pictures, steps. */
  settings: PrivacyStudySettings["judges"];
  /** Side of a picture, pixels. */
  size: number;
  /** A recogniser of other people, the first judge. Borrowed as long as the judges are used. */
  auditor: Pick<TrainedRecognizer, "model" | "params">;
  /** Path of a checkpoint, by name. */
  file: (name: string) => string;
  /** Ends the work after the present step. */
  signal?: AbortSignal;
  /** Called as the parts go on. */
  onStep?: (
    part: string,
    done: number,
    total: number,
    metrics: StepMetrics,
  ) => void;
}

/** Number of the judges' first person: those of priors, targets and the shipped auditor are others. */
const OTHER_PEOPLE = 3_000_000;

/**
 * Trains three judges beside the given one, each on procedural people of its own, so that what fools one need not fool the
 * next.
 *
 * @param options Sizes, and the first judge.
 * @returns The judges. Owned by the caller.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { trainStudyJudges, type TrainStudyJudgesOptions } from "@outis/outis/stages";
 *
 * async function names(options: TrainStudyJudgesOptions) {
 *   using judges = await trainStudyJudges(options);
 *   return Object.keys({ ...judges.gate, ...judges.measuring });
 * }
 * console.log(names.length); // 1
 * ```
 */
export async function trainStudyJudges(
  options: TrainStudyJudgesOptions,
): Promise<StudyJudges> {
  const { settings, size, auditor, file, signal, onStep } = options;
  using made = new DisposableStack();
  const judge = async (trained: TrainStudyJudgesOptions["auditor"]) =>
    made.use(await recognizerEmbedder(trained.model, trained.params));
  const judges = [await judge(auditor)];
  while (judges.length < 4) {
    const number = judges.length + 1;
    const trained = await trainAuditor({
      ...settings,
      size,
      firstIdentity: OTHER_PEOPLE + (number - 2) * settings.identities,
      seed: 98 + number,
      checkpoint: file(`judge-${number}.safetensors`),
      ...(signal && { signal }),
      onStep: (_, ...told) => onStep?.(`judge ${number}`, ...told),
    });
    made.defer(() => tf.dispose([trained.params, trained.head]));
    judges.push(await judge(trained));
  }
  const kept = made.move();
  return {
    gate: { "judge 1": judges[0], "judge 2": judges[1] },
    measuring: { "judge 3": judges[2], "judge 4": judges[3] },
    [Symbol.dispose]: () => kept.dispose(),
  };
}

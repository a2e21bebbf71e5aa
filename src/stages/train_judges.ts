/**
 * Who judges generated images: the recogniser whose features are rewarded, and one outside the reward.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import type { Embedder } from "../core/mod.ts";
import type { ImageSet } from "../data/mod.ts";
import { smallRecognizer } from "../models/mod.ts";
import type { MemoryBank } from "../rewards/mod.ts";
import { buildMemoryBank } from "./build_memory_bank.ts";
import { recognizerEmbedder } from "./recognizer_embedder.ts";
import { type TrainedRecognizer, trainRecognizer } from "./train_recognizer.ts";
import type { TrainRecognizerOptions } from "./train_recognizer_options.ts";

/** What a reinforcement takes to score images. Disposing it frees all of it. */
export interface RewardJudges extends Disposable {
  /** The frozen network whose features are rewarded. */
  embedder: Embedder;
  /** Its features of the target's real training images. */
  bank: MemoryBank;
  /** A network of other people, with its own features of the same images. @default none was given */
  auditor?: { embedder: Embedder; bank: MemoryBank };
}

/** Options of {@linkcode trainJudges}. */
export interface TrainJudgesOptions
  extends Omit<TrainRecognizerOptions, "synthetic"> {
  /** A recogniser of other people. Borrowed as long as the judges are used. @default none */
  auditor?: Pick<TrainedRecognizer, "model" | "params"> | undefined;
}

/**
 * Trains the recogniser whose features are rewarded (4.2), on real images alone, and fills the memory banks.
 *
 * @param train Real training images of the target.
 * @param options How it is trained, and the auditor.
 * @returns The judges. Owned by the caller.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { trainJudges } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * await useBackend("auto");
 * const train = proceduralFaces({ identities: 2, imagesPerIdentity: 2, size: 32 });
 * using judges = await trainJudges(train, { steps: 1, batchSize: 4 });
 * console.log(judges.bank.identities.length); // 2
 * ```
 */
export async function trainJudges(
  train: ImageSet,
  options: TrainJudgesOptions,
): Promise<RewardJudges> {
  const { auditor, ...training } = options;
  const { height, width } = train;
  using made = new DisposableStack();
  const teacher = await trainRecognizer(
    smallRecognizer({ height, width }),
    train,
    training,
  );
  made.defer(() => tf.dispose([teacher.params, teacher.head]));
  const judge = async (
    { model, params }: Pick<TrainedRecognizer, "model" | "params">,
  ) => {
    const embedder = made.use(await recognizerEmbedder(model, params));
    return { embedder, bank: made.use(buildMemoryBank(embedder, train)) };
  };
  const rewarded = await judge(teacher);
  const second = auditor && await judge(auditor);
  const kept = made.move();
  return {
    ...rewarded,
    ...(second && { auditor: second }),
    [Symbol.dispose]: () => kept.dispose(),
  };
}

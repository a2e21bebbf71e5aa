/**
 * The study of recognition: what training reaches on several sets of images, over seeds.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { fileName, readJsonIfThere, type RunDirectory } from "../core/mod.ts";
import type { ImageSet } from "../data/mod.ts";
import { type NetworkDescription, trainableNetwork } from "../models/mod.ts";
import type { ProtocolRecord } from "../metrics/mod.ts";
import type { TestOverlap } from "./check_overlap.ts";
import { evaluateReid, type ReidTest } from "./evaluate_reid.ts";
import { evaluateVerification } from "./evaluate_verification.ts";
import { recognizerEmbedder } from "./recognizer_embedder.ts";
import { trainRecognizer } from "./train_recognizer.ts";
import type { TrainRecognizerOptions } from "./train_recognizer_options.ts";
import type { TrainingOptions } from "./training_loop.ts";

/** A way of training in the study. */
export interface RecognitionArm {
  /** Its name in tables. */
  name: string;
  /** Where it differs from the training of its set. */
  training: Partial<TrainRecognizerOptions>;
}

/** A set of images in the study. */
export interface RecognitionStudySet {
  /** Its name in tables. */
  name: string;
  /** What is trained on and tested with, one sentence. */
  source: string;
  /** Training images. */
  train: ImageSet;
  /** Images of people never trained on: to be verified, or to be searched for. */
  test: { faces: ImageSet } | { persons: ReidTest };
  /** The network. */
  network: NetworkDescription;
  /** How it is trained. */
  training: TrainRecognizerOptions;
  /** The same in words, one sentence. */
  how: string;
  /** What is compared. */
  arms: readonly RecognitionArm[];
}

/** Input of {@linkcode studyRecognition}. */
export interface StudyRecognitionInput extends Pick<TrainingOptions, "signal"> {
  /** The sets of images. */
  sets: readonly RecognitionStudySet[];
  /** Seeds of the trainings. */
  seeds: readonly number[];
  /** Where results and checkpoints are kept. */
  run: RunDirectory;
  /** Milliseconds of work from any fixed moment. */
  now: () => number;
  /** Called as the parts go on. */
  onStep?: (
    part: string,
    done: number,
    total: number,
    metrics: { [name: string]: number },
  ) => void;
}

/** What one training reached. */
export interface RecognitionResult {
  /** Name of the set. */
  set: string;
  /** Name of the way of training. */
  arm: string;
  /** Seed of the training. */
  seed: number;
  /** Figures by name, shares in [0, 1]. */
  figures: { [name: string]: number };
  /** Rule by which they were computed. */
  protocol: ProtocolRecord;
  /** Test images that were trained on; looked for once in each set. */
  overlap?: TestOverlap[];
  /** Seconds of work that the training took. */
  seconds: number;
}

/**
 * Runs the study: every arm of every set with every seed. What was done before is taken from the run directory.
 *
 * @param input Sets of images, arms, seeds.
 * @returns A result for each training, in the order of sets, arms and seeds.
 * @throws The signal's reason, if it fired: what was done is kept.
 *
 * @example
 * ```ts
 * import { studyRecognition, type StudyRecognitionInput } from "@outis/outis/stages";
 *
 * // The figures of each training: minutes to hours, as the sets say.
 * async function figures(input: StudyRecognitionInput) {
 *   return (await studyRecognition(input)).map(({ figures }) => figures);
 * }
 * console.log(figures.length); // 1
 * ```
 */
export async function studyRecognition(
  input: StudyRecognitionInput,
): Promise<RecognitionResult[]> {
  const results: RecognitionResult[] = [];
  for (const set of input.sets) {
    await Deno.mkdir(input.run.file(fileName(set.name)), { recursive: true });
    for (const [i, arm] of set.arms.entries()) {
      for (const [k, seed] of input.seeds.entries()) {
        const looks = i === 0 && k === 0;
        const path = `${fileName(set.name)}/${fileName(arm.name)}-seed-${seed}`;
        results.push(
          await readJsonIfThere<RecognitionResult>(
            input.run.file(`${path}.json`),
          ) ??
            await studyOne(input, { set, arm, seed, path, looks }),
        );
      }
    }
  }
  return results;
}

async function studyOne(
  { run, now, signal, onStep }: StudyRecognitionInput,
  { set, arm, seed, path, looks }: {
    set: RecognitionStudySet;
    arm: RecognitionArm;
    seed: number;
    path: string;
    looks: boolean;
  },
): Promise<RecognitionResult> {
  const part = `${set.name}, ${arm.name}, seed ${seed}`;
  const network = trainableNetwork(set.network);
  const start = now();
  const { params, head } = await trainRecognizer(network, set.train, {
    ...set.training,
    ...arm.training,
    seed,
    signal,
    checkpoint: run.file(`${path}.safetensors`),
    onStep: (...told) => onStep?.(part, ...told),
  });
  const seconds = (now() - start) / 1000;
  try {
    using embedder = await recognizerEmbedder(network, params);
    const options = looks
      ? { trainedOn: { "the training images": set.train } }
      : {};
    const judged = "faces" in set.test
      ? await judgeFaces(embedder, set.test.faces, options)
      : await judgePersons(embedder, set.test.persons, options);
    const result = { set: set.name, arm: arm.name, seed, ...judged, seconds };
    await run.writeAtomic(`${path}.json`, JSON.stringify(result, null, 1));
    return result;
  } finally {
    tf.dispose([params, head]);
  }
}

type Judged = Pick<RecognitionResult, "figures" | "protocol" | "overlap">;
type Judge<Test> = (
  embedder: Awaited<ReturnType<typeof recognizerEmbedder>>,
  test: Test,
  options: { trainedOn?: { [name: string]: ImageSet } },
) => Promise<Judged>;

const judgeFaces: Judge<ImageSet> = async (embedder, test, options) => {
  const found = await evaluateVerification(embedder, test, options);
  const { accuracy, areaUnderCurve, equalErrorRate, protocol, overlap } = found;
  return {
    figures: {
      accuracy: accuracy.mean,
      AUC: areaUnderCurve,
      EER: equalErrorRate,
    },
    protocol,
    ...(overlap && { overlap }),
  };
};

const judgePersons: Judge<ReidTest> = async (embedder, test, options) => {
  const found = await evaluateReid(embedder, test, { ...options, flip: true });
  const { mAP, cmc, mINP, protocol, overlap } = found;
  if (mAP === undefined || cmc === undefined || mINP === undefined) {
    throw new RangeError(
      `Cannot study recognition as 'test' must have right gallery images: ${found.absent.mAP}`,
    );
  }
  return {
    figures: { mAP, "rank 1": cmc[0], "rank 5": cmc[4], mINP },
    protocol,
    ...(overlap && { overlap }),
  };
};

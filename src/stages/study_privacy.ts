/**
 * The study of privacy against utility: how well a recogniser does that was trained on a released set alone, and how much of
 * the set leaks.
 *
 * @module
 */
import { fileName, readJsonIfThere, type RunDirectory } from "../core/mod.ts";
import {
  type ImageSet,
  splitIdentities,
  splitImages,
  takeIdentities,
} from "../data/mod.ts";
import { tf } from "../engine/mod.ts";
import { smallRecognizer } from "../models/mod.ts";
import { auditPrivacy } from "./audit_privacy.ts";
import { evaluateVerification } from "./evaluate_verification.ts";
import type { Generator } from "./generator.ts";
import { type PrivacySet, privacySets } from "./privacy_sets.ts";
import { recognizerEmbedder } from "./recognizer_embedder.ts";
import type { StudyJudges } from "./study_judges.ts";
import type { PrivacyStudySettings } from "./study_privacy_settings.ts";
import { trainJudges } from "./train_judges.ts";
import { trainRecognizer } from "./train_recognizer.ts";
import type { StepMetrics } from "./training_loop.ts";

/** What was measured of one set. */
export interface PrivacyPoint {
  /** The seed. */
  seed: number;
  /** What moves along its curve. */
  curve: string;
  /** Where on the curve. */
  setting: string;
  /** Images made. */
  made: number;
  /** Images left. */
  images: number;
  /**
   * Share of the images that a measuring judge matches with a real person of the training set; absent where there are no
   * images, or they are the photographs themselves.
   */
  leakRate?: number;
  /** By how much the share of matching pairs is above that of the control, mean over the judges. */
  excess?: number;
  /** Whether the audit by the measuring judges would let the set pass. */
  passed?: boolean;
  /** Verification accuracy of the recogniser on people of neither set; absent where it could not be trained. */
  accuracy?: number;
  /** Standard deviation of the accuracy over ten folds. */
  deviation?: number;
}

/** What a study needs. */
export interface StudyPrivacyInput {
  /** All images of the target, with identities. */
  images: ImageSet;
  /** The pretrained generator. Borrowed. */
  prior: Generator;
  /** Who drops images, and who measures what still leaks. Borrowed. */
  judges: Pick<StudyJudges, "gate" | "measuring">;
  /** Sizes, seeds, settings along the curves. */
  settings: PrivacyStudySettings;
  /** Where everything is kept, and found again. */
  run: RunDirectory;
  /** Ends the study after the present step. */
  signal?: AbortSignal;
  /** Called as the parts go on. */
  onStep?: (
    part: string,
    done: number,
    total: number,
    metrics: StepMetrics,
  ) => void;
}

/** Fewer people, or fewer images, than this are nothing to train a recogniser on. */
const LEAST = { people: 2, images: 8 };

/** Fewer people in the control cannot be judged by halves. */
const LEAST_STRANGERS = 10;

/**
 * Runs the study. Points measured before are taken from the run directory.
 *
 * @param input Images, prior, settings.
 * @returns The points of all seeds, in the order of the curves.
 * @throws {RangeError} If the images are too few for the audit's rates.
 * @throws The signal's reason, if it fired: what was measured is kept.
 *
 * @example
 * ```ts
 * import { studyPrivacy, type StudyPrivacyInput } from "@outis/outis/stages";
 *
 * // The set that leaks least: minutes to hours, as the settings say.
 * async function safest(input: StudyPrivacyInput) {
 *   const points = await studyPrivacy(input);
 *   return points.filter(({ accuracy }) => accuracy !== undefined)
 *     .sort((a, b) => (a.leakRate ?? 1) - (b.leakRate ?? 1))[0];
 * }
 * console.log(safest.length); // 1
 * ```
 */
export async function studyPrivacy(
  input: StudyPrivacyInput,
): Promise<PrivacyPoint[]> {
  const points: PrivacyPoint[] = [];
  for (const seed of input.settings.seeds) {
    points.push(...await studySeed(input, seed));
  }
  return points;
}

async function studySeed(
  input: StudyPrivacyInput,
  seed: number,
): Promise<PrivacyPoint[]> {
  const { images, settings, run, signal } = input;
  const { gate, measuring } = input.judges;
  const file = (name: string) => run.file(`seed-${seed}`, name);
  await Deno.mkdir(file(""), { recursive: true });
  const onStep: StudyPrivacyInput["onStep"] = (part, ...told) =>
    input.onStep?.(`seed ${seed}, ${part}`, ...told);
  const byIdentity = splitIdentities(images, settings.data);
  const { train } = splitImages(byIdentity.train, settings.data);
  const control = byIdentity.test;
  using owned = new DisposableStack();
  const { recognizer, embedder } = settings;
  const judges = owned.use(
    await trainJudges(train, {
      ...recognizer,
      ...embedder,
      seed: seed + 1,
      checkpoint: file("embedder.safetensors"),
      ...(signal && { signal }),
      onStep: (...told) => onStep("embedder", ...told),
    }),
  );
  const { sets } = owned.use(
    privacySets({ ...input, train, control, judges, gate, seed, file, onStep }),
  );
  const references = [photographsOf(train), ...strangersOf(control)];
  const trials: Trial[] = [
    ...references,
    ...sets.map((set) => ({ ...set, control, isTrainedOn: true })),
  ];

  const points: PrivacyPoint[] = [];
  for (const { curve, setting, make, ...trial } of trials) {
    const name = `${fileName(`${curve} ${setting}`)}.json`;
    const known = await readJsonIfThere<PrivacyPoint>(file(name));
    if (known !== undefined) {
      points.push(known);
      continue;
    }
    const made = await make();
    const count = made.images.count;
    const point: PrivacyPoint = {
      seed,
      curve,
      setting,
      made: made.made,
      images: count,
    };
    if (trial.control && count > 0) {
      const { dropList, embedders, passed } = await auditPrivacy({
        synthetic: made.images,
        real: train,
        control: trial.control,
        embedders: measuring,
        rewardFingerprints: [judges.embedder.fingerprint],
        falseMatchRate: settings.falseMatchRate,
        listed: 0,
        seed,
        ...(signal && { signal }),
      });
      const tests = Object.values(embedders).map(({ test }) => test.excess);
      point.leakRate = dropList.length / count;
      point.excess = tests.reduce((a, b) => a + b) / tests.length;
      point.passed = passed;
    }
    const people = new Set(made.images.labels).size;
    const isEnough = people >= LEAST.people && count >= LEAST.images;
    if (trial.isTrainedOn && isEnough) {
      const part = `recogniser, ${curve}, ${setting}`;
      const trained = await trainRecognizer(
        smallRecognizer({ height: images.height, width: images.width }),
        made.images,
        {
          ...recognizer,
          seed: seed + 7,
          ...(signal && { signal }),
          onStep: (...told) => onStep(part, ...told),
        },
      );
      using _ = {
        [Symbol.dispose]: () => tf.dispose([trained.params, trained.head]),
      };
      using judged = await recognizerEmbedder(trained.model, trained.params);
      const { accuracy } = await evaluateVerification(judged, control, {
        seed,
        trainedOn: { "the released images": made.images },
      });
      point.accuracy = accuracy.mean;
      point.deviation = accuracy.std;
    }
    await run.writeAtomic(`seed-${seed}/${name}`, JSON.stringify(point));
    points.push(point);
  }
  return points;
}

/** A set, and what is measured of it. */
interface Trial extends PrivacySet {
  /** Whom matches are compared with; without them the set is not audited. */
  control?: ImageSet;
  /** Whether a recogniser is trained on it. */
  isTrainedOn: boolean;
}

/** What utility is there without any privacy. */
function photographsOf(train: ImageSet): Trial {
  return {
    curve: "photographs",
    setting: "the training set itself",
    make: () => Promise.resolve({ images: train, made: train.count }),
    isTrainedOn: true,
  };
}

/** What leak rate people have whom nobody could have leaked: half of the control, judged beside the other half. */
function strangersOf(control: ImageSet): Trial[] {
  const { identities } = control;
  if (identities.length < LEAST_STRANGERS) return [];
  const half = (parity: number) => {
    const chosen = [...identities.keys()].filter((i) => i % 2 === parity);
    return takeIdentities(control, chosen);
  };
  const images = half(0);
  return [{
    curve: "chance",
    setting: "photographs of strangers",
    make: () => Promise.resolve({ images, made: images.count }),
    control: half(1),
    isTrainedOn: false,
  }];
}

/**
 * The study of new identities: recognisers trained on nobody, verified on people never seen.
 *
 * @module
 */
import {
  fileName,
  randomStream,
  readJsonIfThere,
  type RunDirectory,
} from "../core/mod.ts";
import type { ImageSet } from "../data/mod.ts";
import { owned, tf } from "../engine/mod.ts";
import { encodePng } from "../io/mod.ts";
import { smallRecognizer } from "../models/mod.ts";
import { conditionLatents } from "./condition_latents.ts";
import { evaluateVerification } from "./evaluate_verification.ts";
import { faceCovariates } from "./face_covariates.ts";
import type { Generator } from "./generator.ts";
import {
  drawIdentityArm,
  type IdentityArm,
  type IdentityArmSettings,
} from "./identity_arm.ts";
import { nearestDirections } from "./nearest_directions.ts";
import { embedImages, recognizerEmbedder } from "./recognizer_embedder.ts";
import { renderPeople } from "./render_people.ts";
import { type TrainedRecognizer, trainRecognizer } from "./train_recognizer.ts";
import type { StepMetrics } from "./training_loop.ts";

/** Sizes of a study. Plain data, printed with the results. */
export type IdentityStudySettings = IdentityArmSettings & {
  /** Seeds of everything but the people that are verified. */
  seeds: number[];
  /** The ways compared. */
  arms: IdentityArm[];
  /** DisCo: pictures looked at, and s_d of each covariate. */
  covariates: { count: number; people: number; scale: number };
  /** Training of the recognisers, which is the same in all arms. */
  recognizer: { steps: number; batchSize: number; rate: number };
  /** People that are verified: procedural, and in no training set. */
  test: { identities: number; imagesPerIdentity: number };
};

/** What came out of one arm under one seed. */
export interface IdentityStudyResult {
  /** The arm. */
  arm: string;
  /** The seed. */
  seed: number;
  /** Identities trained on. */
  identities: number;
  /** Images trained on. */
  images: number;
  /** Accuracy of 10-fold verification, mean over the folds. */
  accuracy: number;
  /** Area under the receiver's curve. */
  auc: number;
  /** Test images that stand among those trained on. @default not looked for, in a study of before that was done */
  overlap?: number;
  /** Mean angle from references to their nearest other, by the embedder of the dynamics, radians. */
  between: number;
  /** Mean angle from variations to their reference, radians. @default there are none */
  within?: number;
  /** Mean absolute difference of pixels of variations and their reference, of a range of 2. @default there are none */
  pixels?: number;
  /** Seconds that the images took. */
  seconds: number;
}

/** What a study needs. */
export interface StudyIdentitiesInput {
  /** The pretrained generator. Borrowed. */
  prior: Generator;
  /** The recogniser of other procedural people whose angles the dynamics go by. Borrowed. */
  auditor: Pick<TrainedRecognizer, "model" | "params">;
  /** Sizes, seeds, arms. */
  settings: IdentityStudySettings;
  /** Where everything is kept, and found again. */
  run: RunDirectory;
  /** Milliseconds from any fixed moment; processor time where the machine has other work, too. */
  now: () => number;
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

/** Number of the first person that is verified. */
const FIRST_TESTED = 5_000_000;

/** Identities and pictures of each in the picture of an arm. */
const SHOWN = 8;

/**
 * Runs the study: makes the images of each arm, trains a recogniser on them and nothing else, verifies people it has never
 * seen. Arms that were done are taken from the run directory; one that was stopped begins anew, but for its references. A
 * picture of each arm's first images lies beside its result.
 *
 * @param input Prior, embedder, settings.
 * @returns A result for each seed and arm.
 * @throws The signal's reason, if it fired: what was done is kept.
 *
 * @example
 * ```ts
 * import { studyIdentities, type StudyIdentitiesInput } from "@outis/outis/stages";
 *
 * // The best of all arms and seeds: minutes to hours, as the settings say.
 * async function best(input: StudyIdentitiesInput): Promise<string> {
 *   const results = await studyIdentities(input);
 *   return results.toSorted((a, b) => b.auc - a.auc)[0].arm;
 * }
 * console.log(best.length); // 1
 * ```
 */
export async function studyIdentities(
  input: StudyIdentitiesInput,
): Promise<IdentityStudyResult[]> {
  const { prior, auditor, settings, signal, onStep } = input;
  const size = prior.config.autoencoder.height;
  using embedder = await recognizerEmbedder(auditor.model, auditor.params);
  const test = await renderPeople({
    ...settings.test,
    firstIdentity: FIRST_TESTED,
    size,
    seed: 0,
    signal,
    onStep: (done, total) => onStep?.("people to verify", done, total, {}),
  });
  const { samplingSteps } = settings;
  const models = {
    fixed: conditionLatents(prior, { samplingSteps }),
    latent: conditionLatents(prior, { samplingSteps, noise: "latent" }),
  };
  const results: IdentityStudyResult[] = [];
  try {
    for (const seed of settings.seeds) {
      for (const arm of settings.arms) {
        const path = `seed-${seed}/${fileName(arm.name)}`;
        const found = await readJsonIfThere<IdentityStudyResult>(
          input.run.file(`${path}.json`),
        );
        results.push(
          found ?? await runArm({ ...input, embedder, models }, {
            arm,
            seed,
            test,
            path,
          }),
        );
      }
    }
    return results;
  } finally {
    models.fixed[Symbol.dispose]();
    models.latent[Symbol.dispose]();
  }
}

interface Tools extends StudyIdentitiesInput {
  embedder: Awaited<ReturnType<typeof recognizerEmbedder>>;
  models: {
    [noise in "fixed" | "latent"]: ReturnType<typeof conditionLatents>;
  };
}

async function runArm(
  tools: Tools,
  { arm, seed, test, path }: {
    arm: IdentityArm;
    seed: number;
    test: ImageSet;
    path: string;
  },
): Promise<IdentityStudyResult> {
  const { settings, prior, embedder, run, now, signal, onStep } = tools;
  const noise = arm.noise ?? "latent";
  const model = tools.models[noise];
  const tell = (part: string) => (done: number, total: number, metrics = {}) =>
    onStep?.(`seed ${seed}, ${arm.name}, ${part}`, done, total, metrics);
  await Deno.mkdir(run.file(`seed-${seed}`), { recursive: true });
  const start = now();
  const { scale, ...looks } = settings.covariates;
  const covariates = arm.variations !== "disco" ? [] : await faceCovariates(
    model,
    {
      ...looks,
      scale,
      random: randomStream(seed, "covariates"),
      size: prior.config.autoencoder.height,
      signal,
      onStep: tell("faces to learn from"),
    },
  );
  const images = await drawIdentityArm({
    arm,
    settings,
    prior,
    model,
    embedder,
    covariates,
    seed,
    signal,
    // Shared by the arms that start alike.
    checkpoint: run.file(
      `seed-${seed}`,
      `${arm.references}-${noise}${
        arm.asManyImages ? "-many" : ""
      }.safetensors`,
    ),
    onStep: (part, done, total) => tell(part)(done, total),
  });
  const seconds = (now() - start) / 1000;
  await run.writeAtomic(`${path}.png`, await pictureOf(images));
  const { height, width } = images;
  const trained = await trainRecognizer(
    smallRecognizer({ height, width }),
    images,
    { ...settings.recognizer, seed, signal, onStep: tell("recogniser") },
  );
  try {
    using judged = await recognizerEmbedder(trained.model, trained.params);
    const { accuracy, areaUnderCurve: auc, overlap } =
      await evaluateVerification(judged, test, {
        trainedOn: { "the images trained on": images },
        ...(signal && { signal }),
      });
    const result: IdentityStudyResult = {
      arm: arm.name,
      seed,
      identities: images.identities.length,
      images: images.count,
      accuracy: accuracy.mean,
      auc,
      overlap: overlap![0].affected,
      ...spreadOf(images, embedImages(embedder, images)),
      seconds,
    };
    await run.writeAtomic(`${path}.json`, JSON.stringify(result));
    return result;
  } finally {
    tf.dispose([trained.params, trained.head]);
  }
}

/** How far apart references are, and how far variations go. */
function spreadOf(
  { images, count, identities, height, width: columns }: ImageSet,
  { data, width }: { data: ArrayLike<number>; width: number },
): Pick<IdentityStudyResult, "between" | "within" | "pixels"> {
  const each = count / identities.length;
  const size = height * columns * 3;
  const mean = (values: ArrayLike<number>) =>
    Array.from(values).reduce((a, b) => a + b, 0) / values.length;
  using all = owned(
    tf.tensor3d(Float32Array.from(data), [identities.length, each, width]),
  );
  using first = owned(
    tf.tidy(() =>
      tf.squeeze(tf.slice(all.value, [0, 0, 0], [-1, 1, -1]), [
        1,
      ]) as tf.Tensor2D
    ),
  );
  const between = mean(
    nearestDirections(first.value, first.value, true).angles,
  );
  if (each === 1) return { between };
  const within = tf.tidy(() => {
    const unit = tf.div(all.value, tf.norm(all.value, 2, 2, true));
    const reference = tf.slice(unit, [0, 0, 0], [-1, 1, -1]);
    const rest = tf.slice(unit, [0, 1, 0], [-1, each - 1, -1]);
    const cosines = tf.sum(tf.mul(reference, rest), 2);
    return tf.mean(tf.acos(tf.clipByValue(cosines, -1, 1))).dataSync()[0];
  });
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const reference = (i - i % each) * size;
    for (let k = 0; k < size; k++) {
      sum += Math.abs(images[i * size + k] - images[reference + k]);
    }
  }
  return {
    between,
    within,
    pixels: sum / ((count - identities.length) * size),
  };
}

/** The first images, an identity a row. */
async function pictureOf(
  { images, height, width, count, identities }: ImageSet,
): Promise<Uint8Array> {
  const each = count / identities.length;
  const columns = Math.min(SHOWN, each);
  const rows = Math.min(SHOWN, identities.length);
  const pixels = new Float32Array(rows * columns * height * width * 3);
  const line = width * 3;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let y = 0; y < height; y++) {
        const from = ((row * each + column) * height + y) * line;
        pixels.set(
          images.subarray(from, from + line),
          ((row * height + y) * columns + column) * line,
        );
      }
    }
  }
  return await encodePng({
    pixels,
    height: rows * height,
    width: columns * width,
  });
}

/**
 * The whole method in one run: real photographs in, report out.
 *
 * Every part stands on its own as a stage function; this file only wires them, in the order of the paper.
 *
 * @module
 */
import { type BackendInfo, tf } from "../engine/mod.ts";
import {
  digestImages,
  type ImageSet,
  splitIdentities,
  splitImages,
} from "../data/mod.ts";
import { digestParams, type Params, type RunDirectory } from "../core/mod.ts";
import { identification } from "../metrics/mod.ts";
import { smallRecognizer } from "../models/mod.ts";
import { checkOverlap, type TestOverlap } from "./check_overlap.ts";
import { coldStart } from "./cold_start.ts";
import {
  type EvaluatedVerification,
  evaluateVerification,
} from "./evaluate_verification.ts";
import { exportImages } from "./export_images.ts";
import { generate } from "./generate.ts";
import type { Generator } from "./generator.ts";
import {
  compareRewards,
  type MeasuredRewards,
  type RewardChange,
  rewardMeter,
} from "./measure_rewards.ts";
import { embedImages, recognizerEmbedder } from "./recognizer_embedder.ts";
import type { PrivacyRecord } from "./privacy_plan.ts";
import { reinforce } from "./reinforce.ts";
import type { ReproduceSettings } from "./reproduce_settings.ts";
import { type RunLog, runLog } from "./run_log.ts";
import { runName } from "./run_name.ts";
import { savePrivateSet } from "./save_private_set.ts";
import { trainJudges } from "./train_judges.ts";
import { type TrainedRecognizer, trainRecognizer } from "./train_recognizer.ts";
import { writeReport } from "./write_report.ts";

/** What a run needs beside its settings. */
export interface ReproduceInput {
  /** All images of the target, with identities. */
  images: ImageSet;
  /** One phrase on where they come from, for the report. */
  source: string;
  /** The pretrained generator. Borrowed. */
  prior: Generator;
  /** A recogniser of other people, for the second opinion on rewards. Borrowed. */
  auditor?: TrainedRecognizer;
  /** Sizes and seeds. */
  settings: ReproduceSettings;
  /** Where everything is kept. */
  run: RunDirectory;
  /** What computes, for the report. */
  engine: BackendInfo;
  /** Whether real faces are blurred in the report. */
  redact?: boolean;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Ends the run after the present step. */
  signal?: AbortSignal;
  /** Called as the parts go on; several calls with the same name belong to one part. */
  onStep?: (
    part: string,
    done: number,
    total: number,
    metrics: { [name: string]: number },
  ) => void;
}

/** How well one recogniser does on identities never trained on. */
export interface RecognitionRow {
  /** What it was trained on. */
  method: string;
  /** 10-fold verification. */
  result: EvaluatedVerification;
}

/** What a run found; also written into the run directory as `results.json`. */
export interface ReproduceResult {
  /** Path of the report. */
  report: string;
  /** Raw rewards on fixed seeds, cold start against reinforced. */
  rewards: RewardChange[];
  /** Verification of unseen identities. */
  recognition: RecognitionRow[];
  /** Test images that stand among those trained on, too. */
  overlap: TestOverlap[];
  /** What the cold start has promised, where it was private: `private/` alone is covered, nothing that came later. */
  privacy?: PrivacyRecord;
}

/**
 * Runs the whole method. What was done before, in a resumed run, is taken from its checkpoints.
 *
 * @param input Images, prior, settings, run directory.
 * @returns What was found, and where the report is.
 * @throws {RangeError} If a resumed run was started with other images.
 * @throws The signal's reason, if it fired: what was done is kept in the run directory.
 *
 * @example
 * ```ts
 * import { openRunDirectory } from "@outis/outis/core";
 * import { readImageFolder } from "@outis/outis/data";
 * import { useBackend } from "@outis/outis/engine";
 * import { loadGenerator, priorUrl, reproduce, type ReproduceSettings } from "@outis/outis/stages";
 *
 * // Minutes to hours, as the settings say.
 * async function run(folder: string, settings: ReproduceSettings) {
 *   const now = Date.now;
 *   const manifest = { configuration: settings };
 *   using run = await openRunDirectory("runs/mine", { manifest, now });
 *   const { report } = await reproduce({
 *     images: await readImageFolder(folder, { size: 64 }),
 *     source: "my photographs",
 *     prior: await loadGenerator(priorUrl()),
 *     engine: await useBackend("auto"),
 *     settings,
 *     run,
 *     now,
 *   });
 *   return report;
 * }
 * console.log(run.length); // 2
 * ```
 */
export async function reproduce(
  input: ReproduceInput,
): Promise<ReproduceResult> {
  const { images, prior, settings, run, signal } = input;
  const { seed } = settings;
  const sha256 = digestImages(images);
  checkSameImages(run, sha256);
  const log = await runLog(run, input);
  const loop = (part: string) => ({
    signal,
    checkpoint: run.file("checkpoints", `${part}.safetensors`),
    ...log.training(part),
  });
  await Deno.mkdir(run.file("checkpoints"), { recursive: true });
  using owned = new DisposableStack();
  // Data
  const byIdentity = splitIdentities(images, settings.data);
  const byImage = splitImages(byIdentity.train, settings.data);
  const [train, test] = [byImage.train, byIdentity.test];
  await run.updateManifest({ data: { sha256 } });

  // The recogniser that gives the rewards their features
  const config = smallRecognizer({
    height: images.height,
    width: images.width,
  });
  const judges = owned.use(
    await log.timed("embedder", () =>
      trainJudges(train, {
        ...settings.recognizer,
        ...settings.embedder,
        auditor: input.auditor,
        seed: seed + 1,
        ...loop("embedder"),
      })),
  );
  const { embedder } = judges;

  // 4.1
  const adapted = await log.timed("cold start", () =>
    coldStart(prior, train, {
      ...settings.coldStart,
      seed: seed + 2,
      signal,
      checkpoints: run.file("checkpoints"),
      onStep: (part, ...told) => {
        const name = `cold start, ${part}`;
        // Every step of a private training is kept, with the epsilon it has come to.
        return settings.coldStart.privacy
          ? log.training(name).onStep?.(...told)
          : log.step(name, ...told);
      },
    }));
  owned.defer(adapted.dispose);
  const { privacy } = adapted.config;
  if (privacy !== undefined) await run.updateManifest({ privacy });

  // 4.2, watched on fixed seeds
  const meter = rewardMeter(adapted, {
    ...judges,
    ...settings.sampling,
    ...settings.measure,
  });
  owned.defer(meter.dispose);
  const measured = async (dit: Params, done: number) => {
    await log.measure(done, meter.measure(dit));
  };
  const tuned = await log.timed("reinforce", async () => {
    if (log.measurements().length === 0) await measured(adapted.params.dit, 0);
    return await reinforce(adapted, {
      ...judges,
      ...settings.sampling,
      ...settings.reinforce,
      seed: seed + 3,
      inspect: { every: settings.measure.every, look: measured },
      ...loop("reinforce"),
    });
  });
  owned.defer(tuned.dispose);
  const before = meter.measure(adapted.params.dit);
  const after = meter.measure(tuned.params.dit);

  // Synthetic images: the same noise before and after
  const draw = (generator: Generator, part: string) =>
    log.timed(part, () =>
      generate(generator, {
        ...settings.sampling,
        ...settings.generate,
        seed: seed + 4,
        signal,
        onStep: (done, total) => log.step(part, done, total, {}),
      }));
  const base = await draw(adapted, "generate, before");
  if (privacy !== undefined) {
    await savePrivateSet(run, adapted, { images: base, seed: seed + 4 });
  }
  const synthetic = await draw(tuned, "generate, after");
  await exportImages(synthetic, run.file("synthetic"), {
    description: "Synthetic face, made by @outis/outis",
    manifest: {
      seed: seed + 4,
      generator: `@outis/outis, reinforced, weights ${
        (await digestParams(tuned.params.dit)).slice(0, 16)
      }`,
      run: runName(run),
    },
  });

  const overlap = await log.timed("overlap", () =>
    checkOverlap(test, {
      "the training images": train,
      "the synthetic images": synthetic,
    }, {
      ...(signal === undefined ? {} : { signal }),
    }));

  // 4.3
  const arms: [string, Partial<Parameters<typeof trainRecognizer>[2]>][] = [
    ["real only", {}],
    ["real + cold start, all", { synthetic: base }],
    ["real + reinforced, all", { synthetic }],
    ["real + reinforced, lookahead", { synthetic, selection: "lookahead" }],
  ];
  const recognition: RecognitionRow[] = [];
  for (const [method, extra] of arms) {
    const part = `recogniser: ${method}`;
    const trained = await log.timed(part, () =>
      trainRecognizer(config, train, {
        ...settings.recognizer,
        ...extra,
        seed: seed + 5,
        ...loop(part.replaceAll(/[^a-z]+/g, "-")),
        ...log.training(part),
      }));
    owned.defer(() => tf.dispose([trained.params, trained.head]));
    using judged = await recognizerEmbedder(trained.model, trained.params);
    const result = await evaluateVerification(judged, test, { seed });
    recognition.push({ method, result });
  }

  const rewards = compareRewards(before, after);
  const heldOut = identificationOf(
    embedImages(embedder, byImage.heldOut),
    byImage.heldOut,
    embedImages(embedder, train),
    train,
  );
  const result = {
    report: run.file("report.html"),
    rewards,
    recognition,
    overlap,
    ...(privacy && { privacy }),
  };
  await run.writeAtomic(
    "results.json",
    JSON.stringify(
      { rewards, recognition, overlap, embedder: heldOut, privacy },
      null,
      2,
    ),
  );
  await writeReport({
    ...input,
    ...result,
    train,
    test,
    rules: [byIdentity.rule, byImage.rule],
    base,
    synthetic,
    reconstruct: (pixels) => adapted.decode(adapted.encode(pixels)),
    measurements: log.measurements(),
    training: log.records("reinforce"),
    heldOut,
    seconds: log.seconds(),
  });
  return result;
}

/** Checkpoints of other images would be taken for those of these. */
function checkSameImages(run: RunDirectory, sha256: string): void {
  const before = run.manifest.data as { sha256?: string } | undefined;
  if (before?.sha256 !== undefined && before.sha256 !== sha256) {
    throw new RangeError(
      `Cannot resume a run as 'images' must be those it was started with, of fingerprint ${before.sha256}: current value is ${sha256}`,
    );
  }
}

/** Rank-1 identification of held-out photographs of the training identities; undefined where there are none. */
function identificationOf(
  probes: { data: Float32Array; width: number },
  probeSet: ImageSet,
  gallery: { data: Float32Array; width: number },
  gallerySet: ImageSet,
): { accuracy: number; chance: number; count: number } | undefined {
  if (probeSet.count === 0) return undefined;
  const { accuracy, chance } = identification(
    { ...probes, labels: probeSet.labels },
    { ...gallery, labels: gallerySet.labels },
  );
  return { accuracy, chance, count: probeSet.count };
}

export type { MeasuredRewards, RunLog };

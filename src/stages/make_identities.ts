/**
 * New identities as a run: sampled, saved, reported.
 *
 * @module
 */
import type { Avoidance, LatentModel } from "../brownian/mod.ts";
import type { Embedder, RunDirectory } from "../core/mod.ts";
import type { ImageSet } from "../data/mod.ts";
import { tf } from "../engine/mod.ts";
import { identitiesReport } from "./identities_report.ts";
import { embedImages } from "./recognizer_embedder.ts";
import { runLog } from "./run_log.ts";
import {
  sampleIdentities,
  type SampleIdentitiesOptions,
} from "./sample_identities.ts";
import {
  identityName,
  picturePath,
  readIdentity,
  type SavedIdentity,
  saveIdentity,
} from "./save_identity.ts";
import type { StepMetrics } from "./training_loop.ts";

/** Input of {@linkcode makeIdentities}. */
export interface MakeIdentitiesInput {
  /** The generator. Borrowed. */
  model: LatentModel;
  /** The embedder whose angles count. Borrowed. */
  embedder: Embedder;
  /** A second embedder to check with. Borrowed. */
  auditor?: Embedder;
  /** How many, how. */
  settings: Omit<
    SampleIdentitiesOptions,
    "avoid" | "auditor" | "checkpoint" | "isDone" | "onStep" | "signal"
  >;
  /** Pictures of real people to keep away from, of the size the embedder takes, and d_c in radians. */
  avoid?: { images: ImageSet; distance: number };
  /** Where everything goes. */
  run: RunDirectory;
  /** What made the pictures, for their provenance. */
  generator: string;
  /** Facts for the head of the report. */
  facts: readonly (readonly [string, string | number])[];
  /** Milliseconds from any fixed moment. */
  now: () => number;
  /** Ends the run after the present iteration or identity; the same call goes on from there. */
  signal?: AbortSignal;
  /** Called as the parts go on. */
  onStep?: (
    part: string,
    done: number,
    total: number,
    metrics: StepMetrics,
  ) => void;
}

/** k_0 of real people, where identities repel each other with 1. */
const AVOID_STIFFNESS = 10;

/** State of the references; features of real people are biometric data and are never written. */
const CHECKPOINT = "references.safetensors";

/**
 * Samples identities into a run directory: pictures in `synthetic/`, as `openRunImages` and `outis export --run` take them,
 * latents and features in `identities/`, statistics in `metrics.jsonl`, and `report.html`.
 *
 * @param input Generator, embedder, settings, whom to avoid.
 * @returns Path of the report.
 * @throws {RangeError} If the settings are out of range, or there is no room beside the real people.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { openRunDirectory } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import {
 *   conditionLatents,
 *   loadAuditor,
 *   loadGenerator,
 *   makeIdentities,
 *   priorUrl,
 *   recognizerEmbedder,
 * } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const prior = await loadGenerator(priorUrl());
 * using model = conditionLatents(prior, { samplingSteps: 1 });
 * const { model: network, params } = (await loadAuditor(priorUrl()))!;
 * using embedder = await recognizerEmbedder(network, params);
 * const folder = await Deno.makeTempDir();
 * {
 *   using run = await openRunDirectory(folder, { manifest: { configuration: {} }, now: () => 0 });
 *   await makeIdentities({
 *     model,
 *     embedder,
 *     settings: { count: 2, method: "random" },
 *     run,
 *     generator: "the shipped prior",
 *     facts: [],
 *     now: () => 0,
 *   });
 * }
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function makeIdentities(
  input: MakeIdentitiesInput,
): Promise<string> {
  const { model, embedder, auditor, settings, run, signal, onStep } = input;
  const { seed = 0, count } = settings;
  const log = await runLog(run, { now: input.now, onStep });
  const avoid = avoidanceOf(embedder, input.avoid);
  try {
    const there = new Map<number, SavedIdentity>();
    for (let number = 0; number < count; number++) {
      const saved = await readIdentity(run, number);
      if (saved !== undefined) there.set(number, saved);
    }
    const provenance = {
      description: "Synthetic person who is nobody, made by @outis/outis",
      generator: input.generator,
      seed,
    };
    await log.timed("identities", async () => {
      const sampled = sampleIdentities(model, embedder, {
        ...settings,
        ...(avoid && { avoid }),
        ...(auditor && { auditor }),
        ...(signal && { signal }),
        checkpoint: run.file(CHECKPOINT),
        checkpointEvery: 10,
        isDone: (number) => there.has(number),
        onStep: (part, done, total, metrics) =>
          log.training(part).onStep?.(done, total, metrics),
      });
      for await (const identity of sampled) {
        await saveIdentity(run, identity, provenance);
        there.set(identity.number, identity);
      }
    });
    const identities = Array.from({ length: count }, (_, i) => there.get(i)!);
    await run.writeAtomic(
      "synthetic/manifest.json",
      listOf(identities, embedder.width, { seed, generator: input.generator }),
    );
    await identitiesReport({
      run,
      identities,
      width: embedder.width,
      ...(auditor && { auditedWidth: auditor.width }),
      iterations: log.records("references"),
      ...(input.avoid && {
        avoid: {
          names: input.avoid.images.paths,
          distance: input.avoid.distance,
        },
      }),
      facts: [
        ...input.facts,
        ["Time", `${Math.round(log.seconds().identities)} s`],
      ],
    });
    return run.file("report.html");
  } finally {
    avoid?.embeddings.dispose();
  }
}

function avoidanceOf(
  embedder: Embedder,
  avoid: MakeIdentitiesInput["avoid"],
): Avoidance | undefined {
  if (avoid === undefined) return undefined;
  const { data, width } = embedImages(embedder, avoid.images);
  return {
    embeddings: tf.tensor2d(data, [data.length / width, width]),
    distance: avoid.distance,
    // Real people push harder than each other's company does, so that rejection has little left to do.
    stiffness: AVOID_STIFFNESS,
  };
}

function listOf(
  identities: readonly SavedIdentity[],
  width: number,
  facts: { seed: number; generator: string },
): string {
  const images = identities.flatMap(({ number, embeddings }) =>
    Array.from({ length: embeddings.length / width }, (_, k) => ({
      path: picturePath(number, k),
      identity: identityName(number),
    }))
  );
  const list = { schema: 1, ...facts, count: images.length, images };
  return JSON.stringify(list, null, 2) + "\n";
}

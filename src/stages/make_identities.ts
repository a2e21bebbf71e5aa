/**
 * New identities as a run: sampled, saved, reported.
 *
 * @module
 */
import type { Avoidance, LatentModel } from "../brownian/mod.ts";
import { digestBytes, type Embedder, type RunDirectory } from "../core/mod.ts";
import type { ImageSet } from "../data/mod.ts";
import { tf } from "../engine/mod.ts";
import { identitiesReport } from "./identities_report.ts";
import { embedImages } from "./recognizer_embedder.ts";
import {
  refineIdentities,
  type RefineIdentitiesInput,
} from "./refine_identities.ts";
import { runLog } from "./run_log.ts";
import { runName } from "./run_name.ts";
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
  /** Iterations of reinforcement afterwards, and the generator that is tuned; see `refineIdentities`. */
  refine?: Pick<RefineIdentitiesInput, "prior" | "steps" | "samplingSteps">;
  /** Where everything goes. */
  run: RunDirectory;
  /** What made the pictures, for their provenance. */
  generator: string;
  /** Facts for the head of the report. */
  facts: readonly (readonly [string, string | number])[];
  /** Milliseconds since 1970. */
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
      run: runName(run),
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
      await listOf(run, identities, embedder.width, {
        seed,
        generator: input.generator,
        run: runName(run),
      }),
    );
    const { refine } = input;
    const refined = refine &&
      await log.timed("refinement", () =>
        refineIdentities({
          ...refine,
          identities,
          embedder,
          ...(avoid && { avoid }),
          run,
          generator: input.generator,
          seed,
          signal,
          onStep: (part, ...told) => log.training(part).onStep?.(...told),
        }));
    await identitiesReport({
      run,
      identities,
      width: embedder.width,
      ...(auditor && { auditedWidth: auditor.width }),
      iterations: log.records("references"),
      variations: log.records("identities"),
      ...(refined && {
        refined: { ...refined, iterations: log.records("refinement") },
      }),
      ...(input.avoid && {
        avoid: {
          names: input.avoid.images.paths.map(shortPath),
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

/** Folder and file: where on a disk a data set lies is nobody's business. */
function shortPath(path: string): string {
  return path.split(/[\\/]/).slice(-2).join("/");
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

async function listOf(
  run: RunDirectory,
  identities: readonly SavedIdentity[],
  width: number,
  facts: { seed: number; generator: string; run: string },
): Promise<string> {
  const images: { path: string; identity: string; sha256: string }[] = [];
  for (const { number, embeddings } of identities) {
    for (let k = 0; k < embeddings.length / width; k++) {
      const path = picturePath(number, k);
      images.push({
        path,
        identity: identityName(number),
        sha256: digestBytes(await Deno.readFile(run.file("synthetic", path))),
      });
    }
  }
  const list = { schema: 1, ...facts, count: images.length, images };
  return JSON.stringify(list, null, 2) + "\n";
}

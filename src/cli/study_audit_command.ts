/**
 * `outis study-audit`: what the privacy audit finds, and what it says of the generators of a run.
 *
 * @module
 */
import type { Embedder } from "../core/mod.ts";
import { readImageFolder, splitIdentities, splitImages } from "../data/mod.ts";
import {
  generate,
  loadGenerator,
  priorUrl,
  renderPeople,
  runGenerators,
  studyAudit,
  studyAuditPage,
  type StudySet,
  type StudyWorld,
} from "../stages/mod.ts";
import { auditEmbedder, rewardFingerprint } from "./audit_embedders.ts";
import { badInput } from "./bad_input.ts";
import { type Command, defineCommand } from "./command.ts";
import { openRun } from "./open_run.ts";
import { UsageError } from "./options.ts";
import { readTarget } from "./read_target.ts";
import { engineOptions } from "./setup_command.ts";
import { proceduralEmbedderSeconds } from "./costs.ts";
import { readNotes, writeStudy } from "./study_files.ts";
import { sourceOption, studyOptions, studyPlan } from "./study_options.ts";

const { out, results } = studyOptions({
  files: "audit",
  run: "runs/study-audit",
  presets: [],
  seeds: 20,
});

const table = {
  data: {
    value: "DIR",
    help:
      "photographs of at least 25 people, ten each, one folder per person, to plant leaks in, too (default: procedural people alone)",
  },
  source: sourceOption,
  run: {
    value: "DIR",
    help: "a run of reproduce whose generators are audited",
  },
  seeds: {
    value: "N",
    least: 1,
    help: "clean sets of each world (default 20)",
  },
  "planted-seeds": {
    value: "N",
    least: 0,
    help: "of these with planted leaks, too (default all)",
  },
  leaks: {
    value: "N",
    least: 1,
    help: "leaks of each kind in each (default 15)",
  },
  out,
  results,
  ...engineOptions,
} as const;

/** People of the procedural world: none of the prior's, the auditor's or the target's. */
const FIRST_IDENTITY = 5_000_000;
const PROCEDURAL = { identities: 48, imagesPerIdentity: 8 };
const SIZE = 64;
/** Seconds of a seed of one world on the machine of reference. */
const SECONDS = 10;

/** Runs `outis study-audit`. */
export const studyAuditCommand: Command = defineCommand({
  name: "study-audit",
  task: "study:audit",
  group: "The paper's tables, and studies",
  summary:
    "Plant leaks, audit clean sets and a run's generators, and write the results page",
  about:
    "How far 'outis audit' is to be trusted: how often it refuses sets in which nothing leaks, how small a planted leak it finds, and what it says of the generators of a run.",
  examples: [
    {
      args: "--seeds 2 --leaks 5 --results /tmp/trial",
      does: "a look at every part, in a few minutes",
    },
    {
      args: '--data faces/ --run runs/mine --source "my photographs"',
      does: "with your photographs, and the generators of a run",
    },
  ],
  options: table,
  plans: true,
  stopped: "Stopped. The same command goes on from here.",
  async run(call) {
    const { options, signal, display } = call;
    const { data, run: directory, seeds = 20, leaks = 15 } = options;
    const { out = "runs/study-audit", results = "data/results" } = options;
    const engine = await call.engine();
    using owned = new DisposableStack();
    const worlds: StudyWorld[] = [{
      name: "Procedural faces",
      people: (seed) =>
        renderPeople({
          ...PROCEDURAL,
          firstIdentity: FIRST_IDENTITY +
            seed * PROCEDURAL.identities,
          size: SIZE,
          seed,
          signal,
        }),
      deal: { real: 18, control: 12, photographs: 6 },
    }];
    if (data !== undefined) {
      const people = await badInput(() =>
        readImageFolder(data, {
          size: SIZE,
          signal,
          onProgress: (done, total) =>
            display.step("read images", done, total, {}),
        })
      );
      const all = people.identities.length;
      worlds.push({
        name: options.source ?? "Photographs",
        people: () => Promise.resolve(people),
        deal: {
          real: Math.round(0.4 * all),
          control: Math.round(0.3 * all),
          photographs: 6,
        },
      });
    }
    await call.announce(studyPlan({
      does: `Audits clean sets and sets with planted leaks of ${
        worlds.map(({ name }) => name.toLowerCase()).join(" and ")
      }`,
      seeds,
      seconds: SECONDS * worlds.length,
      once: proceduralEmbedderSeconds(SIZE * SIZE),
      out,
    }));
    using run = await openRun(out, {
      configuration: { command: "study-audit" },
      engine,
    });
    const how = {
      prior: priorUrl(),
      seed: 1,
      size: SIZE,
      checkpoint: run.file("procedural_embedder.safetensors"),
      signal,
      onStep: display.step,
    };
    const embedders: { [name: string]: Embedder } = {
      auditor: owned.use(await auditEmbedder("auditor", how)),
      procedural: owned.use(await auditEmbedder("procedural", how)),
    };
    const study = await studyAudit({
      worlds,
      sets: directory === undefined
        ? nothing()
        : setsOf(directory, signal, display.step),
      embedders,
      rewardFingerprints: directory === undefined
        ? []
        : [await rewardFingerprint(directory, how)],
      seeds,
      plantedSeeds: options["planted-seeds"] ?? seeds,
      leaks,
      signal,
      onStep: display.step,
    });
    const page = studyAuditPage({
      study,
      command: call.printed(),
      engine: `${engine.name} ${engine.version}`,
      embedders: {
        auditor: "shipped beside the prior, trained on 400 procedural people",
        procedural:
          "trained for the study on 150 other procedural people, for 300 steps",
      },
      ...await readNotes(results, "audit"),
    });
    await run.finish();
    return await writeStudy(results, "audit", page);
  },
});

async function* nothing(): AsyncGenerator<StudySet> {}

/** The images of a run's generators, drawn as the run draws them. */
async function* setsOf(
  run: string,
  signal: AbortSignal,
  onStep: Parameters<typeof readTarget>[3],
): AsyncGenerator<StudySet> {
  const configuration = await badInput(async () =>
    JSON.parse(await Deno.readTextFile(`${run}/manifest.json`)).configuration
  );
  const { settings } = configuration;
  if (settings?.generate === undefined) {
    throw new UsageError(
      `Cannot study the audit as '--run' must be a run of reproduce: current value is ${run}`,
    );
  }
  const prior = await badInput(() =>
    loadGenerator(configuration.prior ?? priorUrl())
  );
  const { images } = await badInput(() =>
    readTarget(configuration, prior.config.autoencoder, signal, onStep)
  );
  const { train, test } = splitIdentities(images, settings.data);
  const real = splitImages(train, settings.data).train;
  const { identities } = real;
  for await (const made of runGenerators(run, { prior, identities })) {
    using generator = {
      ...made.generator,
      [Symbol.dispose]: () => made.generator.dispose(),
    };
    const synthetic = await generate(generator, {
      ...settings.sampling,
      ...settings.generate,
      seed: settings.seed + 4,
      signal,
      onStep: (done, total) => onStep(`draw, ${made.name}`, done, total, {}),
    });
    yield { name: made.name, synthetic, real, control: test };
  }
  prior.dispose();
}

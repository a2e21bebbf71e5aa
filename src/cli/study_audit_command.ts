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
import type { Command } from "./main.ts";
import { openRun } from "./open_run.ts";
import { helpText, parseOptions, UsageError } from "./options.ts";
import { partProgress } from "./part_progress.ts";
import { readTarget } from "./read_target.ts";
import { engineOptions } from "./setup_command.ts";
import { startEngine } from "./start_engine.ts";
import { readNotes, writeStudy } from "./study_files.ts";

const summary =
  "Plant leaks, audit clean sets and a run's generators, and write the results page";

const table = {
  data: {
    value: "DIR",
    help:
      "photographs of at least 25 people, ten each, one folder per person, to plant leaks in, too (default: procedural people alone)",
  },
  source: {
    value: "TEXT",
    help: "what the page calls them (default: photographs)",
  },
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
  out: {
    value: "DIR",
    help:
      "where the trained embedder is kept, gone on with if there (default runs/study-audit)",
  },
  results: {
    value: "DIR",
    help:
      "where audit.{json,md} go, and audit_notes.md for the page's end is (default data/results)",
  },
  ...engineOptions,
} as const;

/** People of the procedural world: none of the prior's, the auditor's or the target's. */
const FIRST_IDENTITY = 5_000_000;
const PROCEDURAL = { identities: 48, imagesPerIdentity: 8 };
const SIZE = 64;

/** Runs `outis study-audit`. */
export const studyAuditCommand: Command = {
  summary,
  async run(args, signal) {
    const options = parseOptions(args, table);
    if (options.help) {
      console.log(helpText("deno task study:audit [options]", summary, table));
      return 0;
    }
    const { data, run: directory, seeds = 20, leaks = 15 } = options;
    const { out = "runs/study-audit", results = "data/results" } = options;
    const say = (line: string) => console.error(line);
    const engine = await startEngine({ ...options, signal, onLine: say });
    const display = partProgress();
    using owned = new DisposableStack();
    try {
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
      display.end();
      const page = studyAuditPage({
        study,
        command: `deno task study:audit${shown(options)}`,
        engine: `${engine.name} ${engine.version}`,
        embedders: {
          auditor: "shipped beside the prior, trained on 400 procedural people",
          procedural:
            "trained for the study on 150 other procedural people, for 300 steps",
        },
        ...await readNotes(results, "audit"),
      });
      await writeStudy(results, "audit", page);
      await run.finish();
      return 0;
    } finally {
      display.end();
    }
  },
};

/** The options as they may be printed: folders of this machine by what they hold. */
function shown(
  options: { [name: string]: string | number | boolean | undefined },
): string {
  const folders = ["data", "run"];
  return ["data", "source", "run", "seeds", "planted-seeds", "leaks"]
    .filter((name) => options[name] !== undefined)
    .map((name) =>
      ` --${name} ${
        folders.includes(name)
          ? "DIR"
          : name === "source"
          ? JSON.stringify(options[name])
          : options[name]
      }`
    ).join("");
}

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

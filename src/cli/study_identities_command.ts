/**
 * `outis study-identities`: what new identities are worth to a recogniser, over seeds.
 *
 * @module
 */
import {
  digestGenerator,
  identityStudyPage,
  studyIdentities,
} from "../stages/mod.ts";
import { identityStudies } from "./identity_study_presets.ts";
import type { Command } from "./main.ts";
import { openRun } from "./open_run.ts";
import { helpText, parseOptions } from "./options.ts";
import { partProgress } from "./part_progress.ts";
import { engineOptions } from "./setup_command.ts";
import { startEngine } from "./start_engine.ts";
import { loadPrior } from "./load_prior.ts";
import { processorTime, readNotes, writeStudy } from "./study_files.ts";

const summary =
  "Train recognisers on people who are nobody, and write the results page";

const table = {
  preset: {
    value: "NAME",
    choices: Object.keys(identityStudies),
    help: "sizes: tiny or small (default small)",
  },
  seeds: { value: "N", least: 2, help: "how many seeds (default 3)" },
  prior: {
    value: "DIR",
    help: "generator with its auditor (default: the one shipped)",
  },
  out: {
    value: "DIR",
    help:
      "run directory, gone on with if there (default runs/study-identities)",
  },
  results: {
    value: "DIR",
    help:
      "where identities.{json,md} go, and identities_notes.md for the page's end is (default data/results)",
  },
  ...engineOptions,
} as const;

/** Runs `outis study-identities`. */
export const studyIdentitiesCommand: Command = {
  summary,
  async run(args, signal) {
    const options = parseOptions(args, table);
    if (options.help) {
      console.log(
        helpText("deno task study:identities [options]", summary, table),
      );
      return 0;
    }
    const { preset = "small", seeds: count = 3 } = options;
    const { out = "runs/study-identities", results = "data/results" } = options;
    const say = (line: string) => console.error(line);
    const settings = {
      ...identityStudies[preset],
      seeds: Array.from({ length: count }, (_, seed) => seed),
    };
    const engine = await startEngine({ ...options, signal, onLine: say });
    const { prior, auditor } = await loadPrior(
      "study identities",
      options.prior,
    );
    using run = await openRun(out, {
      configuration: {
        settings: JSON.parse(JSON.stringify(settings)),
        generator: await digestGenerator(prior),
      },
      engine,
      versions: { ...Deno.version },
    });
    const display = partProgress();
    try {
      const measured = await studyIdentities({
        prior,
        auditor,
        settings,
        run,
        now: processorTime,
        signal,
        onStep: display.step,
      });
      display.end();
      const own = { preset: options.preset, seeds: options.seeds };
      const page = identityStudyPage({
        results: measured,
        settings,
        command: ["deno task study:identities", ...givenOf(own)].join(" "),
        engine: `${engine.name} ${engine.version}`,
        ...await readNotes(results, "identities"),
      });
      await writeStudy(results, "identities", page);
      await run.finish();
      return 0;
    } catch (error) {
      display.end();
      if (signal.aborted) say("Stopped. The same command goes on from here.");
      throw error;
    } finally {
      prior.dispose();
    }
  },
};

/** Options that decide the numbers, as they were given. */
function givenOf(
  options: { [name: string]: string | number | undefined },
): string[] {
  return Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${value}`]
  );
}

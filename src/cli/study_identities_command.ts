/**
 * `outis study-identities`: what new identities are worth to a recogniser, over seeds.
 *
 * @module
 */
import process from "node:process";
import { digestParams, writeAtomic } from "../core/mod.ts";
import {
  identityStudyPage,
  loadAuditor,
  loadGenerator,
  priorUrl,
  studyIdentities,
} from "../stages/mod.ts";
import { badInput } from "./bad_input.ts";
import { identityStudies } from "./identity_study_presets.ts";
import { isThere } from "./is_there.ts";
import type { Command } from "./main.ts";
import { openRun } from "./open_run.ts";
import { helpText, parseOptions, UsageError } from "./options.ts";
import { partProgress } from "./part_progress.ts";
import { engineOptions } from "./setup_command.ts";
import { startEngine } from "./start_engine.ts";

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
    const place = options.prior ?? priorUrl();
    const prior = await badInput(() => loadGenerator(place));
    const auditor = await badInput(() => loadAuditor(place));
    if (auditor === undefined) {
      throw new UsageError(
        `Cannot study identities as '--prior' must be a folder with an auditor: current value is ${place}`,
      );
    }
    using run = await openRun(out, {
      configuration: {
        settings: JSON.parse(JSON.stringify(settings)),
        generator: await digestParams({
          ...prior.params.autoencoder,
          ...prior.params.dit,
        }),
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
      const notes = `${results}/identities_notes.md`;
      const own = { preset: options.preset, seeds: options.seeds };
      const page = identityStudyPage({
        results: measured,
        settings,
        command: ["deno task study:identities", ...givenOf(own)].join(" "),
        engine: `${engine.name} ${engine.version}`,
        ...(await isThere(notes) && {
          notes: await Deno.readTextFile(notes),
        }),
      });
      await Deno.mkdir(results, { recursive: true });
      await writeAtomic(`${results}/identities.json`, page.json);
      await writeAtomic(`${results}/identities.md`, page.markdown);
      console.log(`${results}/identities.md`);
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

/** Milliseconds of work of all cores: other work on the machine does not lengthen them. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Options that decide the numbers, as they were given. */
function givenOf(
  options: { [name: string]: string | number | undefined },
): string[] {
  return Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${value}`]
  );
}

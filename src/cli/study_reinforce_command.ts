/**
 * `outis study-reinforce`: what reinforcement does to the rewards, over seeds.
 *
 * @module
 */
import {
  digestImages,
  readImageFolder,
  splitIdentities,
  splitImages,
} from "../data/mod.ts";
import {
  digestGenerator,
  studyPage,
  studyReinforcement,
} from "../stages/mod.ts";
import { badInput } from "./bad_input.ts";
import type { Command } from "./main.ts";
import { openRun } from "./open_run.ts";
import { helpText, parseOptions, UsageError } from "./options.ts";
import { partProgress } from "./part_progress.ts";
import { engineOptions } from "./setup_command.ts";
import { startEngine } from "./start_engine.ts";
import { studies } from "./study_presets.ts";
import { loadPrior } from "./load_prior.ts";
import { processorTime, readNotes, writeStudy } from "./study_files.ts";

const summary =
  "Compare ways of reinforcement over seeds, and write the results page";

const table = {
  data: { value: "DIR", help: "images, one folder per identity (needed)" },
  preset: {
    value: "NAME",
    choices: Object.keys(studies),
    help: "sizes: tiny or small (default small)",
  },
  seeds: { value: "N", least: 2, help: "how many seeds (default 3)" },
  source: {
    value: "TEXT",
    help: "what the page calls the images (default: their numbers)",
  },
  prior: {
    value: "DIR",
    help: "pretrained generator (default: the one shipped)",
  },
  out: {
    value: "DIR",
    help: "run directory, gone on with if there (default runs/study-reinforce)",
  },
  results: {
    value: "DIR",
    help:
      "where reinforcement.{json,md} go, and reinforcement_notes.md for the page's end is (default data/results)",
  },
  ...engineOptions,
} as const;

/** Runs `outis study-reinforce`. */
export const studyReinforceCommand: Command = {
  summary,
  async run(args, signal) {
    const options = parseOptions(args, table);
    if (options.help) {
      console.log(
        helpText("deno task study:reinforce [options]", summary, table),
      );
      return 0;
    }
    const { data, preset = "small", seeds: count = 3 } = options;
    const { out = "runs/study-reinforce", results = "data/results" } = options;
    if (data === undefined) {
      throw new UsageError(
        "Cannot study reinforcement as '--data' must be a folder of images: there is none",
      );
    }
    const say = (line: string) => console.error(line);
    const settings = {
      ...studies[preset],
      seeds: Array.from({ length: count }, (_, seed) => seed),
    };
    const engine = await startEngine({ ...options, signal, onLine: say });
    const { prior, auditor } = await loadPrior(
      "study reinforcement",
      options.prior,
    );
    const { height, width } = prior.config.autoencoder;
    const display = partProgress();
    const images = await badInput(() =>
      readImageFolder(data, {
        size: { height, width },
        signal,
        onProgress: (done, total) =>
          display.step("read images", done, total, {}),
      })
    );
    const { train } = splitImages(
      splitIdentities(images, settings.data).train,
      settings.data,
    );
    const fingerprints = {
      images: digestImages(images),
      prior: await digestGenerator(prior),
    };
    using run = await openRun(out, {
      configuration: {
        settings: JSON.parse(JSON.stringify(settings)),
        fingerprints,
      },
      engine,
      versions: { ...Deno.version },
    });
    try {
      const curves = await studyReinforcement({
        images,
        prior,
        auditor,
        settings,
        run,
        now: processorTime,
        signal,
        onStep: display.step,
      });
      display.end();
      const people = images.identities.length;
      const given = args.filter((arg) => !/^--(data|out|results)=/.test(arg));
      const page = studyPage({
        curves,
        settings,
        command: `deno task study:reinforce ${commandOf(given)}`,
        source: options.source ?? `${images.count} images of ${people} people`,
        engine: `${engine.name} ${engine.version}`,
        ...await readNotes(results, "reinforcement"),
        train: { identities: train.identities.length, images: train.count },
      });
      await writeStudy(results, "reinforcement", page);
      await run.finish();
      return 0;
    } catch (error) {
      display.end();
      if (signal.aborted) say("Stopped. The same command goes on from here.");
      throw error;
    }
  },
};

/** The arguments as they may be printed: folders of this machine by what they hold. */
function commandOf(args: string[]): string {
  const folders = ["--data", "--out", "--results", "--prior"];
  const shown: string[] = [];
  for (let i = 0; i < args.length; i++) {
    if (folders.includes(args[i])) {
      if (args[i] === "--data") shown.push("--data DIR");
      i++;
    } else {
      shown.push(/\s/.test(args[i]) ? JSON.stringify(args[i]) : args[i]);
    }
  }
  return shown.join(" ");
}

/**
 * `outis study-recognition`: what training of recognisers reaches, over seeds.
 *
 * @module
 */
import { digestImages, readImageFolder } from "../data/mod.ts";
import { recognitionPage, studyRecognition } from "../stages/mod.ts";
import { badInput } from "./bad_input.ts";
import type { Command } from "./main.ts";
import { openRun } from "./open_run.ts";
import { helpText, parseOptions } from "./options.ts";
import { partProgress } from "./part_progress.ts";
import {
  recognitionSets,
  recognitionStudies,
  STUDY_SIZE,
} from "./recognition_study_sets.ts";
import { engineOptions } from "./setup_command.ts";
import { startEngine } from "./start_engine.ts";
import { processorTime, readNotes, writeStudy } from "./study_files.ts";

const summary =
  "Train recognisers on photographs and both procedural worlds, and write the results page";

const table = {
  data: {
    value: "DIR",
    help:
      "photographs of faces, one folder per identity (default: procedural worlds only)",
  },
  preset: {
    value: "NAME",
    choices: Object.keys(recognitionStudies),
    help: "sizes: tiny or small (default small)",
  },
  seeds: { value: "N", least: 1, help: "how many seeds (default 3)" },
  source: {
    value: "TEXT",
    help: "what the page calls the photographs (default: their numbers)",
  },
  out: {
    value: "DIR",
    help:
      "run directory, gone on with if there (default runs/study-recognition)",
  },
  results: {
    value: "DIR",
    help:
      "where recognition.{json,md} go, and recognition_notes.md for the page's end is (default data/results)",
  },
  ...engineOptions,
} as const;

/** Runs `outis study-recognition`. */
export const studyRecognitionCommand: Command = {
  summary,
  async run(args, signal) {
    const options = parseOptions(args, table);
    if (options.help) {
      console.log(
        helpText("deno task study:recognition [options]", summary, table),
      );
      return 0;
    }
    const { data, preset = "small", seeds: count = 3 } = options;
    const { out = "runs/study-recognition", results = "data/results" } =
      options;
    const say = (line: string) => console.error(line);
    const engine = await startEngine({ ...options, signal, onLine: say });
    const display = partProgress();
    const show = (part: string, done: number, total: number) =>
      display.step(part, done, total, {});
    const images = data === undefined
      ? undefined
      : await badInput(() =>
        readImageFolder(data, {
          size: STUDY_SIZE,
          signal,
          onProgress: (done, total) => show("read images", done, total),
        })
      );
    const sizes = recognitionStudies[preset];
    const seeds = Array.from({ length: count }, (_, seed) => seed);
    using run = await openRun(out, {
      configuration: {
        sizes: JSON.parse(JSON.stringify(sizes)),
        seeds,
        photographs: images && digestImages(images),
      },
      engine,
      versions: { ...Deno.version },
    });
    try {
      const people = images?.identities.length;
      const sets = await badInput(() =>
        recognitionSets({
          ...(images && {
            photographs: {
              images,
              source: options.source ?? `${images.count} images of ${people}`,
            },
          }),
          sizes,
          signal,
          onStep: show,
        })
      );
      const found = await studyRecognition({
        sets,
        seeds,
        run,
        now: processorTime,
        signal,
        onStep: display.step,
      });
      display.end();
      const page = recognitionPage({
        results: found,
        sets,
        seeds,
        command: `deno task study:recognition${commandOf(options)}`,
        engine: `${engine.name} ${engine.version}`,
        ...await readNotes(results, "recognition"),
      });
      await writeStudy(results, "recognition", page);
      await run.finish();
      return 0;
    } catch (error) {
      display.end();
      if (signal.aborted) say("Stopped. The same command goes on from here.");
      throw error;
    }
  },
};

/** What decides the results, as it may be printed: folders of this machine are nobody's business. */
function commandOf(
  { data, preset, seeds, source }: {
    data?: string;
    preset?: string;
    seeds?: number;
    source?: string;
  },
): string {
  return [
    ...(data === undefined ? [] : ["--data DIR"]),
    ...(preset === undefined ? [] : [`--preset ${preset}`]),
    ...(seeds === undefined ? [] : [`--seeds ${seeds}`]),
    ...(source === undefined ? [] : [`--source ${JSON.stringify(source)}`]),
  ].map((part) => ` ${part}`).join("");
}

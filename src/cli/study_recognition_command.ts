/**
 * `outis study-recognition`: what training of recognisers reaches, over seeds.
 *
 * @module
 */
import { digestImages, readImageFolder } from "../data/mod.ts";
import { recognitionPage, studyRecognition } from "../stages/mod.ts";
import { badInput } from "./bad_input.ts";
import { type Command, defineCommand } from "./command.ts";
import { openRun } from "./open_run.ts";
import {
  recognitionSets,
  recognitionStudies,
  STUDY_SIZE,
} from "./recognition_study_sets.ts";
import { engineOptions } from "./setup_command.ts";
import { processorTime, readNotes, writeStudy } from "./study_files.ts";
import { sourceOption, studyOptions, studyPlan } from "./study_options.ts";

/** Seconds of a seed on one set, on the machine of reference. */
const SECONDS: { [preset: string]: number } = { tiny: 5, small: 40 };

/** Runs `outis study-recognition`. */
export const studyRecognitionCommand: Command = defineCommand({
  name: "study-recognition",
  task: "study:recognition",
  group: "The paper's tables, and studies",
  summary:
    "Train recognisers on photographs and both procedural worlds, and write the results page",
  about:
    "What augmentation and choice of loss are worth to small recognisers on procedural faces, procedural pedestrians and, where they are given, photographs: the ground that synthetic images are judged on.",
  examples: [
    {
      args: "--preset tiny --results /tmp/trial",
      does: "a look at every part",
    },
    {
      args: '--data faces/ --source "my photographs" --seeds 5',
      does: "with your photographs, five seeds",
    },
  ],
  options: {
    data: {
      value: "DIR",
      help:
        "photographs of faces, one folder per identity (default: procedural worlds only)",
    },
    ...studyOptions({
      files: "recognition",
      run: "runs/study-recognition",
      presets: Object.keys(recognitionStudies),
      seeds: 3,
    }),
    source: sourceOption,
    ...engineOptions,
  },
  plans: true,
  stopped: "Stopped. The same command goes on from here.",
  async run(call) {
    const { options, signal, display } = call;
    const { data, preset = "small", seeds: count = 3 } = options;
    const { out = "runs/study-recognition", results = "data/results" } =
      options;
    const engine = await call.engine();
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
    await call.announce(studyPlan({
      does: `Trains recognisers on ${
        images ? "photographs and " : ""
      }both procedural worlds`,
      seeds: count,
      seconds: SECONDS[preset] * (images ? 3 : 2),
      out,
    }));
    using run = await openRun(out, {
      configuration: {
        sizes: JSON.parse(JSON.stringify(sizes)),
        seeds,
        photographs: images && digestImages(images),
      },
      engine,
      versions: { ...Deno.version },
    });
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
    const page = recognitionPage({
      results: found,
      sets,
      seeds,
      command: call.printed(),
      engine: `${engine.name} ${engine.version}`,
      ...await readNotes(results, "recognition"),
    });
    await run.finish();
    return await writeStudy(results, "recognition", page);
  },
});

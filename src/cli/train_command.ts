/**
 * `outis train`: trains a recogniser.
 *
 * @module
 */
import { digestParams, disposeParams, type RunDirectory } from "../core/mod.ts";
import {
  digestImages,
  type ImageSet,
  type Layout,
  LAYOUTS,
  recogniseLayout,
} from "../data/mod.ts";
import { networkPreset, trainableNetwork } from "../models/mod.ts";
import {
  readSynthetic,
  saveRecognizer,
  startWeights,
  type TrainingImages,
  trainingImages,
  trainRecognizer,
} from "../stages/mod.ts";
import { badInput } from "./bad_input.ts";
import type { Command } from "./main.ts";
import { openRun } from "./open_run.ts";
import { helpText, parseOptions, UsageError } from "./options.ts";
import { type PartProgress, partProgress } from "./part_progress.ts";
import { readTarget } from "./read_target.ts";
import { engineOptions } from "./setup_command.ts";
import { startEngine } from "./start_engine.ts";
import {
  type TrainSettings,
  trainSettings,
  trainTable,
} from "./train_settings.ts";

const summary =
  "Train a recogniser on real images, synthetic ones, or both, and save it as an embedder";

const table = {
  data: {
    value: "DIR",
    help: "real images to train on (without: the synthetic ones alone)",
  },
  layout: {
    value: "NAME",
    choices: Object.keys(LAYOUTS),
    help: `${Object.keys(LAYOUTS).join(", ")} (default: recognised)`,
  },
  synthetic: {
    value: "DIR",
    help:
      "synthetic images, one folder per identity: of the real identities, or of new ones, which become further classes",
  },
  "skip-bad": { help: "leave out images that cannot be read" },
  ...trainTable,
  start: {
    value: "FILE",
    help: "weights to begin with: of this command, or published ones",
  },
  out: {
    value: "DIR",
    help: "run directory, gone on with if there (default runs/train)",
  },
  ...engineOptions,
} as const;

type Options = ReturnType<typeof parseOptions<typeof table>>;

/** The recogniser in a run directory. */
const FILE = "recognizer.safetensors";

/** Runs `outis train`. */
export const trainCommand: Command = {
  summary,
  async run(args, signal) {
    const options = parseOptions(args, table);
    if (options.help) {
      console.log(
        helpText(
          "outis train --data DIR [options]\n\nExample: deno task outis train --data people --synthetic runs/mine/synthetic --selection lookahead --erase 0.5",
          summary,
          table,
        ),
      );
      return 0;
    }
    const { data, out = "runs/train" } = options;
    if (data === undefined && options.synthetic === undefined) {
      throw new UsageError(
        "Cannot train as '--data' or '--synthetic' must be a folder of images: there is neither",
      );
    }
    for (const name of ["selection", "keep", "mixing"] as const) {
      if (options[name] === undefined) continue;
      if (data !== undefined && options.synthetic !== undefined) continue;
      throw new UsageError(
        `Cannot train as '--${name}' must come with both --data and --synthetic: current value is ${
          options[name]
        }`,
      );
    }
    const layout = data === undefined
      ? undefined
      : await badInput(() => options.layout ?? recogniseLayout(data)) as Layout;
    const isPersons = layout === "market1501" || layout === "cuhk03";
    const settings = trainSettings(options, isPersons ? "persons" : "faces");
    const network = await badInput(() =>
      trainableNetwork(networkPreset(settings.network, settings))
    );
    const say = (line: string) => console.error(line);
    const engine = await startEngine({ ...options, signal, onLine: say });
    const display = partProgress();
    const images = await readImages({
      options,
      layout,
      settings,
      signal,
      display,
    });
    display.end();
    const start = options.start === undefined
      ? undefined
      : await badInput(() => startWeights(options.start!, network, { signal }));
    const training = {
      ...settings.training,
      synthetic: images.synthetic,
      start,
    };
    // What is wrong is told before anything is written.
    await badInput(async () => {
      const { params, head } = await trainRecognizer(network, images.real, {
        ...training,
        steps: 0,
      });
      disposeParams({ ...params, ...head });
    });
    say(`Trains on ${images.how}.`);
    using run = await openRun(out, {
      configuration: {
        ...settings.configuration,
        backend: options.backend,
        real: digestImages(images.real),
        synthetic: images.synthetic && digestImages(images.synthetic),
        start: start && await digestParams(start),
      },
      engine,
      versions: { ...Deno.version },
    });
    try {
      const trained = await trainRecognizer(network, images.real, {
        ...training,
        checkpoint: run.file("checkpoint.safetensors"),
        signal,
        onStep: logOf(run, display),
      });
      display.end();
      const path = run.file(FILE);
      await saveRecognizer(path, trained);
      disposeParams({ ...trained.params, ...trained.head });
      await run.finish();
      console.log(path);
      return 0;
    } catch (error) {
      display.end();
      if (signal.aborted) say("Stopped. The same command goes on from here.");
      throw error instanceof RangeError ? new UsageError(error.message) : error;
    } finally {
      if (start) disposeParams(start);
    }
  },
};

/** Real and synthetic images, as they are trained on. */
async function readImages(
  { options, layout, settings, signal, display }: {
    options: Options;
    layout?: Layout;
    settings: TrainSettings;
    signal: AbortSignal;
    display: PartProgress;
  },
): Promise<TrainingImages> {
  const { height, width } = settings;
  const { data, synthetic } = options;
  return await badInput(async () => {
    const drawn = synthetic === undefined
      ? undefined
      : await readSynthetic(synthetic, {
        size: { height, width },
        signal,
        onProgress: (done, total) =>
          display.step("read synthetic images", done, total, {}),
      });
    if (data === undefined || layout === undefined) {
      return trainingImages(drawn!, drawn, { training: "synthetic" });
    }
    const { images } = await readTarget(
      {
        data,
        layout,
        skipBad: options["skip-bad"],
        settings: { seed: 0 },
      },
      { height, width },
      signal,
      display.step,
    );
    for (const problem of problemsOf(images, drawn)) console.error(problem);
    return trainingImages(
      images,
      settings.training.selection === "none" ? undefined : drawn,
    );
  });
}

function problemsOf(...sets: (ImageSet | undefined)[]): string[] {
  return sets.flatMap((set) => set?.problems ?? []);
}

/** Writes the numbers of each step down, and shows them. */
function logOf(
  run: RunDirectory,
  display: PartProgress,
): (
  done: number,
  steps: number,
  metrics: { [name: string]: number },
) => Promise<void> {
  let isFirst = true;
  return async (done, steps, metrics) => {
    // A resumed run goes on from a checkpoint, which may be older than its last records.
    if (isFirst) await run.truncateMetrics(({ step }) => Number(step) < done);
    isFirst = false;
    run.metrics.append({ step: done, ...metrics });
    display.step("recogniser", done, steps, metrics);
  };
}

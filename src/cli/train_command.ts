/**
 * `outis train`: trains a recogniser.
 *
 * @module
 */
import {
  digestParams,
  disposeParams,
  isThere,
  type RunDirectory,
} from "../core/mod.ts";
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
import { type Command, defineCommand } from "./command.ts";
import { openRun } from "./open_run.ts";
import { type ParsedOptions, UsageError } from "./options.ts";
import type { PartProgress } from "./part_progress.ts";
import { readTarget } from "./read_target.ts";
import { engineOptions } from "./setup_command.ts";
import {
  type TrainSettings,
  trainSettings,
  trainTable,
} from "./train_settings.ts";
import { trainingTime } from "./training_time.ts";

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

type Options = ParsedOptions<typeof table>;

/** The recogniser in a run directory. */
const FILE = "recognizer.safetensors";

/** Runs `outis train`. */
export const trainCommand: Command = defineCommand({
  name: "train",
  group: "Train and judge recognisers",
  summary:
    "Train a recogniser on real images, synthetic ones, or both, and save it as an embedder",
  about:
    "Trains as the paper does for persons or for faces, with whatever the options change. Synthetic images are mixed in whole, or chosen step by step by lookahead (equation 12). What it writes, 'outis evaluate' judges and audits take as an embedder.",
  examples: [
    {
      args: "--data people/ --network small --steps 300",
      does: "a small recogniser of faces in a few minutes",
    },
    {
      args:
        "--data market1501/ --synthetic runs/mine/synthetic --selection lookahead --erase 0.5",
      does: "on real and synthetic images, choosing the synthetic that help",
    },
  ],
  options: table,
  plans: true,
  stopped: "Stopped. The same command goes on from here.",
  async run(call) {
    const { options, signal, display } = call;
    const { data, out = "runs/train" } = options;
    if (data === undefined && options.synthetic === undefined) {
      throw new UsageError(
        "Cannot train as '--data' or '--synthetic' must be a folder of images: there is neither",
      );
    }
    const ofBoth = ["selection", "keep", "virtual-step", "mixing"] as const;
    for (const name of ofBoth) {
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
    const engine = await call.engine();
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
    const untrained = await badInput(() =>
      trainRecognizer(network, images.real, { ...training, steps: 0 })
    );
    try {
      await call.announce({
        does:
          `Trains on ${images.how}: ${settings.network}, ${training.steps} steps`,
        seconds: await trainingTime({
          model: network,
          params: untrained.params,
          options: training,
          mixes: images.synthetic !== undefined,
        }),
        out,
        resumed: await isThere(`${out}/manifest.json`),
      });
    } finally {
      disposeParams({ ...untrained.params, ...untrained.head });
    }
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
    const log = logOf(run, display);
    let last: { [name: string]: number } = {};
    try {
      const trained = await trainRecognizer(network, images.real, {
        ...training,
        checkpoint: run.file("checkpoint.safetensors"),
        signal,
        onStep: async (done, steps, metrics) => {
          await log(done, steps, metrics);
          last = { steps: done, ...metrics };
        },
      });
      const path = run.file(FILE);
      await saveRecognizer(path, trained);
      disposeParams({ ...trained.params, ...trained.head });
      await run.finish();
      const json = {
        run: out,
        recognizer: path,
        network: settings.network,
        ...last,
      };
      return { text: path, json };
    } catch (error) {
      throw error instanceof RangeError ? new UsageError(error.message) : error;
    } finally {
      if (start) disposeParams(start);
    }
  },
});

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

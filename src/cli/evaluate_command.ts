/**
 * `outis evaluate`: a recogniser on a data set, or synthetic images in its eyes.
 *
 * @module
 */
import { type Embedder, isThere } from "../core/mod.ts";
import {
  type Dataset,
  type ImageSet,
  type Layout,
  LAYOUTS,
  readDataset,
  readImages,
} from "../data/mod.ts";
import {
  evaluateBias,
  evaluateGeneration,
  evaluateReid,
  evaluateVerification,
  evaluateVerificationSets,
  loadEmbedder,
  PUBLISHED_MODELS,
  type PublishedModel,
} from "../stages/mod.ts";
import { badInput } from "./bad_input.ts";
import {
  type EvaluationFigures,
  evaluationText,
} from "./evaluation_figures.ts";
import { generationFigures } from "./generation_figures.ts";
import { type Command, defineCommand } from "./command.ts";
import { type ParsedOptions, UsageError } from "./options.ts";
import type { PartProgress } from "./part_progress.ts";
import {
  biasFigures,
  reidFigures,
  verificationFigures,
} from "./recognition_figures.ts";
import { engineOptions } from "./setup_command.ts";
import { openOptions, weightsOptions } from "./weights_options.ts";

/** Ways to judge. */
const PROTOCOLS = ["reid", "verification", "bias"] as const;
type Protocol = (typeof PROTOCOLS)[number];

const table = {
  weights: {
    value: "FILE",
    help:
      "a recogniser that 'outis train' wrote, or published weights (needed)",
  },
  model: {
    value: "NAME",
    choices: PUBLISHED_MODELS,
    help: "the network of published weights; ours tell it themselves",
  },
  height: { value: "N", least: 1, help: "rows of its images, where not usual" },
  width: { value: "N", least: 1, help: "columns of its images" },
  ...weightsOptions,
  data: { value: "DIR", help: "the data set to judge it on" },
  layout: {
    value: "NAME",
    choices: Object.keys(LAYOUTS),
    help: "how it lies in DIR (default: recognised by the names there)",
  },
  protocol: {
    value: "NAME",
    choices: PROTOCOLS,
    help: "reid, verification or bias (default: as the data set is made for)",
  },
  against: {
    value: "FILE",
    help:
      "bias: another recogniser of the same kind, to say what changes from it",
  },
  "average-precision": {
    value: "NAME",
    choices: ["step", "trapezoidal"],
    help: "reid: how precision is averaged (default step)",
  },
  "re-rank": { help: "reid: re-rank by k-reciprocal neighbours" },
  "no-flip": {
    help: "reid: features of the image alone, without its mirror image",
  },
  real: { value: "DIR", help: "real images, to compare synthetic ones with" },
  synthetic: {
    value: "DIR",
    help: "synthetic images, one folder per identity",
  },
  "trained-on": {
    value: "DIR",
    many: true,
    help: "images it was trained on: the test images are looked for among them",
  },
  "no-overlap": { help: "do not look for them, without being told" },
  ...engineOptions,
} as const;

type Options = ParsedOptions<typeof table>;

/** What was evaluated, and how it is printed. */
interface Evaluation {
  title: string;
  result: object;
  figures: EvaluationFigures;
}

/** Runs `outis evaluate`. */
export const evaluateCommand: Command = defineCommand({
  name: "evaluate",
  group: "Train and judge recognisers",
  summary: "Judge a recogniser on a data set, or synthetic images in its eyes",
  about:
    "Takes a recogniser of 'outis train' or published weights. With --data it is judged as the data set is made for: re-identification, verification, or bias between groups. With --real and --synthetic it is the eye that compares two sets of images. Each figure is printed with its protocol.",
  examples: [
    {
      args:
        "--weights runs/train/recognizer.safetensors --data market1501/ --re-rank",
      does: "mAP and CMC, re-ranked",
    },
    {
      args:
        "--weights arcface.pth --model iresnet50 --real faces/ --synthetic runs/mine/synthetic --json",
      does: "distances between the two sets, for a script",
    },
  ],
  options: table,
  async run(call) {
    const { options, signal, display } = call;
    checkTogether(options);
    await call.engine();
    using embedder = await embedderOf(options.weights!, options, signal);
    const trainedOn = await trainedOnOf(options, embedder, signal, display);
    const input = { embedder, options, trainedOn, signal, display };
    const { title, result, figures } = await badInput(() =>
      options.data === undefined ? generation(input) : recognition(input)
    );
    const unchecked = options["no-overlap"]
      ? "It was not asked for."
      : "--trained-on DIR names the images trained on.";
    return {
      text: evaluationText(figures, { title, unchecked }).trimEnd(),
      json: { title, ...result },
    };
  },
});

interface Input {
  embedder: Embedder;
  options: Options;
  trainedOn: { [name: string]: ImageSet } | undefined;
  signal: AbortSignal;
  display: PartProgress;
}

async function recognition(input: Input): Promise<Evaluation> {
  const { embedder, options, trainedOn, signal, display } = input;
  const data = options.data!;
  const found = await readDataset(data, {
    ...(options.layout && { layout: options.layout as Layout }),
    signal,
  });
  const protocol = protocolOf(found, options);
  const step = (part: string) => (done: number, total: number) =>
    display.step(part, done, total, {});
  const common = { signal, ...(trainedOn && { trainedOn }) };
  const title = `${found.protocol} (${found.records.length} images)`;
  if (protocol === "reid") {
    const result = await evaluateReid(embedder, found, {
      ...common,
      flip: !options["no-flip"],
      averagePrecision: (options["average-precision"] ?? "step") as "step",
      ...(options["re-rank"] && { reRank: true }),
      onProgress: (part, done, total) => display.step(part, done, total, {}),
    });
    return { title, result, figures: reidFigures(result) };
  }
  if (protocol === "bias") {
    using against = options.against === undefined
      ? undefined
      : await embedderOf(options.against, options, signal);
    const result = await evaluateBias(embedder, found, {
      ...common,
      ...(against && { against }),
      onProgress: step("embed"),
    });
    return { title, result, figures: biasFigures(result) };
  }
  if (found.pairs === undefined) {
    // People without a list of pairs: balanced ones are chosen, and the sentence that says so is in the protocol.
    const { height, width } = embedder.preprocessing;
    const own = found.records.filter(({ role }) => role === undefined);
    const images = await readImages(own, {
      size: { height, width },
      signal,
      onProgress: step("read images"),
    });
    const result = await evaluateVerification(embedder, images, common);
    return { title, result, figures: verificationFigures({ all: result }) };
  }
  const result = await evaluateVerificationSets(embedder, found, {
    ...common,
    onProgress: step("embed"),
  });
  return { title, result, figures: verificationFigures(result.sets) };
}

async function generation(input: Input): Promise<Evaluation> {
  const { embedder, options, trainedOn, signal, display } = input;
  const { height, width } = embedder.preprocessing;
  const read = async (part: string, folder: string) => {
    const { records } = await readDataset(folder, { signal });
    return await readImages(records, {
      size: { height, width },
      signal,
      onProgress: (done, total) => display.step(part, done, total, {}),
    });
  };
  const real = await read("read real images", options.real!);
  const synthetic = await read("read synthetic images", options.synthetic!);
  const result = await evaluateGeneration({
    real,
    synthetic,
    embedder,
    ...(trainedOn && { trainedOn }),
    signal,
    onProgress: (done, total) => display.step("compare", done, total, {}),
  });
  return {
    title:
      `${synthetic.count} synthetic images against ${real.count} real ones`,
    result,
    figures: generationFigures(result),
  };
}

async function embedderOf(
  path: string,
  options: Options,
  signal: AbortSignal,
): Promise<Embedder & Disposable> {
  const { model, height, width } = options;
  if (!await badInput(() => isThere(path))) {
    throw new UsageError(
      `Cannot evaluate as '--weights' must be a file or folder that is there: current value is ${path}`,
    );
  }
  return await badInput(() =>
    loadEmbedder(path, {
      ...openOptions(options),
      ...(model !== undefined && { model: model as PublishedModel }),
      ...(height !== undefined && { height }),
      ...(width !== undefined && { width }),
      signal,
    })
  );
}

async function trainedOnOf(
  options: Options,
  { preprocessing: { height, width } }: Embedder,
  signal: AbortSignal,
  display: PartProgress,
): Promise<Input["trainedOn"]> {
  const folders = options["trained-on"];
  if (folders.length === 0 || options["no-overlap"]) return undefined;
  const sets: { [name: string]: ImageSet } = {};
  for (const folder of folders) {
    const { records } = await badInput(() => readDataset(folder, { signal }));
    const own = records.filter(({ split }) => (split ?? "train") === "train");
    sets[folder] = await badInput(() =>
      readImages(own, {
        size: { height, width },
        // Brought to size as the test images are, so that equal files stay equal.
        fit: options.protocol === "reid" || height !== width ? "fill" : "cover",
        signal,
        onProgress: (done, total) =>
          display.step("read images trained on", done, total, {}),
      })
    );
  }
  return sets;
}

function protocolOf(found: Dataset, options: Options): Protocol {
  if (options.protocol !== undefined) return options.protocol as Protocol;
  if (found.records.some(({ split }) => split === "query")) return "reid";
  return found.layout === "rfw" ? "bias" : "verification";
}

function checkTogether(options: Options): void {
  const refuse = (rule: string, value: string): never => {
    throw new UsageError(
      `Cannot evaluate as ${rule}: current value is ${value}`,
    );
  };
  if (options.weights === undefined) {
    refuse("'--weights' must be a file of a recogniser", "nothing");
  }
  const compares = [options.real, options.synthetic]
    .filter((folder) => folder !== undefined);
  if (options.data === undefined && compares.length < 2) {
    refuse(
      "there must be '--data', or '--real' and '--synthetic'",
      compares[0] ?? "nothing",
    );
  }
  if (options.data !== undefined && compares.length > 0) {
    refuse(
      "'--data' must be left out beside '--real' and '--synthetic'",
      options.data,
    );
  }
}

/**
 * How `outis train` trains: the paper's recipes, and what the options change.
 *
 * @module
 */
import type { Json } from "../core/mod.ts";
import { NETWORK_NAMES, type NetworkName } from "../models/mod.ts";
import { adam, byRank, type Optimizer, sgd } from "../optim/mod.ts";
import {
  faceRecipe,
  personRecipe,
  type RecognitionLoss,
  type TrainRecognizerOptions,
} from "../stages/mod.ts";
import { type ParsedOptions, UsageError } from "./options.ts";

/** The recipes by name. */
const RECIPES = { persons: personRecipe, faces: faceRecipe };

/** Options of training. */
export const trainTable = {
  recipe: {
    value: "NAME",
    choices: Object.keys(RECIPES),
    help:
      "as the paper trains persons (Adam, cross-entropy and triplet, 16 x 4) or faces (SGD, CosFace, 128); all below changes it (default: persons for market1501 and cuhk03, else faces)",
  },
  network: {
    value: "NAME",
    choices: NETWORK_NAMES,
    help: `${NETWORK_NAMES.join(", ")} (default small)`,
  },
  height: {
    value: "N",
    least: 16,
    help: "rows (default 64; of large networks 112, for persons 256)",
  },
  width: {
    value: "N",
    least: 16,
    help: "columns (default: as many as rows, for persons half as many)",
  },
  steps: { value: "N", least: 1, help: "steps of training (default 1000)" },
  batch: { value: "N", least: 1, help: "real images in a step" },
  identities: { value: "N", least: 1, help: "P: identities in a step" },
  images: { value: "N", least: 1, help: "K: images of each" },
  loss: {
    value: "NAME",
    choices: ["crossEntropy", "cosFace", "arcFace", "adaFace"],
    help: "classification loss: crossEntropy, cosFace, arcFace or adaFace",
  },
  margin: { value: "X", help: "margin of a loss on cosines" },
  scale: { value: "X", help: "factor on cosines" },
  smoothing: { value: "X", help: "label smoothing of crossEntropy" },
  triplet: {
    value: "X",
    help: "margin of the batch-hard triplet loss, soft, or none",
  },
  neck: { help: "BNNeck: classify and compare behind a batch normalisation" },
  pixels: {
    value: "NAME",
    choices: ["plain", "imagenet"],
    help: "scale of pixels, imagenet for torchvision's weights (default plain)",
  },
  optimizer: { value: "NAME", choices: ["sgd", "adam"], help: "sgd or adam" },
  "weight-decay": { value: "X", help: "weight decay (default 5e-4)" },
  decoupled: { help: "decay of Adam on the weights, as AdamW" },
  rate: { value: "X", help: "highest learning rate" },
  schedule: {
    value: "NAME",
    choices: ["cosine", "step"],
    help: "cosine or step, after warm-up",
  },
  average: { value: "X", help: "decay of the average of weights (default 0)" },
  padding: { value: "N", least: 0, help: "pixels the crop may move by" },
  erase: { value: "X", help: "probability of Random Erasing (default 0)" },
  selection: {
    value: "NAME",
    choices: ["none", "all", "lookahead"],
    help: "synthetic images trained on: none, all or lookahead (default all)",
  },
  keep: { value: "X", help: "share that lookahead keeps (default 0.5)" },
  "virtual-step": {
    value: "NAME",
    choices: ["mixed", "real"],
    help: "images of lookahead's virtual step (default mixed, as printed)",
  },
  mixing: {
    value: "X[:Y]",
    help: "synthetic images per real one, Y at the end (default 1)",
  },
  "hold-out": {
    value: "X",
    help:
      "training identities to watch the training with: a share or a number (default none)",
  },
  "keep-best": { help: "return the weights that did best on those" },
  seed: { value: "N", least: 0, help: "seed of everything (default 0)" },
} as const;

type Options = ParsedOptions<typeof trainTable>;
type Recipe = keyof typeof RECIPES;

/** What is trained, and how. */
export interface TrainSettings {
  /** Name of the network. */
  network: NetworkName;
  /** Image height, pixels. */
  height: number;
  /** Image width, pixels. */
  width: number;
  /** Whether the network has a neck. */
  neck: boolean;
  /** Scale of the pixels. */
  pixels: "plain" | "imagenet";
  /** Options of `trainRecognizer`. */
  training: TrainRecognizerOptions;
  /** All that decides the result, as a run remembers it. */
  configuration: { [name: string]: Json };
}

/**
 * Makes the settings of a training.
 *
 * @param options What was asked for.
 * @param usual The recipe where none was.
 * @returns Network and training.
 * @throws {UsageError} If a number is none or out of range, or options exclude each other.
 *
 * @example
 * ```ts
 * import { parseOptions } from "./options.ts";
 * import { trainSettings, trainTable } from "./train_settings.ts";
 *
 * const options = parseOptions(["--network=resnet50"], trainTable);
 * console.log(trainSettings(options, "persons").height); // 256
 * ```
 */
export function trainSettings(options: Options, usual: Recipe): TrainSettings {
  const name = (options.recipe ?? usual) as Recipe;
  const recipe = RECIPES[name]();
  const network = (options.network ?? "small") as NetworkName;
  const isSmall = network.endsWith("small");
  const isPersons = name === "persons";
  const height = options.height ?? (isSmall ? 64 : isPersons ? 256 : 112);
  const width = options.width ?? (isPersons ? height / 2 : height);
  const number = (option: keyof Options, max = Infinity, min = 0) =>
    decimal(option, options[option] as string | undefined, min, max);
  const mixing = options.mixing?.split(":")
    .map((text) => decimal("mixing", text, 0, Infinity)!);
  const heldOut = number("hold-out");
  if (options["keep-best"] && heldOut === undefined) {
    throw usage("keep-best", "given with --hold-out", "alone");
  }
  const training: TrainRecognizerOptions = {
    ...recipe,
    steps: options.steps ?? 1000,
    ...(isSmall && isPersons && { padding: 3 }),
    ...samplerOf(options, recipe),
    loss: lossOf(options, recipe.loss!, isSmall),
    optimizer: optimizerOf(options, isPersons),
    ...given("rate", number("rate")),
    ...(options.schedule && {
      schedule: { shape: options.schedule as "cosine" },
    }),
    ...given("average", number("average", 1)),
    ...given("padding", options.padding),
    ...given("erase", number("erase", 1)),
    ...given("selection", options.selection as "none" | undefined),
    ...given("keepFraction", number("keep", 1)),
    ...given("virtualStep", options["virtual-step"] as "mixed" | undefined),
    mixing: mixing === undefined || mixing.length < 2
      ? mixing?.[0] ?? 1
      : { from: mixing[0], to: mixing[1] },
    ...(heldOut !== undefined && {
      validation: {
        identities: heldOut,
        keep: options["keep-best"] ? "best" : "last",
      },
    }),
    seed: options.seed ?? 0,
  };
  const remembered = Object.fromEntries(
    Object.keys(trainTable).map((
      name,
    ) => [name, options[name as keyof Options] ?? null]),
  );
  return {
    network,
    height,
    width,
    neck: options.neck,
    pixels: (options.pixels ?? "plain") as "plain",
    training,
    configuration: { ...remembered, recipe: name, network, height, width },
  };
}

/** An entry of a record, or none. */
function given<T>(name: string, value: T | undefined): { [name: string]: T } {
  return value === undefined ? {} : { [name]: value };
}

function samplerOf(
  { batch, identities, images }: Options,
  { sampler }: Pick<TrainRecognizerOptions, "sampler">,
): Pick<TrainRecognizerOptions, "sampler" | "batchSize"> {
  if (identities !== undefined || images !== undefined) {
    if (batch !== undefined) {
      throw usage("batch", "left out with --identities or --images", batch);
    }
    const usual = typeof sampler === "object"
      ? sampler
      : { identities: 16, images: 4 };
    return {
      sampler: {
        identities: identities ?? usual.identities,
        images: images ?? usual.images,
      },
      batchSize: undefined,
    };
  }
  return batch === undefined ? {} : { sampler: "shuffled", batchSize: batch };
}

function lossOf(
  options: Options,
  usual: RecognitionLoss,
  isSmall: boolean,
): RecognitionLoss {
  const { loss, triplet } = options;
  const classification = (loss ?? usual.classification) as "cosFace";
  // A small network has few identities, for whom the published margin and scale are too hard.
  const isUsual = classification === usual.classification;
  const { smoothing, ...cosines } = usual;
  const own = !isUsual
    ? {}
    : classification === "cosFace"
    ? isSmall ? {} : { margin: cosines.margin, scale: cosines.scale }
    : { smoothing };
  const kept = triplet === undefined
    ? usual.triplet
    : triplet === "none"
    ? undefined
    : {
      margin: triplet === "soft"
        ? "soft" as const
        : decimal("triplet", triplet, 0, Infinity)!,
    };
  return {
    classification,
    ...own,
    ...given("margin", decimal("margin", options.margin, 0, Math.PI)),
    ...given("scale", decimal("scale", options.scale, 0, Infinity)),
    ...given("smoothing", decimal("smoothing", options.smoothing, 0, 1)),
    ...(kept && { triplet: kept }),
  };
}

function optimizerOf(options: Options, isPersons: boolean): Optimizer {
  const weightDecay =
    decimal("weight-decay", options["weight-decay"], 0, Infinity) ?? 5e-4;
  const kind = options.optimizer ?? (isPersons ? "adam" : "sgd");
  if (kind === "adam") {
    const decay = options.decoupled ? "decoupled" : "coupled";
    return adam({ weightDecay, decay });
  }
  if (options.decoupled) {
    throw usage("decoupled", "given with --optimizer adam", kind);
  }
  return byRank({
    matrices: sgd({ momentum: 0.9, weightDecay }),
    vectors: sgd({ momentum: 0.9 }),
  });
}

function decimal(
  name: string,
  text: string | undefined,
  min: number,
  max: number,
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && value >= min && value <= max) return value;
  const range = max === Infinity
    ? `a number of at least ${min}`
    : `a number from ${min} to ${Number(max.toFixed(2))}`;
  throw usage(name, range, text);
}

function usage(name: string, rule: string, value: string | number): UsageError {
  return new UsageError(
    `Cannot train as '--${name}' must be ${rule}: current value is ${value}`,
  );
}

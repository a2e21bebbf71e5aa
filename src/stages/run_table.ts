/**
 * The paper's tables: the same recogniser trained on different images, judged by one protocol, under one seed.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { checkRange, readJsonIfThere, type RunDirectory } from "../core/mod.ts";
import { digestImages, type ImageSet } from "../data/mod.ts";
import { trainableNetwork } from "../models/mod.ts";
import type { TestOverlap } from "./check_overlap.ts";
import type { Generator } from "./generator.ts";
import { recipeName } from "./recipe_name.ts";
import { recognizerEmbedder } from "./recognizer_embedder.ts";
import { faceRecipe, personRecipe } from "./recognizer_recipes.ts";
import { saveRecognizer } from "./save_recognizer.ts";
import { type TableGenerators, tableGenerators } from "./table_generators.ts";
import type {
  TableMethod,
  TableRecognizer,
  TableSettings,
} from "./table_settings.ts";
import type { TableScores, TableTarget } from "./table_target.ts";
import { readSynthetic, trainingImages } from "./table_training.ts";
import type { TrainedRecognizer } from "./train_recognizer.ts";
import { trainRecognizer } from "./train_recognizer.ts";
import type { StepMetrics } from "./training_loop.ts";

/** One method under one seed. */
export interface TableCellResult extends TableScores {
  /** Name of the method. */
  method: string;
  /** The seed. */
  seed: number;
  /** What was trained on, a phrase. */
  how: string;
  /** Test images that stand among those trained on; left out where that was not looked for. */
  overlap?: TestOverlap[];
  /** Name of the recogniser's file in the seed's run directory. */
  recognizer?: string;
  /** Name of the folder of the synthetic images there, where they were made here. */
  images?: string;
  /** Seconds of training and judging, by the clock that was given; a stopped training counts from where it was taken up. */
  seconds?: number;
}

/** What one seed of a table needs. */
export interface RunTableInput {
  /** Training images, and the judge. */
  target: TableTarget;
  /** Sizes, methods. */
  settings: TableSettings;
  /** The seed. */
  seed: number;
  /** The pretrained generator; or why there is none, one sentence: its rows are then absent. Borrowed. */
  prior: Generator | string;
  /** A recogniser of other people, outside the reward. Borrowed. @default none */
  auditor?: Pick<TrainedRecognizer, "model" | "params"> | undefined;
  /** Where everything of this seed is kept, and found again by what decides it. */
  run: RunDirectory;
  /** Whether the test images are looked for among those trained on, before anything is scored. @default true */
  overlap?: boolean;
  /** Milliseconds from any fixed moment; processor time where the machine has other work, too. @default times are not told */
  now?: (() => number) | undefined;
  /** Ends the work after the present step. */
  signal?: AbortSignal | undefined;
  /** Called as the parts go on. */
  onStep?: (
    part: string,
    done: number,
    total: number,
    metrics: StepMetrics,
  ) => void;
}

/** Everything that was scored. */
export interface TableCells {
  /** A result for each method and seed that could be run. */
  cells: TableCellResult[];
  /** Why a method could not be run, by its name. */
  absent: { [method: string]: string };
}

/**
 * Runs the methods of a table under one seed. What was done before is taken from the run directory, cell by cell: cells,
 * images and cold starts are found by what decides them, so tables and figures that have some in common can share it.
 *
 * The seed decides weights, batches and noise; whether it decides who is trained on and judged on as well, the target says.
 *
 * @param input Images, judge, prior, sizes, seed.
 * @returns What was scored, and what could not be.
 * @throws {RangeError} If there is no method, or synthetic images fit neither the real identities nor new ones.
 * @throws The signal's reason, if it fired: finished cells and checkpoints are kept.
 *
 * @example
 * ```ts
 * import { openRunDirectory } from "@outis/outis/core";
 * import { runTable, type RunTableInput, tableSummary } from "@outis/outis/stages";
 *
 * // Minutes to hours, as the settings say.
 * async function means(input: Omit<RunTableInput, "seed" | "run">) {
 *   const cells = [];
 *   for (const seed of input.settings.seeds) {
 *     const manifest = { configuration: { seed } };
 *     using run = await openRunDirectory(`runs/mine/seed-${seed}`, { manifest, now: Date.now });
 *     cells.push(...(await runTable({ ...input, seed, run })).cells);
 *   }
 *   return tableSummary({ cells, absent: {} }, input).rows.map(({ name, scores }) => [name, scores]);
 * }
 * console.log(means.length); // 1
 * ```
 */
export async function runTable(input: RunTableInput): Promise<TableCells> {
  const { settings, run, prior, seed } = input;
  const { methods } = settings;
  checkRange("run a table", "methods", methods.length, {
    min: 1,
    integer: true,
  });
  const absent: TableCells["absent"] = {};
  const cells: TableCellResult[] = [];
  using owned = new DisposableStack();
  let made: Promise<TableGenerators> | undefined;
  const generators = () =>
    made ??= (async () => {
      const { autoencoder } = (prior as Generator).config;
      const train = await input.target.train(autoencoder);
      const own = { ...input, prior: prior as Generator, train };
      return owned.use(await tableGenerators(own));
    })();
  for (const method of methods) {
    const reason = whyAbsent(method, prior, settings);
    if (reason !== undefined) {
      absent[method.name] = reason;
      continue;
    }
    const plan = await planOf(input, method, generators);
    const found = await readJsonIfThere<TableCellResult>(
      run.file(`${plan.name}.json`),
    );
    const cell = found ?? await runCell(input, method, plan);
    if (found === undefined) {
      await run.writeAtomic(
        `${plan.name}.json`,
        JSON.stringify(cell, null, 2) + "\n",
      );
    }
    // Another table may call the same work by another name.
    cells.push({ ...cell, method: method.name, seed });
  }
  return { cells, absent };
}

const RECIPES = { persons: personRecipe, faces: faceRecipe };

/** What decides a cell, and how to come by its synthetic images. */
interface CellPlan {
  /** Name of the cell's files. */
  name: string;
  /** Real images of the recogniser's size. */
  train: ImageSet;
  /** How the recogniser is trained. */
  recognizer: TableRecognizer;
  /** The synthetic images, made if need be; none where the method has none. */
  synthetic?: () => Promise<ImageSet>;
  /** Name of their folder, where they are made here. */
  images?: string;
}

async function planOf(
  input: RunTableInput,
  method: TableMethod,
  generators: () => Promise<TableGenerators>,
): Promise<CellPlan> {
  const { target, settings, signal, overlap = true } = input;
  const recognizer = { ...settings.recognizer, ...method.recognizer };
  const { height, width } = trainableNetwork(recognizer.network).preprocessing;
  const train = await target.train({ height, width });
  const read = (folder: string) =>
    readSynthetic(folder, {
      size: { height, width },
      fit: "fill",
      ...(signal && { signal }),
    });
  const { name: _, printed: _printed, reinforce: _reinforce, ...own } = method;
  const decides = {
    images: digestImages(train),
    judge: target.key,
    seed: input.seed,
    overlap,
    ...own,
    recognizer,
  };
  const { synthetic } = method;
  if (synthetic === undefined) {
    return { name: recipeName("cell-real", decides), train, recognizer };
  }
  if (typeof synthetic === "object") {
    const set = await read(synthetic.folder);
    const digest = digestImages(set);
    return {
      name: recipeName("cell-folder", { ...decides, synthetic: digest }),
      train,
      recognizer,
      synthetic: () => Promise.resolve(set),
    };
  }
  const made = await generators();
  const images = made.name(method);
  return {
    name: recipeName(`cell-${images.replace(/^images-|-[^-]+$/g, "")}`, {
      ...decides,
      synthetic: images,
    }),
    train,
    recognizer,
    images,
    synthetic: async () => await read(await made.folder(method)),
  };
}

/** Trains and judges one recogniser. */
async function runCell(
  input: RunTableInput,
  method: TableMethod,
  plan: CellPlan,
): Promise<TableCellResult> {
  const { target, run, signal, seed, now } = input;
  const part = `seed ${seed}, ${method.name}`;
  const stop = { ...(signal && { signal }) };
  const synthetic = await plan.synthetic?.();
  const start = now?.();
  const { how, ...sets } = trainingImages(plan.train, synthetic, method);
  if (method.selection === "lookahead" && sets.synthetic === undefined) {
    throw new RangeError(
      `Cannot run a table as '${method.name}' must have synthetic images of the real identities to select from: current value is ${how}`,
    );
  }
  let overlap: TestOverlap[] | undefined;
  if (input.overlap ?? true) {
    input.onStep?.(`${part}, overlap`, 0, 1, {});
    overlap = await target.judge.overlap({
      ...(method.training !== "synthetic" &&
        { "the real images": plan.train }),
      ...(synthetic && { "the synthetic images": synthetic }),
    }, stop);
    input.onStep?.(`${part}, overlap`, 1, 1, {});
  }
  const { network, recipe, ...own } = plan.recognizer;
  const checkpoint = run.file(`${plan.name}.checkpoint.safetensors`);
  const trained = await trainRecognizer(trainableNetwork(network), sets.real, {
    ...RECIPES[recipe](),
    ...own,
    ...(sets.synthetic && { synthetic: sets.synthetic }),
    selection: method.selection ?? "all",
    erase: method.erase ?? 0,
    seed: seed + 5,
    ...stop,
    checkpoint,
    onStep: (...told) => input.onStep?.(part, ...told),
  });
  try {
    using embedder = await recognizerEmbedder(trained.network, trained.params);
    const scores = await target.judge.judge(embedder, stop);
    const recognizer = `${plan.name}.safetensors`;
    await saveRecognizer(run.file(recognizer), trained, stop);
    // What is left of the training is several times as large.
    await Deno.remove(checkpoint);
    return {
      method: method.name,
      seed,
      how,
      ...scores,
      ...(overlap && { overlap }),
      recognizer,
      ...(plan.images !== undefined && { images: plan.images }),
      ...(start !== undefined && { seconds: (now!() - start) / 1000 }),
    };
  } finally {
    tf.dispose([trained.params, trained.head]);
  }
}

/** Why a method cannot be run with this prior; undefined where it can. */
function whyAbsent(
  { synthetic, recognizer }: TableMethod,
  prior: Generator | string,
  settings: TableSettings,
): string | undefined {
  if (synthetic === undefined || typeof synthetic === "object") {
    return undefined;
  }
  if (typeof prior === "string") return prior;
  const { network } = { ...settings.recognizer, ...recognizer };
  const { height, width } = trainableNetwork(network).preprocessing;
  const { autoencoder } = prior.config;
  const fits = autoencoder.height === height && autoencoder.width === width;
  if (fits || settings.resize) return undefined;
  return `No prior of this size: the generator makes images of ${autoencoder.height} x ${autoencoder.width}, the recogniser takes ${height} x ${width}.`;
}

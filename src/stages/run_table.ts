/**
 * The paper's tables: the same recogniser trained on different images, judged by one protocol, over several seeds.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import {
  checkRange,
  fileName,
  readJsonIfThere,
  type RunDirectory,
} from "../core/mod.ts";
import type { ImageSet } from "../data/mod.ts";
import { trainableNetwork } from "../models/mod.ts";
import type { TestOverlap } from "./check_overlap.ts";
import type { Generator } from "./generator.ts";
import { recognizerEmbedder } from "./recognizer_embedder.ts";
import { faceRecipe, personRecipe } from "./recognizer_recipes.ts";
import { saveRecognizer } from "./save_recognizer.ts";
import { type TableGenerators, tableGenerators } from "./table_generators.ts";
import type { TableMethod, TableSettings } from "./table_settings.ts";
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
}

/** What a table needs. */
export interface RunTableInput {
  /** Training images, and the judge. */
  target: TableTarget;
  /** Sizes, seeds, methods. */
  settings: TableSettings;
  /** The pretrained generator; or why there is none, one sentence: its rows are then absent. Borrowed. */
  prior: Generator | string;
  /** A recogniser of other people, outside the reward. Borrowed. @default none */
  auditor?: Pick<TrainedRecognizer, "model" | "params"> | undefined;
  /** Where everything is kept, and found again. */
  run: RunDirectory;
  /** Whether the test images are looked for among those trained on, before anything is scored. @default true */
  overlap?: boolean;
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
 * Runs the methods of a table under all seeds. What was done before is taken from the run directory, cell by cell.
 *
 * Seeds decide weights, batches and noise, not which images are trained on and judged: intervals over them tell how much a
 * result depends on chance in training, for these people.
 *
 * @param input Images, judge, prior, sizes.
 * @returns What was scored, and what could not be.
 * @throws {RangeError} If there is no seed or method, or synthetic images fit neither the real identities nor new ones.
 * @throws The signal's reason, if it fired: finished cells and checkpoints are kept.
 *
 * @example
 * ```ts
 * import { runTable, type RunTableInput, tableSummary } from "@outis/outis/stages";
 *
 * // Minutes to hours, as the settings say.
 * async function means(input: RunTableInput) {
 *   const cells = await runTable(input);
 *   return tableSummary(cells, input).rows.map(({ name, scores }) => [name, scores]);
 * }
 * console.log(means.length); // 1
 * ```
 */
export async function runTable(input: RunTableInput): Promise<TableCells> {
  const { settings, run, prior } = input;
  const { seeds, methods } = settings;
  const whole = { min: 1, integer: true };
  checkRange("run a table", "seeds", seeds.length, whole);
  checkRange("run a table", "methods", methods.length, whole);
  const { height, width } = trainableNetwork(settings.recognizer.network)
    .preprocessing;
  const absent: TableCells["absent"] = {};
  for (const method of methods) {
    const reason = whyAbsent(method, prior, settings);
    if (reason !== undefined) absent[method.name] = reason;
  }
  const kept = methods.filter(({ name }) => absent[name] === undefined);
  const images = input.target.train;
  const cells: TableCellResult[] = [];
  for (const seed of seeds) {
    using owned = new DisposableStack();
    let generators: TableGenerators | undefined;
    const folderOf = async (method: TableMethod): Promise<string> => {
      if (typeof method.synthetic === "object") return method.synthetic.folder;
      const { autoencoder } = (prior as Generator).config;
      generators ??= owned.use(tableGenerators({
        ...input,
        prior: prior as Generator,
        train: await images(autoencoder),
        seed,
      }));
      return await generators.folder(method);
    };
    for (const method of kept) {
      const name = `seed-${seed}/${fileName(method.name)}.json`;
      const found = await readJsonIfThere<TableCellResult>(run.file(name));
      if (found !== undefined) {
        cells.push(found);
        continue;
      }
      const train = await images({ height, width });
      const cell = await runCell(input, { method, seed, train, folderOf });
      await run.writeAtomic(name, JSON.stringify(cell, null, 2) + "\n");
      cells.push(cell);
    }
  }
  return { cells, absent };
}

const RECIPES = { persons: personRecipe, faces: faceRecipe };

/** Trains and judges one recogniser. */
async function runCell(
  input: RunTableInput,
  { method, seed, train, folderOf }: {
    method: TableMethod;
    seed: number;
    train: ImageSet;
    folderOf: (method: TableMethod) => Promise<string>;
  },
): Promise<TableCellResult> {
  const { target, settings, run, signal } = input;
  const { height, width } = train;
  const part = `seed ${seed}, ${method.name}`;
  const file = (ending: string) =>
    run.file(`seed-${seed}`, `${fileName(method.name)}${ending}.safetensors`);
  const stop = { ...(signal && { signal }) };
  const synthetic = method.synthetic === undefined
    ? undefined
    : await readSynthetic(await folderOf(method), {
      size: { height, width },
      fit: "fill",
      ...stop,
    });
  const { how, ...sets } = trainingImages(train, synthetic, method);
  if (method.selection === "lookahead" && sets.synthetic === undefined) {
    throw new RangeError(
      `Cannot run a table as '${method.name}' must have synthetic images of the real identities to select from: current value is ${how}`,
    );
  }
  let overlap: TestOverlap[] | undefined;
  if (input.overlap ?? true) {
    input.onStep?.(`${part}, overlap`, 0, 1, {});
    overlap = await target.judge.overlap({
      ...(method.training !== "synthetic" && { "the real images": train }),
      ...(synthetic && { "the synthetic images": synthetic }),
    }, stop);
    input.onStep?.(`${part}, overlap`, 1, 1, {});
  }
  const { network, recipe, ...own } = settings.recognizer;
  await Deno.mkdir(run.file(`seed-${seed}`), { recursive: true });
  const trained = await trainRecognizer(trainableNetwork(network), sets.real, {
    ...RECIPES[recipe](),
    ...own,
    ...(sets.synthetic && { synthetic: sets.synthetic }),
    selection: method.selection ?? "all",
    erase: method.erase ?? 0,
    seed: seed + 5,
    ...stop,
    checkpoint: file(".checkpoint"),
    onStep: (...told) => input.onStep?.(part, ...told),
  });
  try {
    using embedder = await recognizerEmbedder(trained.network, trained.params);
    const scores = await target.judge.judge(embedder, stop);
    await saveRecognizer(file(""), trained, stop);
    // What is left of the training is several times as large.
    await Deno.remove(file(".checkpoint"));
    return {
      method: method.name,
      seed,
      how,
      ...scores,
      ...(overlap && { overlap }),
    };
  } finally {
    tf.dispose([trained.params, trained.head]);
  }
}

/** Why a method cannot be run with this prior; undefined where it can. */
function whyAbsent(
  { synthetic }: TableMethod,
  prior: Generator | string,
  settings: TableSettings,
): string | undefined {
  if (synthetic === undefined || typeof synthetic === "object") {
    return undefined;
  }
  if (typeof prior === "string") return prior;
  const { height, width } = trainableNetwork(settings.recognizer.network)
    .preprocessing;
  const { autoencoder } = prior.config;
  const fits = autoencoder.height === height && autoencoder.width === width;
  if (fits || settings.resize) return undefined;
  return `No prior of this size: the generator makes images of ${autoencoder.height} x ${autoencoder.width}, the recogniser takes ${height} x ${width}.`;
}

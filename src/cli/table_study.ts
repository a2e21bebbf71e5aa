/**
 * What the paper's tables and figures are made from: people, a judge, a prior, settings, and a folder for each seed.
 *
 * @module
 */
import type { BackendInfo } from "../engine/mod.ts";
import type { RunDirectory } from "../core/mod.ts";
import type { Layout } from "../data/mod.ts";
import { type NetworkName, trainableNetwork } from "../models/mod.ts";
import {
  type Generator,
  loadAuditor,
  loadGenerator,
  type Population,
  priorUrl,
  proceduralTable,
  readTable,
  runTable,
  type TableCells,
  type TableMethod,
  type TableNumber,
  type TableObjectives,
  type TableSettings,
  type TableTarget,
  type TrainedRecognizer,
} from "../stages/mod.ts";
import { badInput } from "./bad_input.ts";
import { openRun } from "./open_run.ts";
import { UsageError } from "./options.ts";
import type { PartProgress } from "./part_progress.ts";
import { processorTime } from "./study_files.ts";
import { checkMethods } from "./table_methods.ts";
import {
  drawsPeople,
  seedArguments,
  type TableOptions,
} from "./table_options.ts";
import { seedJobs } from "./seed_jobs.ts";
import {
  type Objective,
  type TablePreset,
  tableSettings,
} from "./table_presets.ts";

/** What {@linkcode openTableStudy} takes. */
export interface TableStudyInput {
  /** Which table's people and judge. */
  number: TableNumber;
  /** What was asked for. */
  options: TableOptions & { seeds: number; out: string };
  /** Rows, of the ways of reinforcement there are; those of the table unless given. */
  methods?: (objectives: TableObjectives) => TableMethod[];
  /** Further rows. @default none */
  own?: readonly TableMethod[];
  /** Starts what computes. */
  engine: () => Promise<BackendInfo>;
  /** Ends the work. */
  signal: AbortSignal;
  /** Where the parts are shown. */
  display: PartProgress;
  /** Called with each line for the user. */
  say: (line: string) => void;
}

/** An opened study. */
export interface TableStudy
  extends Omit<TableStudyInput, "methods" | "own" | "engine"> {
  /** Sizes, seeds, methods. */
  settings: TableSettings;
  /** Ways of reinforcement, the table's own first. */
  objectives: TableObjectives;
  /** What computes. */
  engine: BackendInfo;
  /** The pretrained generator, or why there is none. */
  prior: Generator | string;
  /** A recogniser of other people, where there is one. */
  auditor: TrainedRecognizer | undefined;
  /** Training images and judge of a seed. */
  target: (seed: number) => Promise<TableTarget>;
  /** The folder of a seed, locked. */
  open: (seed: number) => Promise<RunDirectory>;
}

/**
 * Opens a study: starts the engine, loads the prior, and checks all that can be checked before anything is written.
 *
 * @param input Which, and what was asked for.
 * @returns The study.
 * @throws {UsageError} If something cannot be read, or does not go together.
 *
 * @example
 * ```ts
 * import { openTableStudy, scoreMethods, type TableStudyInput } from "./table_study.ts";
 *
 * // Minutes to hours, as the settings say.
 * async function cells(input: TableStudyInput) {
 *   return (await scoreMethods(await openTableStudy(input), ["table", "2"])).cells;
 * }
 * console.log(cells.length); // 1
 * ```
 */
export async function openTableStudy(
  input: TableStudyInput,
): Promise<TableStudy> {
  const { number, options, signal, display } = input;
  const { settings, people, objectives } = await badInput(() =>
    tableSettings(number, (options.preset ?? "small") as TablePreset, {
      seeds: Array.from({ length: options.seeds }, (_, seed) => seed),
      objective: options.objective as Objective | undefined,
      network: options.network as NetworkName | undefined,
      height: options.height,
      isOwn: options.data !== undefined,
      ...(options.resize && { resize: true }),
      methods: input.methods,
    })
  );
  settings.methods.push(...input.own ?? []);
  const engine = await input.engine();
  const size = trainableNetwork(settings.recognizer.network).preprocessing;
  const { prior, auditor } = await priorOf(number, options.prior);
  const onStep = (part: string, done: number, total: number) =>
    display.step(part, done, total, {});
  const isDrawn = drawsPeople(number, options);
  const target = (seed: number): Promise<TableTarget> =>
    badInput(() =>
      options.data === undefined
        ? proceduralTable(number, {
          people,
          height: size.height,
          seed: 0,
          draw: isDrawn ? seed : undefined,
          population: options.population as Population | undefined,
          reRank: options["re-rank"],
          signal,
          onStep,
        })
        : readTable(number, {
          data: options.data,
          layout: options.layout as Layout | undefined,
          test: options.test,
          draw: isDrawn ? seed : undefined,
          subset: {
            ...(options.identities && { identities: options.identities }),
            ...(options.images && { imagesPerIdentity: options.images }),
          },
          reRank: options["re-rank"],
          signal,
          onStep,
        })
    );
  const targets = new Map<number, Promise<TableTarget>>();
  const once = (seed: number) => {
    // The tests of one draw are all that is worth its memory.
    if (!targets.has(seed)) {
      if (isDrawn) targets.clear();
      targets.set(isDrawn ? seed : 0, target(isDrawn ? seed : 0));
    }
    return targets.get(isDrawn ? seed : 0)!;
  };
  const first = await once(options["only-seed"] ?? 0);
  const train = await badInput(() => first.train(size));
  await checkMethods(settings.methods, train);
  checkSampler(settings, train.identities.length);
  display.end();
  signal.throwIfAborted();
  return {
    ...input,
    settings,
    objectives,
    engine,
    prior,
    auditor,
    target: once,
    open: (seed) =>
      openRun(`${options.out}/seed-${seed}`, {
        configuration: { what: "tables", seed },
        engine,
        versions: { ...Deno.version },
      }),
  };
}

/** Memory of a process at most, MB. */
export const MEMORY = 1600;

/** What {@linkcode scoreMethods} found. */
export interface ScoredMethods extends TableCells {
  /** The target of the first seed, for its sentences and columns. */
  target: TableTarget;
  /** Seconds of processor time of what there is. */
  seconds: { recognition: number; generation: number };
}

/**
 * Scores all methods of a study under all its seeds, or those that are not done yet.
 *
 * @param study The study.
 * @param command Name and operand of the command, for the processes of `--jobs`.
 * @returns What was scored; of the seed alone, where one was asked for.
 * @throws The signal's reason, if it fired: what was done is kept.
 *
 * @example
 * ```ts
 * import { scoreMethods } from "./table_study.ts";
 *
 * console.log(scoreMethods.length); // 2
 * ```
 */
export async function scoreMethods(
  study: TableStudy,
  command: readonly string[],
): Promise<ScoredMethods> {
  const { options, settings, signal, display } = study;
  const { jobs = 1, "only-seed": only } = options;
  const seeds = only === undefined ? settings.seeds : [only];
  if (jobs > 1 && seeds.length > 1) await inJobs(study, command, jobs);
  const found: TableCells = { cells: [], absent: {} };
  const generation = new Map<string, number>();
  const target = await study.target(seeds[0]);
  for (const seed of seeds) {
    const own = await study.target(seed);
    using run = await study.open(seed);
    const { cells, absent } = await runTable({
      ...study,
      target: own,
      seed,
      run,
      overlap: !options["no-overlap"],
      now: processorTime,
      signal,
      onStep: display.step,
    });
    found.cells.push(...cells);
    found.absent = absent;
    for (const { images } of cells) {
      if (images === undefined) continue;
      const path = run.file(images, "manifest.json");
      const { seconds = 0 } = JSON.parse(await Deno.readTextFile(path));
      generation.set(path, seconds);
    }
    await run.finish();
  }
  const sum = (values: Iterable<number>) =>
    Array.from(values).reduce((a, b) => a + b, 0);
  return {
    ...found,
    target,
    seconds: {
      recognition: sum(found.cells.map(({ seconds = 0 }) => seconds)),
      generation: sum(generation.values()),
    },
  };
}

/**
 * Threads of each process: the cores are shared out.
 *
 * @param options What was asked for.
 * @returns A number, or undefined where one process has them all.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { threadsOf } from "./table_study.ts";
 *
 * assertEquals(threadsOf({ jobs: 2, threads: 1 }), 1);
 * assertEquals(threadsOf({}), undefined);
 * ```
 */
export function threadsOf(
  { jobs = 1, threads }: { jobs?: number; threads?: number },
): number | undefined {
  if (threads !== undefined || jobs === 1) return threads;
  return Math.max(1, Math.floor(navigator.hardwareConcurrency / jobs));
}

async function inJobs(
  { settings, signal, options, say }: TableStudy,
  command: readonly string[],
  jobs: number,
): Promise<void> {
  const threads = threadsOf({ ...options, jobs })!;
  await seedJobs({
    seeds: settings.seeds,
    jobs,
    signal,
    onLine: say,
    argsOf: (seed) => [...command, ...seedArguments(options, seed, threads)],
  });
}

/** A prior that the user names has to be there; a shipped one that is not leaves its rows out. */
async function priorOf(
  number: TableNumber,
  folder: string | undefined,
): Promise<Pick<TableStudy, "prior" | "auditor">> {
  const place = folder ?? priorUrl(number === 1 ? "pedestrians" : "faces");
  try {
    return {
      prior: await loadGenerator(place),
      auditor: await loadAuditor(place),
    };
  } catch (error) {
    if (folder === undefined && error instanceof Deno.errors.NotFound) {
      return {
        prior: "No prior of this world is shipped.",
        auditor: undefined,
      };
    }
    return await badInput(() => Promise.reject(error));
  }
}

/**
 * Scores with images that are read when their turn comes: what is wrong with them is the caller's to mend.
 *
 * @param work The scoring.
 * @returns What it returns.
 * @throws {UsageError} If an image, or a set of them, cannot be used.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { UsageError } from "./options.ts";
 * import { inputFailures } from "./table_study.ts";
 *
 * const broken = () => Promise.reject(new SyntaxError("a broken image"));
 * await assertRejects(() => inputFailures(broken), UsageError, "a broken image");
 * ```
 */
export async function inputFailures<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isInput = error instanceof RangeError || error instanceof SyntaxError;
    throw isInput ? new UsageError(error.message) : error;
  }
}

/** A batch of P identities needs as many. */
function checkSampler(
  { recognizer: { sampler } }: TableSettings,
  identities: number,
): void {
  if (typeof sampler !== "object" || identities >= sampler.identities) return;
  throw new UsageError(
    `Cannot make a table as '--data' must hold at least ${sampler.identities} identities to train on, as many as are in a batch: current value is ${identities}`,
  );
}

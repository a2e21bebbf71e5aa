/**
 * The generators of a finished run, from its checkpoints.
 *
 * @module
 */
import {
  cloneParams,
  disposeParams,
  type Params,
  paramsFromArrays,
} from "../core/mod.ts";
import { readSafetensors } from "../io/mod.ts";
import { type Generator, makeGenerator } from "./generator.ts";

/** What the checkpoints do not hold. */
export interface RunGeneratorsOptions {
  /** The generator that the run started from. Borrowed. */
  prior: Generator;
  /** Names of the identities it was adapted to, in the order of their classes. */
  identities: readonly string[];
}

/** A generator of a run. */
export interface RunGenerator {
  /** What it is: `"cold start"`, `"reinforced"`, or the way of reinforcement in a study. */
  name: string;
  /** Seed of a study; absent in a run of its own. */
  seed?: number;
  /** The generator. Owned by the caller. */
  generator: Generator;
}

/** Where a cold start and what came of it lie. */
interface Place {
  seed?: number;
  coldStart: string;
  tuned: { name: string; path: string }[];
}

/**
 * Opens the generators that a run of `reproduce` or of `study-reinforce` left in its checkpoints: the cold start and what
 * was reinforced from it.
 *
 * @param run The run directory.
 * @param options Prior and names.
 * @returns The generators, one after the other: the cold start of each seed first.
 * @throws {RangeError} If the run has no checkpoint of a cold start, or they do not fit prior and names.
 * @throws {SyntaxError} If a checkpoint is damaged.
 *
 * @example
 * ```ts
 * import { loadGenerator, priorUrl, runGenerators } from "@outis/outis/stages";
 *
 * async function names(run: string, identities: string[]) {
 *   const prior = await loadGenerator(priorUrl());
 *   for await (const { name, generator } of runGenerators(run, { prior, identities })) {
 *     console.log(name); // cold start, reinforced
 *     generator.dispose();
 *   }
 * }
 * console.log(names.length); // 2
 * ```
 */
export async function* runGenerators(
  run: string,
  { prior, identities }: RunGeneratorsOptions,
): AsyncGenerator<RunGenerator> {
  const places = await placesOf(run);
  if (places.length === 0) {
    throw new RangeError(
      `Cannot open the generators of a run as '${run}' must hold the checkpoints of a cold start: current value is a folder without`,
    );
  }
  const { retired: _, ...own } = prior.config;
  const config = {
    ...own,
    dit: { ...prior.config.dit, classes: identities.length },
    identities: [...identities],
  };
  for (const { seed, coldStart, tuned } of places) {
    const decoder = await weightsOf(
      `${coldStart}/cold-start-decoder.safetensors`,
    );
    // The cold start returns the moving average of what it trained.
    const adapted = await weightsOf(
      `${coldStart}/cold-start.safetensors`,
      "optimizer/average/",
    );
    const make = (...own: Params[]): Generator => {
      const dit = cloneParams(Object.assign({}, prior.params.dit, ...own));
      const autoencoder = cloneParams({
        ...prior.params.autoencoder,
        ...decoder,
      });
      try {
        checkShapes(dit, prior.params.dit, coldStart, identities.length);
        return makeGenerator(config, { dit, autoencoder });
      } catch (error) {
        disposeParams(dit);
        disposeParams(autoencoder);
        throw error;
      }
    };
    try {
      const common = seed === undefined ? {} : { seed };
      yield { name: "cold start", ...common, generator: make(adapted!) };
      for (const { name, path } of tuned) {
        const weights = await weightsOf(path);
        try {
          yield { name, ...common, generator: make(adapted!, weights!) };
        } finally {
          disposeParams(weights!);
        }
      }
    } finally {
      disposeParams(adapted!);
      disposeParams(decoder ?? {});
    }
  }
}

async function placesOf(run: string): Promise<Place[]> {
  const single = await namesIn(`${run}/checkpoints`);
  if (single.includes("cold-start.safetensors")) {
    const path = `${run}/checkpoints/reinforce.safetensors`;
    const isTuned = single.includes("reinforce.safetensors");
    return [{
      coldStart: `${run}/checkpoints`,
      tuned: isTuned ? [{ name: "reinforced", path }] : [],
    }];
  }
  const places: Place[] = [];
  for (const name of await namesIn(run)) {
    const seed = Number(/^seed-(\d+)$/.exec(name)?.[1] ?? NaN);
    const coldStart = `${run}/${name}/cold-start`;
    const isThere = (await namesIn(coldStart)).includes(
      "cold-start.safetensors",
    );
    if (Number.isNaN(seed) || !isThere) continue;
    const arms = (await namesIn(`${run}/${name}`))
      .filter((file) =>
        file.endsWith(".safetensors") && file !== "embedder.safetensors"
      );
    const tuned = arms.map((file) => ({
      name: file.replace(".safetensors", "").replaceAll("-", " "),
      path: `${run}/${name}/${file}`,
    }));
    places.push({ seed, coldStart, tuned });
  }
  return places.sort((a, b) => a.seed! - b.seed!);
}

async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) names.push(name);
  } catch (error) {
    const { NotFound, NotADirectory } = Deno.errors;
    if (!(error instanceof NotFound || error instanceof NotADirectory)) {
      throw error;
    }
  }
  return names.sort();
}

/** What a checkpoint holds under a prefix; undefined where there is no file. */
async function weightsOf(
  path: string,
  prefix = "weights/",
): Promise<Params | undefined> {
  let file;
  try {
    file = await readSafetensors(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const chosen = Object.entries(file.tensors)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, { shape, data }]) => [
      name.slice(prefix.length),
      { shape, data: data as Float32Array },
    ]);
  return paramsFromArrays(Object.fromEntries(chosen));
}

/** All weights but the class table, which has a row for each of the run's identities, have the prior's shapes. */
function checkShapes(
  dit: Params,
  prior: Params,
  place: string,
  classes: number,
): void {
  const table = "y_embedder.embedding_table.weight";
  for (const [name, { shape }] of Object.entries(dit)) {
    const wanted = name === table
      ? [classes + 1, prior[table].shape[1]]
      : prior[name]?.shape;
    if (String(shape) === String(wanted)) continue;
    throw new RangeError(
      `Cannot open the generators of a run as '${name}' of '${place}' must be of shape [${
        wanted ?? "none"
      }], as prior and identities say: current value is [${shape}]`,
    );
  }
}

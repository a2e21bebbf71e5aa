/**
 * Generators in folders: one configuration, weights in shards.
 *
 * @module
 */
import {
  arraysFromParams,
  checkOneOf,
  disposeParams,
  type Params,
  paramsFromArrays,
  writeAtomic,
} from "../core/mod.ts";
import {
  decodeSafetensors,
  type SafetensorsTensor,
  writeSafetensors,
} from "../io/mod.ts";
import {
  type Generator,
  type GeneratorConfig,
  makeGenerator,
} from "./generator.ts";
import { type WorldName, WORLDS } from "./render_person.ts";

/** Options of {@linkcode saveGenerator}. */
export interface SaveGeneratorOptions {
  /**
   * Numbers in the files. `"F16"` halves them; the values are rounded to 11 bits.
   *
   * @default {"F32"}
   */
  dtype?: "F32" | "F16";
  /**
   * File of the autoencoder's weights, relative to the folder, so that generators may share one.
   *
   * @default none: they lie in the folder's own files
   */
  autoencoderFile?: string;
}

/** Largest shard, bytes: JSR takes no file above 4 MB. */
const SHARD_BYTES = 3_500_000;
const CONFIG_FILE = "generator.json";

/**
 * Writes a generator as a folder: `generator.json` and `weights-<n>.safetensors`, and the autoencoder's file where it has
 * one.
 *
 * @param folder Where to; made if missing.
 * @param generator What to write.
 * @param options Precision of the files.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { loadGenerator, priorUrl, saveGenerator } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const prior = await loadGenerator(priorUrl());
 * const folder = await Deno.makeTempDir();
 * await saveGenerator(folder, prior, { dtype: "F16" });
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function saveGenerator(
  folder: string,
  generator: Pick<Generator, "config" | "params">,
  options: SaveGeneratorOptions = {},
): Promise<void> {
  const { dtype = "F32", autoencoderFile } = options;
  const { params, config } = generator;
  const autoencoder = prefixed("autoencoder/", params.autoencoder);
  const shared = autoencoderFile !== undefined;
  const arrays = await arraysFromParams({
    ...(!shared && autoencoder),
    ...prefixed("dit/", params.dit),
  });
  const shards: Record<string, typeof arrays[string]>[] = [{}];
  let size = 0;
  for (const [name, array] of Object.entries(arrays)) {
    const bytes = array.data.length * (dtype === "F16" ? 2 : 4);
    if (size > 0 && size + bytes > SHARD_BYTES) {
      shards.push({});
      size = 0;
    }
    shards[shards.length - 1][name] = array;
    size += bytes;
  }
  await Deno.mkdir(folder, { recursive: true });
  // First, so that an earlier generator's configuration never stands beside this one's weights.
  await removeIfThere(`${folder}/${CONFIG_FILE}`);
  if (shared) {
    const weights = await arraysFromParams(autoencoder);
    await writeSafetensors(`${folder}/${autoencoderFile}`, weights, { dtype });
  }
  for (const [i, shard] of shards.entries()) {
    await writeSafetensors(`${folder}/${shardName(i)}`, shard, { dtype });
  }
  // Last, so that a folder with a configuration is a whole one.
  const head = {
    ...config,
    shards: shards.length,
    values: countAll(arrays),
    ...(shared && { autoencoderFile }),
  };
  const text = JSON.stringify(head, null, 2);
  await writeAtomic(`${folder}/${CONFIG_FILE}`, text + "\n");
}

function countAll(arrays: { [name: string]: { data: ArrayLike<unknown> } }) {
  return Object.values(arrays).reduce((sum, { data }) => sum + data.length, 0);
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/**
 * Reads a generator from a folder.
 *
 * @param folder Path, or a URL (`file:` or what the package itself was imported from).
 * @returns The generator. To be disposed by the caller.
 * @throws {Error} If there is no generator, it is of another schema, or some of its weights are missing.
 * @throws {SyntaxError} If a file is damaged.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { loadGenerator, priorUrl } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const prior = await loadGenerator(priorUrl());
 * console.log(prior.config.identities.length); // 1000
 * ```
 */
export async function loadGenerator(folder: string | URL): Promise<Generator> {
  const text = new TextDecoder().decode(await readFrom(folder, CONFIG_FILE));
  const { shards, values, autoencoderFile, ...config } = JSON.parse(text) as
    & GeneratorConfig
    & { shards: number; values?: number; autoencoderFile?: string };
  if (config.schema !== 1) {
    throw new Error(
      `Cannot load a generator as 'schema' must be 1: current value is ${config.schema}`,
    );
  }
  const params: { autoencoder: Params; dit: Params } = {
    autoencoder: {},
    dit: {},
  };
  let found = 0;
  try {
    if (autoencoderFile !== undefined) {
      const bytes = await readFrom(folder, autoencoderFile);
      const { tensors } = decodeSafetensors(bytes, autoencoderFile);
      params.autoencoder = unprefixed("autoencoder/", tensors);
    }
    for (let i = 0; i < shards; i++) {
      const bytes = await readFrom(folder, shardName(i));
      const { tensors } = decodeSafetensors(bytes, shardName(i));
      // Shard by shard, so that a large generator is never in memory twice.
      Object.assign(params.autoencoder, unprefixed("autoencoder/", tensors));
      Object.assign(params.dit, unprefixed("dit/", tensors));
      found += countAll(tensors);
    }
    if (values !== undefined && found !== values) {
      throw new Error(
        `Cannot load a generator as '${folder}' must hold ${values} weights: current value is ${found}`,
      );
    }
    return makeGenerator(config, params);
  } catch (error) {
    disposeParams(params.autoencoder);
    disposeParams(params.dit);
    throw error;
  }
}

/**
 * Where a shipped prior is: beside the package's sources, on disk or on the net.
 *
 * @param world Whose: faces of 64 x 64 or pedestrians of 64 x 32.
 * @returns A folder, as {@linkcode loadGenerator} takes it.
 * @throws {RangeError} If there is no such world.
 *
 * @example
 * ```ts
 * import { priorUrl } from "@outis/outis/stages";
 *
 * console.log(priorUrl("pedestrians").pathname.endsWith("/data/prior/pedestrians/")); // true
 * ```
 */
export function priorUrl(world: WorldName = "faces"): URL {
  checkOneOf("find a prior", "world", world, WORLDS);
  const place = world === "faces" ? "" : `${world}/`;
  return new URL(`../../data/prior/${place}`, import.meta.url);
}

function shardName(index: number): string {
  return `weights-${index}.safetensors`;
}

/**
 * Reads a file of a folder that may be on the net.
 *
 * @param folder Path or URL.
 * @param name Name of the file.
 * @returns Its content.
 * @throws {Error} If there is no such file, or the server does not give it.
 *
 * @example
 * ```ts
 * import { priorUrl } from "@outis/outis/stages";
 * import { readFrom } from "./generator_files.ts";
 *
 * const bytes = await readFrom(priorUrl(), "generator.json");
 * console.log(JSON.parse(new TextDecoder().decode(bytes)).schema); // 1
 * ```
 */
export async function readFrom(
  folder: string | URL,
  name: string,
): Promise<Uint8Array> {
  // Without the slash, a URL's last name would be replaced, not entered.
  const path = folder instanceof URL
    ? new URL(name, folder.href.replace(/\/*$/, "/"))
    : `${folder}/${name}`;
  if (typeof path === "string" || path.protocol === "file:") {
    try {
      return await Deno.readFile(path);
    } catch (error) {
      const { NotFound, NotADirectory } = Deno.errors;
      if (!(error instanceof NotFound || error instanceof NotADirectory)) {
        throw error;
      }
      throw new Error(
        `Cannot load a generator as '${folder}' must be a folder with ${name}: there is none`,
      );
    }
  }
  const response = await fetch(path);
  if (!response.ok) {
    throw new Error(
      `Cannot load a generator as '${response.url}' must be readable: the server answered ${response.status}`,
    );
  }
  return new Uint8Array(await response.arrayBuffer());
}

function prefixed(prefix: string, params: Params): Params {
  return Object.fromEntries(
    Object.entries(params).map(([name, tensor]) => [prefix + name, tensor]),
  );
}

function unprefixed(
  prefix: string,
  tensors: { [name: string]: SafetensorsTensor },
): Params {
  const chosen = Object.entries(tensors)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, { shape, data }]) => [
      name.slice(prefix.length),
      { shape, data: data as Float32Array },
    ]);
  return paramsFromArrays(Object.fromEntries(chosen));
}

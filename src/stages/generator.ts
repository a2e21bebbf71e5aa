/**
 * A generator: autoencoder, diffusion transformer, noise schedule, and the identities its classes stand for.
 *
 * @module
 */
import { jit, tf } from "../engine/mod.ts";
import {
  arraysFromParams,
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
  type Autoencoder,
  autoencoder,
  type AutoencoderConfig,
  autoencoderKl,
  type AutoencoderKlConfig,
  type Dit,
  dit,
  type DitConfig,
} from "../models/mod.ts";
import {
  type DiffusionSchedule,
  diffusionSchedule,
  type Prediction,
} from "../diffusion/mod.ts";
import type { PrivacyRecord } from "./privacy_plan.ts";

/** Everything about a generator but its weights. */
export interface GeneratorConfig {
  /** Version of this record. */
  schema: 1;
  /** Sizes of the autoencoder, the small one's or, of `kind` "kl", Stable Diffusion's. */
  autoencoder: AutoencoderConfig | AutoencoderKlConfig;
  /** Sizes of the transformer. */
  dit: DitConfig;
  /** Kind of noise schedule, and what the transformer predicts. */
  diffusion: {
    kind: "linear" | "cosine";
    steps: number;
    prediction: Prediction;
  };
  /** What the classes stand for, in the order of their numbers; may be empty where nobody needs names. */
  identities: string[];
  /**
   * Classes whose person has withdrawn: their rows are zero, and they are not generated.
   *
   * @default {none}
   */
  retired?: number[];
  /** What a differentially private cold start has promised; stages that use real images afterwards drop it. */
  privacy?: PrivacyRecord;
}

/** A generator with its weights. Stages return new ones and leave the old alone. */
export interface Generator {
  /** Sizes, schedule, identities. */
  config: GeneratorConfig;
  /** The network between images and latents. */
  autoencoder: Autoencoder;
  /** The denoiser. */
  dit: Dit;
  /** The noise schedule. */
  schedule: DiffusionSchedule;
  /** Weights of both networks. Owned by the generator. */
  params: { autoencoder: Params; dit: Params };
  /** Images `[B, H, W, 3]` to scaled latents, jitted. */
  encode: (images: tf.Tensor4D) => tf.Tensor4D;
  /** Scaled latents to images in [-1, 1], clipped, jitted. */
  decode: (latents: tf.Tensor4D) => tf.Tensor4D;
  /** Frees weights and traces. */
  dispose: () => void;
}

/**
 * Puts a generator together.
 *
 * @param config Sizes, schedule, identities.
 * @param params Weights of both networks. Taken over.
 * @returns The generator. To be disposed by the caller.
 * @throws {RangeError} If sizes do not fit together.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import { autoencoder, dit, smallAutoencoder, smallDit } from "@outis/outis/models";
 * import { makeGenerator } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const vae = autoencoder(smallAutoencoder());
 * const denoiser = dit(smallDit({ classes: 2 }));
 * const generator = makeGenerator({
 *   schema: 1,
 *   autoencoder: vae.config,
 *   dit: denoiser.config,
 *   diffusion: { kind: "cosine", steps: 1000, prediction: "velocity" },
 *   identities: ["ada", "bo"],
 * }, {
 *   autoencoder: vae.init(randomStream(1)),
 *   dit: denoiser.init(randomStream(2)),
 * });
 * generator.dispose();
 * ```
 */
export function makeGenerator(
  config: GeneratorConfig,
  params: { autoencoder: Params; dit: Params },
): Generator {
  const vae: Autoencoder = config.autoencoder.kind === "kl"
    ? autoencoderKl(config.autoencoder)
    : autoencoder(config.autoencoder);
  const encode = jit((weights: Params, images: tf.Tensor4D) =>
    vae.encode(weights, images)
  );
  const decode = jit((weights: Params, latents: tf.Tensor4D) =>
    tf.clipByValue(vae.decode(weights, latents), -1, 1) as tf.Tensor4D
  );
  return {
    config,
    autoencoder: vae,
    dit: dit(config.dit),
    schedule: diffusionSchedule(config.diffusion),
    params,
    encode: (images) => encode(params.autoencoder, images),
    decode: (latents) => decode(params.autoencoder, latents),
    dispose() {
      disposeParams(params.autoencoder);
      disposeParams(params.dit);
      encode.dispose();
      decode.dispose();
    },
  };
}

/** Options of {@linkcode saveGenerator}. */
export interface SaveGeneratorOptions {
  /**
   * Numbers in the files. `"F16"` halves them; the values are rounded to 11 bits.
   *
   * @default {"F32"}
   */
  dtype?: "F32" | "F16";
}

/** Largest shard, bytes: JSR takes no file above 4 MB. */
const SHARD_BYTES = 3_500_000;
const CONFIG_FILE = "generator.json";

/**
 * Writes a generator as a folder: `generator.json` and `weights-<n>.safetensors`.
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
  const { dtype = "F32" } = options;
  const { params, config } = generator;
  const arrays = await arraysFromParams({
    ...prefixed("autoencoder/", params.autoencoder),
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
  for (const [i, shard] of shards.entries()) {
    await writeSafetensors(`${folder}/${shardName(i)}`, shard, { dtype });
  }
  // Last, so that a folder with a configuration is a whole one.
  const head = { ...config, shards: shards.length, values: countAll(arrays) };
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
 * console.log(prior.config.identities.length); // 800
 * ```
 */
export async function loadGenerator(folder: string | URL): Promise<Generator> {
  const text = new TextDecoder().decode(await readFrom(folder, CONFIG_FILE));
  const { shards, values, ...config } = JSON.parse(text) as
    & GeneratorConfig
    & { shards: number; values?: number };
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
 * Where the shipped prior is: beside the package's sources, on disk or on the net.
 *
 * @returns A folder, as {@linkcode loadGenerator} takes it.
 *
 * @example
 * ```ts
 * import { priorUrl } from "@outis/outis/stages";
 *
 * console.log(priorUrl().pathname.endsWith("/data/prior/")); // true
 * ```
 */
export function priorUrl(): URL {
  return new URL("../../data/prior/", import.meta.url);
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
 * import { readFrom } from "./generator.ts";
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

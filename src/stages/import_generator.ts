/**
 * A generator from published weights.
 *
 * @module
 */
import { disposeParams, type Params } from "../core/mod.ts";
import { openWeights, type WeightsFile } from "../io/mod.ts";
import {
  type AutoencoderKl,
  autoencoderKl,
  type AutoencoderKlConfig,
  autoencoderKlNames,
  diffusersDitNames,
  type Dit,
  dit,
  type DitConfig,
  ditConfigFrom,
  ditNames,
  latentDiffusionNames,
  type NameScheme,
  oldAutoencoderKlNames,
  stableDiffusionAutoencoder,
} from "../models/mod.ts";
import { type Generator, makeGenerator } from "./generator.ts";
import { loadWeights } from "./load_weights.ts";

/** Options of {@linkcode importGenerator}. */
export interface ImportGeneratorOptions {
  /** File of a DiT's weights: the original's or diffusers' names, any format that `openWeights` reads. */
  dit: string;
  /** File of Stable Diffusion's autoencoder: diffusers' names, new or old, or the original ones. */
  autoencoder: string;
  /**
   * Which weights of the transformer's file, where there are several: `model`, `ema`.
   *
   * @default the only ones there are
   */
  group?: string;
  /**
   * Height of the images, pixels, where it is not what the transformer was trained with; its positions are computed anew.
   *
   * @default {8 times the transformer's grid}
   */
  height?: number;
  /**
   * Width of the images, pixels.
   *
   * @default {8 times the transformer's grid}
   */
  width?: number;
  /** What the classes stand for, by number. @default {[]} */
  identities?: string[];
  /** Sizes of the transformer that its weights' shapes do not tell, or tell wrongly: heads. */
  ditSizes?: Partial<DitConfig>;
  /** Sizes of the autoencoder that differ from Stable Diffusion's. */
  autoencoderSizes?: Partial<AutoencoderKlConfig>;
  /** Called after every weight. */
  onProgress?: (
    part: "dit" | "autoencoder",
    done: number,
    total: number,
  ) => void;
  /** Stops the reading. */
  signal?: AbortSignal;
}

/**
 * Puts a generator together from a published DiT and the autoencoder its latents are made with: the noise schedule is
 * DiT's (linear, 1000 steps, noise predicted), the scale of the latents 0.18215.
 *
 * `saveGenerator` makes of it a folder that `loadGenerator` and `outis reproduce --prior` take.
 *
 * @param options The two files, and what they do not tell.
 * @returns The generator. To be disposed by the caller.
 * @throws {TypeError} If a file does not hold the weights it should, every name and shape that is wrong in one message.
 * @throws {SyntaxError} If a file is damaged.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import {
 *   autoencoderKl,
 *   autoencoderKlNames,
 *   dit,
 *   ditNames,
 *   ditS8,
 *   stableDiffusionAutoencoder,
 * } from "@outis/outis/models";
 * import { importGenerator, saveWeights } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * // In the place of DiT-XL-2-256x256.pt and sd-vae-ft-mse: the same, small and untrained.
 * const folder = await Deno.makeTempDir();
 * const denoiser = dit(ditS8({ depth: 1, classes: 5 }));
 * const sizes = { widths: [4, 4, 4, 4], groups: 2, blocks: 1 };
 * const vae = autoencoderKl(stableDiffusionAutoencoder(sizes));
 * const files = { dit: `${folder}/dit.safetensors`, autoencoder: `${folder}/vae.safetensors` };
 * await saveWeights(files.dit, denoiser.init(randomStream(1)), ditNames(denoiser.config, denoiser.shapes));
 * await saveWeights(files.autoencoder, vae.init(randomStream(2)), autoencoderKlNames(vae.shapes));
 *
 * const generator = await importGenerator({ ...files, autoencoderSizes: sizes });
 * console.log(generator.config.dit.classes, generator.autoencoder.latentShape); // 5, [32, 32, 4]
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function importGenerator(
  options: ImportGeneratorOptions,
): Promise<Generator> {
  const { identities = [], onProgress, signal } = options;
  using ditFile = await openWeights(options.dit, { group: options.group });
  using vaeFile = await openWeights(options.autoencoder);
  const denoiser = ditOf(ditFile, options);
  const vae = autoencoderKl(stableDiffusionAutoencoder({
    height: 8 * denoiser.config.height,
    width: 8 * denoiser.config.width,
    latentChannels: denoiser.config.channels,
    ...options.autoencoderSizes,
  }));
  const load = (
    part: "dit" | "autoencoder",
    file: WeightsFile,
    model: Dit | AutoencoderKl,
    scheme: NameScheme,
  ): Promise<Params> =>
    loadWeights(file, model, scheme, {
      source: options[part],
      onProgress: (done, total) => onProgress?.(part, done, total),
      signal,
    });
  // The small one first: what is wrong with it is known before the large one is read.
  const autoencoder = await load(
    "autoencoder",
    vaeFile,
    vae,
    autoencoderScheme(vaeFile, vae),
  );
  try {
    const scheme = ditScheme(ditFile, denoiser);
    const params = {
      autoencoder,
      dit: await load("dit", ditFile, denoiser, scheme),
    };
    return makeGenerator({
      schema: 1,
      autoencoder: vae.config,
      dit: denoiser.config,
      diffusion: { kind: "linear", steps: 1000, prediction: "noise" },
      identities,
    }, params);
  } catch (error) {
    disposeParams(autoencoder);
    throw error;
  }
}

/** The transformer whose weights a file holds, for images of the wished size. */
function ditOf(file: WeightsFile, options: ImportGeneratorOptions): Dit {
  const { height, width, ditSizes } = options;
  const config = ditConfigFrom(file.entries, ditSizes);
  return dit({
    ...config,
    ...(height === undefined ? {} : { height: height / 8 }),
    ...(width === undefined ? {} : { width: width / 8 }),
  });
}

function ditScheme(file: WeightsFile, { config, shapes }: Dit): NameScheme {
  if (has(file, "pos_embed.proj.weight")) {
    return diffusersDitNames(config, shapes);
  }
  const scheme = ditNames(config, shapes);
  const positions = file.entries.find(({ name }) => name === "pos_embed");
  const tokens = config.height * config.width / config.patch ** 2;
  if (positions === undefined || positions.shape[1] === tokens) return scheme;
  // Another grid than it was trained with: the positions are fixed numbers, computed for any.
  return {
    ...scheme,
    constants: undefined,
    ignored: (name) => name === "pos_embed",
  };
}

function autoencoderScheme(
  file: WeightsFile,
  { shapes }: AutoencoderKl,
): NameScheme {
  const prefix = "first_stage_model.";
  if (has(file, `${prefix}encoder.conv_in.weight`)) {
    return latentDiffusionNames(shapes, { prefix });
  }
  if (has(file, "encoder.down.0.block.0.conv1.weight")) {
    return latentDiffusionNames(shapes);
  }
  return has(file, "encoder.mid_block.attentions.0.query.weight")
    ? oldAutoencoderKlNames(shapes)
    : autoencoderKlNames(shapes);
}

function has(file: WeightsFile, name: string): boolean {
  return file.entries.some((entry) => entry.name === name);
}

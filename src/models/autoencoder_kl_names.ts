/**
 * The names of Stable Diffusion's autoencoder in published checkpoints.
 *
 * @module
 */
import type { WeightShapes } from "../nn/mod.ts";
import { type NameScheme, pytorchNames } from "./weight_names.ts";

/**
 * diffusers' names (`AutoencoderKL`), which are ours.
 *
 * @param shapes Shapes of the weights.
 * @returns The scheme.
 *
 * @example
 * ```ts
 * import { autoencoderKl, autoencoderKlNames, stableDiffusionAutoencoder } from "@outis/outis/models";
 *
 * const { shapes } = autoencoderKl(stableDiffusionAutoencoder());
 * console.log(autoencoderKlNames(shapes).layout("quant_conv.weight")); // conv
 * ```
 */
export function autoencoderKlNames(shapes: WeightShapes): NameScheme {
  return pytorchNames({ name: "diffusers AutoencoderKL", shapes });
}

/**
 * diffusers' names before version 0.15, in which most published files are: attention is called otherwise.
 *
 * @param shapes Shapes of the weights.
 * @returns The scheme.
 *
 * @example
 * ```ts
 * import { autoencoderKl, oldAutoencoderKlNames, stableDiffusionAutoencoder } from "@outis/outis/models";
 *
 * const { shapes } = autoencoderKl(stableDiffusionAutoencoder());
 * const name = "decoder.mid_block.attentions.0.to_q.weight";
 * console.log(oldAutoencoderKlNames(shapes).toTheirs(name)); // decoder.mid_block.attentions.0.query.weight
 * ```
 */
export function oldAutoencoderKlNames(shapes: WeightShapes): NameScheme {
  return pytorchNames({
    name: "diffusers AutoencoderKL before 0.15",
    shapes,
    rename: (name) =>
      name
        .replace(".to_q.", ".query.")
        .replace(".to_k.", ".key.")
        .replace(".to_v.", ".value.")
        .replace(".to_out.0.", ".proj_attn."),
  });
}

/** Options of {@linkcode latentDiffusionNames}. */
export interface LatentDiffusionNamesOptions {
  /**
   * What stands before every name: `first_stage_model.` in a whole Stable Diffusion checkpoint, nothing in that of the
   * autoencoder alone. All other names are passed over: the text encoder, the denoiser, what only training needed.
   *
   * @default {""}
   */
  prefix?: string;
}

/**
 * The original names, of latent diffusion: `first_stage_model.` in Stable Diffusion's checkpoints, without a prefix in
 * those of sd-vae-ft-mse and -ema. Attention's dense layers are convolutions of one pixel there, and the decoder's parts
 * are counted from the largest size.
 *
 * @param shapes Shapes of the weights.
 * @param options What stands before the names.
 * @returns The scheme.
 *
 * @example
 * ```ts
 * import { autoencoderKl, latentDiffusionNames, stableDiffusionAutoencoder } from "@outis/outis/models";
 *
 * const { shapes } = autoencoderKl(stableDiffusionAutoencoder());
 * const scheme = latentDiffusionNames(shapes, { prefix: "first_stage_model." });
 * console.log(scheme.toTheirs("decoder.up_blocks.0.resnets.0.norm1.bias"));
 * // first_stage_model.decoder.up.3.block.0.norm1.bias
 * ```
 */
export function latentDiffusionNames(
  shapes: WeightShapes,
  options: LatentDiffusionNamesOptions = {},
): NameScheme {
  const { prefix = "" } = options;
  const blocks = Object.keys(shapes)
    .map((name) =>
      Number(/^decoder\.up_blocks\.(\d+)\./.exec(name)?.[1] ?? -1)
    );
  const last = blocks.reduce((most, block) => Math.max(most, block), -1);
  const scheme = pytorchNames({
    name: "latent diffusion's first stage",
    shapes,
    rename: (name) => prefix + originalName(name, last),
    ignored: (name) =>
      !/^(encoder|decoder|quant_conv|post_quant_conv)\./.test(
        name.startsWith(prefix) ? name.slice(prefix.length) : "",
      ),
  });
  return {
    ...scheme,
    layout: (name) =>
      /\.attentions\.0\.to_.*weight$/.test(name)
        ? "pointwise"
        : scheme.layout(name),
  };
}

function originalName(name: string, lastUp: number): string {
  return name
    .replace(/\.down_blocks\.(\d+)\.resnets\./, ".down.$1.block.")
    .replace(/\.down_blocks\.(\d+)\.downsamplers\.0\./, ".down.$1.downsample.")
    .replace(
      /\.up_blocks\.(\d+)\.(resnets|upsamplers)\./,
      (_, block, part) =>
        `.up.${lastUp - Number(block)}.${
          part === "resnets" ? "block" : "upsample"
        }.`,
    )
    .replace(".upsample.0.", ".upsample.")
    .replace(".conv_shortcut.", ".nin_shortcut.")
    .replace(".mid_block.resnets.0.", ".mid.block_1.")
    .replace(".mid_block.resnets.1.", ".mid.block_2.")
    .replace(".mid_block.attentions.0.", ".mid.attn_1.")
    .replace(".group_norm.", ".norm.")
    .replace(/\.to_([qkv])\./, ".$1.")
    .replace(".to_out.0.", ".proj_out.")
    .replace(".conv_norm_out.", ".norm_out.");
}

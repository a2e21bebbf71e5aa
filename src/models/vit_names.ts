/**
 * The names of published vision transformers.
 *
 * @module
 */
import type { WeightShapes } from "../nn/mod.ts";
import type { VitConfig } from "./vit_sizes.ts";
import { type NameScheme, pytorchNames } from "./weight_names.ts";

/**
 * timm's names, which are ours; the classifier of a file is passed over by a network without one.
 *
 * @param config Sizes of the network.
 * @param shapes Shapes of its weights.
 * @returns The scheme.
 *
 * @example
 * ```ts
 * import { timmVitNames, vit, vitB16 } from "@outis/outis/models";
 *
 * const { config, shapes } = vit(vitB16());
 * console.log(timmVitNames(config, shapes).layout("blocks.0.attn.qkv.weight")); // dense
 * ```
 */
export function timmVitNames(
  config: VitConfig,
  shapes: WeightShapes,
): NameScheme {
  return pytorchNames({
    name: "timm's vision transformer",
    shapes,
    ignored: (name) => config.classes === 0 && /^head\./.test(name),
  });
}

/** torchvision's names by ours, inside a block and outside. */
const IN_BLOCK: readonly (readonly [string, string])[] = [
  ["norm1.", "ln_1."],
  ["norm2.", "ln_2."],
  ["attn.qkv.", "self_attention.in_proj_"],
  ["attn.proj.", "self_attention.out_proj."],
  ["mlp.fc1.", "mlp.0."],
  ["mlp.fc2.", "mlp.3."],
];
const OUTSIDE: readonly (readonly [string, string])[] = [
  ["cls_token", "class_token"],
  ["pos_embed", "encoder.pos_embedding"],
  ["patch_embed.proj.", "conv_proj."],
  ["norm.", "encoder.ln."],
  ["head.", "heads.head."],
];

/**
 * torchvision's names: queries, keys and values of `nn.MultiheadAttention` lie behind each other as ours do.
 *
 * @param config Sizes of the network.
 * @param shapes Shapes of its weights.
 * @returns The scheme.
 *
 * @example
 * ```ts
 * import { torchvisionVitNames, vit, vitB16 } from "@outis/outis/models";
 *
 * const { config, shapes } = vit(vitB16());
 * const scheme = torchvisionVitNames(config, shapes);
 * console.log(scheme.toTheirs("blocks.3.norm1.bias")); // encoder.layers.encoder_layer_3.ln_1.bias
 * ```
 */
export function torchvisionVitNames(
  config: VitConfig,
  shapes: WeightShapes,
): NameScheme {
  return pytorchNames({
    name: "torchvision's vision transformer",
    shapes,
    rename: toTorchvision,
    ignored: (name) => config.classes === 0 && /^heads\.head\./.test(name),
  });
}

function toTorchvision(name: string): string {
  const block = /^blocks\.(\d+)\.(.+)$/.exec(name);
  if (block === null) return renamed(name, OUTSIDE);
  const [, number, rest] = block;
  return `encoder.layers.encoder_layer_${number}.${renamed(rest, IN_BLOCK)}`;
}

function renamed(
  name: string,
  table: readonly (readonly [string, string])[],
): string {
  const entry = table.find(([ours]) => name.startsWith(ours));
  return entry === undefined ? name : entry[1] + name.slice(entry[0].length);
}

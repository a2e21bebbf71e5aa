/**
 * The names of published diffusion transformers.
 *
 * @module
 */
import type { WeightShapes } from "../nn/mod.ts";
import { DIT_SIZES, type DitConfig } from "./dit_sizes.ts";
import { positionValues } from "./sinusoids.ts";
import { type NameScheme, pytorchNames } from "./weight_names.ts";

/**
 * The original checkpoints' names, which are ours; the fixed positions are in the file, too.
 *
 * @param config Sizes of the transformer.
 * @param shapes Shapes of its weights.
 * @returns The scheme.
 *
 * @example
 * ```ts
 * import { dit, ditNames, smallDit } from "@outis/outis/models";
 *
 * const { config, shapes } = dit(smallDit());
 * console.log(ditNames(config, shapes).layout("x_embedder.proj.weight")); // conv
 * ```
 */
export function ditNames(config: DitConfig, shapes: WeightShapes): NameScheme {
  const { height, width, patch, hidden } = config;
  const [rows, columns] = [height / patch, width / patch];
  return pytorchNames({
    name: "DiT",
    shapes,
    constants: () => ({
      pos_embed: {
        shape: [1, rows * columns, hidden],
        data: positionValues(rows, columns, hidden),
      },
    }),
  });
}

/** Their names by ours, inside a block and outside. */
const IN_BLOCK: { [ours: string]: string } = {
  "adaLN_modulation.1": "norm1.linear",
  "attn.proj": "attn1.to_out.0",
  "mlp.fc1": "ff.net.0.proj",
  "mlp.fc2": "ff.net.2",
};
const OUTSIDE: { [ours: string]: string } = {
  "x_embedder.proj": "pos_embed.proj",
  "final_layer.adaLN_modulation.1": "proj_out_1",
  "final_layer.linear": "proj_out_2",
};
/** What diffusers keeps a copy of in every block. */
const IN_EVERY_BLOCK: { [ours: string]: string } = {
  "t_embedder.mlp.0": "timestep_embedder.linear_1",
  "t_embedder.mlp.2": "timestep_embedder.linear_2",
  "y_embedder.embedding_table": "class_embedder.embedding_table",
};

/**
 * diffusers' names (`DiTTransformer2DModel`, before that `Transformer2DModel`): queries, keys and values apart, and a
 * copy of the embeddings of time and class in every block.
 *
 * @param config Sizes of the transformer.
 * @param shapes Shapes of its weights.
 * @returns The scheme.
 *
 * @example
 * ```ts
 * import { diffusersDitNames, dit, smallDit } from "@outis/outis/models";
 *
 * const { config, shapes } = dit(smallDit());
 * const scheme = diffusersDitNames(config, shapes);
 * console.log(scheme.toTheirs("final_layer.linear.bias")); // proj_out_2.bias
 * ```
 */
export function diffusersDitNames(
  config: DitConfig,
  shapes: WeightShapes,
): NameScheme {
  const { depth } = config;
  function toTheirs(ourName: string): string | string[] {
    const dot = ourName.lastIndexOf(".");
    const [layer, kind] = [ourName.slice(0, dot), ourName.slice(dot + 1)];
    if (layer in OUTSIDE) return `${OUTSIDE[layer]}.${kind}`;
    if (layer in IN_EVERY_BLOCK) {
      return Array.from(
        { length: depth },
        (_, i) =>
          `transformer_blocks.${i}.norm1.emb.${IN_EVERY_BLOCK[layer]}.${kind}`,
      );
    }
    const [, index, part] = /^blocks\.(\d+)\.(.+)$/.exec(layer) ?? [];
    const block = `transformer_blocks.${index}`;
    if (part === "attn.qkv") {
      return ["q", "k", "v"].map((one) => `${block}.attn1.to_${one}.${kind}`);
    }
    return `${block}.${IN_BLOCK[part] ?? part}.${kind}`;
  }
  const ours = new Map<string, string>();
  for (const ourName of Object.keys(shapes)) {
    for (const theirName of [toTheirs(ourName)].flat()) {
      ours.set(theirName, ourName);
    }
  }
  return {
    name: "diffusers DiT",
    toOurs: (theirName) => ours.get(theirName),
    toTheirs,
    layout: pytorchNames({ name: "", shapes }).layout,
    several: (ourName) => ourName.includes(".attn.qkv.") ? "parts" : "copies",
    // Fixed positions, which some versions keep in the file.
    ignored: (name) => name === "pos_embed.pos_embed",
  };
}

/**
 * The sizes of a transformer from the shapes in its checkpoint, the original's or diffusers'.
 *
 * The number of heads is no tensor's shape: it is that of the published size with this width, else one per 64 channels.
 * Height and width are no weights' shape either; the checkpoint's positions, where it has them, are square.
 *
 * @param entries Names and shapes of the checkpoint.
 * @param options Sizes that are known: height, width, heads.
 * @returns All sizes; the number of classes is the class table's rows without the null class.
 * @throws {TypeError} If there is no diffusion transformer in it.
 *
 * @example
 * ```ts
 * import { ditConfigFrom } from "@outis/outis/models";
 *
 * const { hidden, heads, classes } = ditConfigFrom([
 *   { name: "x_embedder.proj.weight", shape: [384, 4, 2, 2] },
 *   { name: "y_embedder.embedding_table.weight", shape: [11, 384] },
 *   { name: "final_layer.linear.weight", shape: [32, 384] },
 *   { name: "blocks.0.attn.qkv.bias", shape: [1152] },
 * ]);
 * console.log(hidden, heads, classes); // 384, 6, 10
 * ```
 */
export function ditConfigFrom(
  entries: readonly { name: string; shape: readonly number[] }[],
  options: Partial<DitConfig> = {},
): DitConfig {
  const found = new Map(entries.map(({ name, shape }) => [name, shape]));
  const shapeOf = (...names: string[]) => {
    for (const name of names) {
      const shape = found.get(name);
      if (shape !== undefined) return shape;
    }
    throw new TypeError(
      `Cannot load a DiT as the file must hold ${
        names.join(" or ")
      }: there is none among its ${entries.length} tensors`,
    );
  };
  const [hidden, channels, patch] = shapeOf(
    "x_embedder.proj.weight",
    "pos_embed.proj.weight",
  );
  const [rows] = shapeOf(
    "y_embedder.embedding_table.weight",
    "transformer_blocks.0.norm1.emb.class_embedder.embedding_table.weight",
  );
  const [outputs] = shapeOf("final_layer.linear.weight", "proj_out_2.weight");
  const numbers = entries.map(({ name }) =>
    Number(/^(?:transformer_)?blocks\.(\d+)\./.exec(name)?.[1] ?? -1)
  );
  const known = Object.values(DIT_SIZES).find((size) => size.hidden === hidden);
  const tokens = found.get("pos_embed")?.[1];
  const side = tokens === undefined ? 32 : patch * Math.sqrt(tokens);
  return {
    height: side,
    width: side,
    channels,
    patch,
    hidden,
    depth: numbers.reduce((most, number) => Math.max(most, number), -1) + 1,
    heads: known?.heads ?? Math.max(1, hidden / 64),
    classes: rows - 1,
    learnSigma: outputs === 2 * channels * patch * patch,
    ...options,
  };
}

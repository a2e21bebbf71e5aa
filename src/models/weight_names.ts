/**
 * What published checkpoints call the weights of our models, and in which order of axes they store them.
 *
 * @module
 */
/**
 * How a tensor of a checkpoint lies against ours.
 *
 * - `"same"`: as ours, as vectors and tables are.
 * - `"dense"`: `[out, in]` for our `[in, out]`.
 * - `"conv"`: `[out, in, height, width]` for our `[height, width, in, out]`.
 * - `"pointwise"`: a convolution of one pixel, `[out, in, 1, 1]`, for our `[in, out]`.
 */
export type WeightLayout = "same" | "dense" | "conv" | "pointwise";

/** A tensor of a checkpoint that is no weight of ours. */
export interface FixedTensor {
  /** Length along each axis. */
  shape: number[];
  /** Values in row-major order; integers are counters. */
  data: Float32Array | BigInt64Array;
}

/** The names of one kind of checkpoint for the weights of one model. */
export interface NameScheme {
  /** Whose names they are, as in "diffusers DiT"; for messages. */
  name: string;
  /** Our name for one of theirs; nothing where no weight of ours has that name. */
  toOurs: (name: string) => string | undefined;
  /** Their name for one of ours; a list where several tensors of theirs make one of ours, see `several`. */
  toTheirs: (ourName: string) => string | readonly string[];
  /** How their tensor lies against ours. */
  layout: (ourName: string) => WeightLayout;
  /**
   * What the tensors of a list are: `"parts"` lie behind each other along the outputs, `"copies"` are all the same.
   *
   * @default "parts"
   */
  several?: (ourName: string) => "parts" | "copies";
  /** Whether a tensor of theirs is passed over, such as another network's in the same file. @default none */
  ignored?: (name: string) => boolean;
  /**
   * Tensors under their names that are no weights, such as fixed positions or counters of batches: written so that the
   * file is complete. Where a file that is read has them, numbers must be the same, counters may be any.
   *
   * @default none
   */
  constants?: () => { [name: string]: FixedTensor };
}

/** Options of {@linkcode pytorchNames}. */
export interface PytorchNamesOptions {
  /** Whose names they are. */
  name: string;
  /** Shapes of our weights by name. */
  shapes: { readonly [name: string]: readonly number[] };
  /** Our name to theirs. @default the same */
  rename?: (ourName: string) => string;
  /** Names of ours that are tables of rows, stored as they are. @default those that contain `embedding_table` */
  isTable?: (ourName: string) => boolean;
  /** See {@linkcode NameScheme}. @default none */
  ignored?: (name: string) => boolean;
  /** See {@linkcode NameScheme}. @default none */
  constants?: () => { [name: string]: FixedTensor };
}

/**
 * The scheme of a PyTorch checkpoint in which every weight of ours is one tensor: four axes are a convolution, two a
 * dense layer, all else is stored as it is.
 *
 * @example
 * ```ts
 * import { pytorchNames } from "@outis/outis/models";
 * import { assertEquals } from "@std/assert";
 *
 * const scheme = pytorchNames({
 *   name: "a classifier",
 *   shapes: { "head.weight": [64, 10], "head.bias": [10] },
 *   rename: (name) => name.replace("head", "fc"),
 * });
 * assertEquals(scheme.toOurs("fc.weight"), "head.weight");
 * assertEquals(scheme.toTheirs("head.bias"), "fc.bias");
 * assertEquals(scheme.layout("head.weight"), "dense");
 * ```
 */
export function pytorchNames(options: PytorchNamesOptions): NameScheme {
  const {
    name,
    shapes,
    rename = (ourName: string) => ourName,
    isTable = (ourName: string) => ourName.includes("embedding_table"),
    ignored,
    constants,
  } = options;
  const ours = new Map(
    Object.keys(shapes).map((ourName) => [rename(ourName), ourName]),
  );
  return {
    name,
    toOurs: (theirName) => ours.get(theirName),
    toTheirs: rename,
    layout(ourName) {
      const rank = shapes[ourName]?.length;
      if (rank === 4) return "conv";
      return rank === 2 && !isTable(ourName) ? "dense" : "same";
    },
    ignored,
    constants,
  };
}

/**
 * What every file of weights looks like once it is open, whatever its format.
 *
 * @module
 */
import type { SafetensorsDtype } from "./safetensors_format.ts";
import type { SafetensorsData } from "./tensor_values.ts";

/** A tensor in a file of weights. */
export interface WeightsEntry {
  /** Its name. */
  name: string;
  /** Element type in the file. */
  dtype: SafetensorsDtype;
  /** Length along each axis. */
  shape: number[];
}

/** A tensor that was read. */
export interface WeightsTensor {
  /** Element type in the file. */
  dtype: SafetensorsDtype;
  /** Length along each axis. */
  shape: number[];
  /** Values in row-major order. */
  data: SafetensorsData;
}

/** An open file of weights: what is in it is known, values are read when they are asked for. */
export interface WeightsFile extends Disposable {
  /** Its format: `safetensors`, `PyTorch zip` or `PyTorch legacy`, with `, sharded` where it is several files. */
  format: string;
  /** The tensors, in the order of the file. */
  entries: readonly WeightsEntry[];
  /** Free text by name; of PyTorch's checkpoints, numbers and texts beside the weights. */
  metadata: { readonly [name: string]: string };
  /** Groups of weights in the file, as in `model` and `ema`; the empty name is the file itself. */
  groups: readonly string[];
  /** The group that `entries` are of. */
  group: string;
  /** What all names began with and no longer do, as in `module.`. */
  prefix: string;
  /** What the file holds besides, and is not read: each name with a word on what it is. */
  skipped: readonly string[];
  /**
   * Reads one tensor; no more than it and a few MB are in memory.
   *
   * @throws {RangeError} If there is none of this name.
   * @throws {SyntaxError} If the file is damaged, or was changed since it was opened.
   */
  read(name: string): Promise<WeightsTensor>;
}

/** What a format knows of an open file; {@linkcode WeightsFile} without what can be left out. */
export interface WeightsContent {
  /** As in {@linkcode WeightsFile}. */
  format: string;
  /** The tensors, and how to read each. */
  tensors: ReadonlyMap<
    string,
    WeightsEntry & { load: () => Promise<SafetensorsData> }
  >;
  /** Free text by name. @default {} */
  metadata?: { readonly [name: string]: string };
  /** Groups of weights. @default [""] */
  groups?: readonly string[];
  /** The group that was chosen. @default "" */
  group?: string;
  /** What is not read. @default [] */
  skipped?: readonly string[];
  /** Closes the file. */
  close: () => void;
}

/** Options of {@linkcode weightsFile}. */
export interface WeightsFileOptions {
  /**
   * Keeps only names that begin so, and takes it off them, as `first_stage_model.`. Without it, `module.` and
   * `_orig_mod.` are taken off where all names have them: wrappers of PyTorch leave them. @default none
   */
  prefix?: string;
}

/** Names that `DistributedDataParallel` and `torch.compile` put before all others. */
const WRAPPERS = ["module.", "_orig_mod."];

/**
 * Makes an open file of what its format knows.
 *
 * @param content Tensors and how to read them. Closed with the result.
 * @param path Name of the file, for errors.
 * @param options Which names.
 * @returns The open file.
 * @throws {RangeError} If no name begins with `prefix`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { weightsFile } from "./weights_file.ts";
 *
 * const load = () => Promise.resolve(new Float32Array([1]));
 * const entry = { name: "module.a", dtype: "F32", shape: [1], load } as const;
 * const content = {
 *   format: "none",
 *   tensors: new Map([[entry.name, { ...entry, shape: [1] }]]),
 *   close: () => {},
 * };
 * using file = weightsFile(content, "a file");
 * assertEquals((await file.read("a")).data[0], 1);
 * ```
 */
export function weightsFile(
  content: WeightsContent,
  path: string,
  options: WeightsFileOptions = {},
): WeightsFile {
  const { format, metadata = {}, groups = [""], group = "" } = content;
  const names = [...content.tensors.keys()];
  const prefix = options.prefix ?? wrapperOf(names);
  const kept = new Map(
    names.filter((name) => name.startsWith(prefix))
      .map((name) => [name.slice(prefix.length), content.tensors.get(name)!]),
  );
  if (kept.size === 0 && names.length > 0) {
    throw new RangeError(
      `Cannot open weights as 'prefix' must be one that a name in ${path} has, as ${
        names[0]
      }: current value is ${prefix}`,
    );
  }
  return {
    format,
    metadata,
    groups,
    group,
    prefix,
    skipped: content.skipped ?? [],
    entries: Array.from(
      kept,
      ([name, { dtype, shape }]) => ({ name, dtype, shape }),
    ),
    async read(name) {
      const tensor = kept.get(name);
      if (tensor === undefined) {
        throw new RangeError(
          `Cannot read weights as 'name' must be one of the ${kept.size} in ${path}: current value is ${name}`,
        );
      }
      const { dtype, shape } = tensor;
      return { dtype, shape: [...shape], data: await tensor.load() };
    },
    [Symbol.dispose]: content.close,
  };
}

function wrapperOf(names: string[]): string {
  let prefix = "";
  const added = () =>
    names.length === 0
      ? undefined
      : WRAPPERS.find((wrapper) =>
        names.every((name) => name.startsWith(prefix + wrapper))
      );
  for (let next = added(); next !== undefined; next = added()) prefix += next;
  return prefix;
}

/**
 * Weights of any format as safetensors.
 *
 * @module
 */
import { DTYPE_BYTES, type SafetensorsDtype } from "./safetensors_format.ts";
import type { WeightsEntry, WeightsFile } from "./weights_file.ts";
import {
  type LazyTensor,
  type WritableValues,
  writeSafetensors,
} from "./write_safetensors.ts";

/** Options of {@linkcode convertWeights}. */
export interface ConvertWeightsOptions {
  /** Element type of all floats; integers and truth values keep theirs. @default each keeps its own */
  dtype?: "F32" | "F16" | "BF16";
  /** Called after every tensor, with the bytes of values that are written and all there are. */
  onProgress?: (done: number, total: number) => void;
  /** Stops between two tensors; nothing is left behind. */
  signal?: AbortSignal;
}

/**
 * Writes open weights to a safetensors file, one tensor at a time.
 *
 * Names, shapes and values stay what they are, shared values are written for each tensor, and free text comes along, with
 * `format: pt`, which tells readers of PyTorch that axes are in its order.
 *
 * @param file Open weights. Borrowed.
 * @param path File to write, whole or not at all; replaced if it exists.
 * @param options Element type and progress.
 * @throws {RangeError} If a value is too large for the element type.
 * @throws {SyntaxError} If the open file turns out damaged.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { convertWeights, openWeights, writeSafetensors } from "@outis/outis/io";
 *
 * const folder = await Deno.makeTempDir();
 * const scale = { shape: [1], data: new Float32Array([1.5]) };
 * await writeSafetensors(`${folder}/wide.safetensors`, { scale });
 * {
 *   using wide = await openWeights(`${folder}/wide.safetensors`);
 *   await convertWeights(wide, `${folder}/half.safetensors`, { dtype: "F16" });
 * }
 * using half = await openWeights(`${folder}/half.safetensors`);
 * assertEquals(half.entries[0].dtype, "F16");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function convertWeights(
  file: WeightsFile,
  path: string,
  options: ConvertWeightsOptions = {},
): Promise<void> {
  const { dtype, onProgress, signal } = options;
  const tensors = file.entries.map((entry): [string, LazyTensor] => {
    const { name, shape } = entry;
    const load = async () =>
      floatsOf(name, (await file.read(name)).data, dtype);
    return [name, { shape, dtype: convertedDtype(entry, dtype), load }];
  });
  await writeSafetensors(path, Object.fromEntries(tensors), {
    metadata: { ...file.metadata, format: "pt" },
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
}

/**
 * The element type of a tensor after conversion.
 *
 * @param entry The tensor.
 * @param dtype What floats become; undefined if they stay.
 * @returns Its element type.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { convertedDtype } from "@outis/outis/io";
 *
 * const count = { name: "count", dtype: "I64", shape: [] } as const;
 * assertEquals(convertedDtype({ ...count, shape: [] }, "F16"), "I64");
 * ```
 */
export function convertedDtype(
  entry: WeightsEntry,
  dtype?: "F32" | "F16" | "BF16",
): SafetensorsDtype {
  const isFloat = /^B?F\d/.test(entry.dtype);
  return isFloat && dtype !== undefined ? dtype : entry.dtype;
}

/**
 * Bytes that the values of a tensor take in a file.
 *
 * @param entry The tensor.
 * @returns How many.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tensorBytes } from "@outis/outis/io";
 *
 * assertEquals(tensorBytes({ name: "a", dtype: "BF16", shape: [2, 3] }), 12);
 * ```
 */
export function tensorBytes({ dtype, shape }: WeightsEntry): number {
  return shape.reduce((product, size) => product * size, DTYPE_BYTES[dtype]);
}

/** Doubles as singles, where floats are converted; nothing else has to change before it is written. */
function floatsOf(
  name: string,
  data: WritableValues,
  dtype: "F32" | "F16" | "BF16" | undefined,
): WritableValues {
  if (dtype === undefined || !(data instanceof Float64Array)) return data;
  const floats = Float32Array.from(data);
  const tooLarge = floats.findIndex((value, i) =>
    !Number.isFinite(value) && Number.isFinite(data[i])
  );
  if (tooLarge >= 0) {
    throw new RangeError(
      `Cannot convert weights as '${name}[${tooLarge}]' must be at most 3.4028e38 in ${dtype}: current value is ${
        data[tooLarge]
      }`,
    );
  }
  return floats;
}

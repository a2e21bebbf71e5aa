/**
 * Weights as a file that the original implementation reads.
 *
 * @module
 */
import type { tf } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";
import {
  type LazyTensor,
  type WritableTensor,
  writeSafetensors,
  type WriteSafetensorsOptions,
} from "../io/mod.ts";
import {
  layoutShape,
  type NameScheme,
  toLayout,
  type WeightLayout,
} from "../models/mod.ts";

/** Options of {@linkcode saveWeights}. */
export type SaveWeightsOptions = Omit<WriteSafetensorsOptions, "dtype">;

/**
 * Writes weights as safetensors under the names and in the order of axes of the original implementation, complete, so
 * that PyTorch's `load_state_dict(load_file(path), strict=True)` takes them. No more than one is in memory twice.
 *
 * @param path The file; replaced whole if it exists.
 * @param params Weights under our names. Borrowed.
 * @param scheme Their names.
 * @param options Metadata, progress, a signal.
 * @throws The signal's reason, if it fired; nothing is left behind.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { pytorchNames } from "@outis/outis/models";
 * import { saveWeights } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const shapes = { "fc.weight": [3, 2] };
 * const path = await Deno.makeTempFile({ suffix: ".safetensors" });
 * const scheme = pytorchNames({ name: "a classifier", shapes });
 * await saveWeights(path, { "fc.weight": tf.ones([3, 2]) }, scheme); // [2, 3] in the file
 * await Deno.remove(path);
 * ```
 */
export async function saveWeights(
  path: string,
  params: Params,
  scheme: NameScheme,
  options: SaveWeightsOptions = {},
): Promise<void> {
  const tensors: { [name: string]: WritableTensor | LazyTensor } = {
    ...scheme.constants?.(),
  };
  for (const [name, weight] of Object.entries(params)) {
    const theirs = scheme.toTheirs(name);
    const names = typeof theirs === "string" ? [theirs] : theirs;
    const parts = scheme.several?.(name) === "copies" ? 1 : names.length;
    const layout = scheme.layout(name);
    // A scalar has no rows to be cut.
    const [rows, ...rest] = layoutShape(layout, weight.shape);
    const shape = rows === undefined ? [] : [rows / parts, ...rest];
    names.forEach((theirName, i) => {
      tensors[theirName] = {
        shape,
        dtype: "F32",
        load: () => valuesOf(layout, weight, i % parts, parts),
      };
    });
  }
  await writeSafetensors(path, tensors, options);
}

/** One of several equal parts of a weight in their layout. Outputs are their first axis: a part is a stretch. */
async function valuesOf(
  layout: WeightLayout,
  weight: tf.Tensor,
  part: number,
  parts: number,
): Promise<Float32Array> {
  const theirs = toLayout(layout, weight);
  const values = await theirs.data<"float32">();
  theirs.dispose();
  const size = values.length / parts;
  return values.subarray(part * size, (part + 1) * size);
}

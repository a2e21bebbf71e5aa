/**
 * The names of published face recognisers.
 *
 * @module
 */
import type { WeightShapes } from "../nn/mod.ts";
import { batchCounters } from "./batch_counters.ts";
import { type NameScheme, pytorchNames } from "./weight_names.ts";

/**
 * insightface's names, which are ours, with a counter of batches for each normalisation.
 *
 * @param shapes Shapes of the network's weights.
 * @returns The scheme.
 *
 * @example
 * ```ts
 * import { insightfaceNames, iresnet, iresnet50 } from "@outis/outis/models";
 *
 * const scheme = insightfaceNames(iresnet(iresnet50()).shapes);
 * console.log(scheme.layout("fc.weight")); // dense
 * ```
 */
export function insightfaceNames(shapes: WeightShapes): NameScheme {
  return pytorchNames({
    name: "insightface's IResNet",
    shapes,
    constants: () => batchCounters(shapes),
  });
}

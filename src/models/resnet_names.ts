/**
 * The names of published residual networks.
 *
 * @module
 */
import type { WeightShapes } from "../nn/mod.ts";
import { batchCounters } from "./batch_counters.ts";
import type { ResnetConfig } from "./resnet_sizes.ts";
import { type NameScheme, pytorchNames } from "./weight_names.ts";

/**
 * torchvision's names, which are ours. Files have a counter of batches for each normalisation, too; the classifier of a
 * file is passed over by a network without one.
 *
 * Published checkpoints know neither the neck nor a learned pooling: load them into a network without, and put
 * `{ ...init(random), ...loaded }` into the one to train.
 *
 * @param config Sizes of the network.
 * @param shapes Shapes of its weights.
 * @returns The scheme.
 *
 * @example
 * ```ts
 * import { resnet, resnet50, torchvisionResnetNames } from "@outis/outis/models";
 *
 * const { config, shapes } = resnet(resnet50());
 * const scheme = torchvisionResnetNames(config, shapes);
 * console.log(scheme.layout("layer1.0.conv1.weight")); // conv
 * ```
 */
export function torchvisionResnetNames(
  config: ResnetConfig,
  shapes: WeightShapes,
): NameScheme {
  return pytorchNames({
    name: "torchvision's ResNet",
    shapes,
    ignored: (name) => config.classes === 0 && /^fc\./.test(name),
    constants: () => batchCounters(shapes),
  });
}

/**
 * What PyTorch keeps beside running statistics.
 *
 * @module
 */
import type { WeightShapes } from "../nn/mod.ts";
import type { FixedTensor } from "./weight_names.ts";

/**
 * The counters of batches that PyTorch's batch normalisation has in its state, `<name>.num_batches_tracked`: int64
 * scalars, here 0. They only matter to layers without a momentum.
 *
 * @param shapes Shapes of the weights by name.
 * @returns One for each running mean.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { batchCounters } from "./batch_counters.ts";
 *
 * const counters = batchCounters({ "bn1.running_mean": [8] });
 * assertEquals(counters["bn1.num_batches_tracked"].data, new BigInt64Array(1));
 * ```
 */
export function batchCounters(
  shapes: WeightShapes,
): { [name: string]: FixedTensor } {
  const names = Object.keys(shapes)
    .filter((name) => name.endsWith(".running_mean"))
    .map((name) => name.replace("running_mean", "num_batches_tracked"));
  return Object.fromEntries(
    names.map((name) => [name, { shape: [], data: new BigInt64Array(1) }]),
  );
}

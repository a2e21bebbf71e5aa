/**
 * What of a network with batch normalisation is trained, and what is only kept.
 *
 * @module
 */
import type { Params } from "../core/mod.ts";

/**
 * The weights and the running statistics of a residual network, apart: gradients and optimisers are for the first.
 *
 * @param params Of a `resnet`. Borrowed, as are the results.
 *
 * @example
 * ```ts
 * import { splitStatistics } from "@outis/outis/models";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const params = { "bn1.bias": tf.zeros([2]), "bn1.running_mean": tf.zeros([2]) };
 * console.log(Object.keys(splitStatistics(params).weights)); // ["bn1.bias"]
 * ```
 */
export function splitStatistics(
  params: Params,
): { weights: Params; statistics: Params } {
  const weights: Params = {};
  const statistics: Params = {};
  for (const [name, tensor] of Object.entries(params)) {
    const isStatistic = /\.running_(mean|var)$/.test(name);
    (isStatistic ? statistics : weights)[name] = tensor;
  }
  return { weights, statistics };
}

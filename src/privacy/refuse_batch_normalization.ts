/**
 * Which networks have no gradients of single samples.
 *
 * @module
 */

/** What running statistics of batches are called: PyTorch's names, TensorFlow's, Caffe's. */
const STATISTICS =
  /^(.*?)\.?(running_mean|running_var|num_batches_tracked|moving_mean|moving_variance)$/;

/**
 * Refuses a network with batch normalisation: there every sample's output depends on the whole batch, so that no clipping
 * of single gradients bounds what one sample does. Layer and group normalisation are no obstacle.
 *
 * @param act What the caller is about to do, for the message.
 * @param names Names of the network's weights.
 * @throws {RangeError} If there are running statistics; the layer is named.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { refuseBatchNormalization } from "@outis/outis/privacy";
 *
 * refuseBatchNormalization("train privately", ["norm1.weight", "norm1.bias"]);
 * assertThrows(() => refuseBatchNormalization("train privately", ["bn1.weight", "bn1.running_mean"]));
 * ```
 */
export function refuseBatchNormalization(
  act: string,
  names: readonly string[],
): void {
  const layers = new Set<string>();
  for (const name of names) {
    const found = STATISTICS.exec(name);
    if (found !== null) layers.add(found[1]);
  }
  if (layers.size === 0) return;
  const [first] = layers;
  throw new RangeError(
    `Cannot ${act} as the network must be without batch normalisation, which mixes the samples of a batch: current value has ${layers.size} such layers, '${first}' first`,
  );
}

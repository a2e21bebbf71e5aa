/**
 * Weights to begin a recogniser's training with.
 *
 * @module
 */
import type { Params } from "../core/mod.ts";
import { openWeights } from "../io/mod.ts";
import type { TrainableNetwork } from "../models/mod.ts";
import { loadWeights, type LoadWeightsOptions } from "./load_weights.ts";

/**
 * Reads what a file has of a network's weights: one that `saveRecognizer` wrote, or a published one of the same kind. A
 * neck that the file lacks is left to the training, a classifier in it is passed over.
 *
 * A vision transformer has to be of the file's image size. Published weights want the network's `pixels` to be what they
 * were trained with.
 *
 * @param path Weights in any format that `openWeights` reads.
 * @param network The network to be trained.
 * @param options Progress, a signal.
 * @returns `start` of `trainRecognizer`. Owned by the caller.
 * @throws {RangeError} If the file has none of its weights.
 * @throws {TypeError} If weights are unexpected or of other shapes.
 * @throws {SyntaxError} If the file is damaged.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import { networkPreset, trainableNetwork } from "@outis/outis/models";
 * import { saveRecognizer, startWeights } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const size = { height: 32, width: 32 };
 * const network = trainableNetwork(networkPreset("resnet-small", size));
 * const path = await Deno.makeTempFile({ suffix: ".safetensors" });
 * await saveRecognizer(path, { network, params: network.init(randomStream(1)) });
 *
 * const other = trainableNetwork(networkPreset("resnet-small", { ...size, neck: true }));
 * const start = await startWeights(path, other);
 * console.log("conv1.weight" in start, "neck.weight" in start); // true, false
 * await Deno.remove(path);
 * ```
 */
export async function startWeights(
  path: string,
  network: TrainableNetwork,
  options: Pick<LoadWeightsOptions, "onProgress" | "signal"> = {},
): Promise<Params> {
  using file = await openWeights(path);
  const { scheme } = network;
  const found = new Set(file.entries.map(({ name }) => name));
  const inFile = Object.entries(network.shapes).filter(([name]) => {
    const theirs = scheme.toTheirs(name);
    const names = typeof theirs === "string" ? [theirs] : theirs;
    // All else that is missing is told with the names.
    return !name.startsWith("neck.") || names.every((one) => found.has(one));
  });
  const isAny = inFile.some(([name]) => found.has(`${scheme.toTheirs(name)}`));
  if (!isAny) {
    throw new RangeError(
      `Cannot start from weights as '${path}' must hold some of ${scheme.name}: current value is ${found.size} others`,
    );
  }
  const shapes = Object.fromEntries(inFile);
  return await loadWeights(file, { shapes }, scheme, {
    ...options,
    source: path,
  });
}

/**
 * Trained recognisers as files that tell what they are.
 *
 * @module
 */
import { preprocessingMetadata } from "../core/mod.ts";
import { openWeights, type WeightsFile } from "../io/mod.ts";
import {
  type NetworkDescription,
  type TrainableNetwork,
  trainableNetwork,
} from "../models/mod.ts";
import { loadWeights, type LoadWeightsOptions } from "./load_weights.ts";
import { saveWeights, type SaveWeightsOptions } from "./save_weights.ts";
import type { TrainedNetwork } from "./train_recognizer.ts";

/** Under which name a file says what network it holds. */
const KEY = "network";

/**
 * Writes a recogniser without its classifier, under the names and in the order of axes of published files of its kind:
 * PyTorch programs read it, and `loadEmbedder` needs nothing but the path.
 *
 * @param path The file, safetensors; replaced whole if it exists.
 * @param recognizer Network and weights. Borrowed.
 * @param options More free text for the file, progress, a signal.
 * @throws The signal's reason, if it fired; nothing is left behind.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { networkPreset, trainableNetwork } from "@outis/outis/models";
 * import { loadEmbedder, saveRecognizer } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const network = trainableNetwork(networkPreset("vit-small", { height: 64, width: 32 }));
 * const params = network.init(randomStream(1)); // untrained
 * const path = await Deno.makeTempFile({ suffix: ".safetensors" });
 * await saveRecognizer(path, { network, params });
 * using embedder = await loadEmbedder(path);
 * console.log(embedder.embed(tf.zeros([1, 64, 32, 3])).shape); // [1, 96]
 * await Deno.remove(path);
 * ```
 */
export async function saveRecognizer(
  path: string,
  { network, params }: Pick<TrainedNetwork, "network" | "params">,
  options: SaveWeightsOptions = {},
): Promise<void> {
  await saveWeights(path, params, network.scheme, {
    ...options,
    metadata: {
      ...options.metadata,
      ...preprocessingMetadata(network.preprocessing),
      [KEY]: JSON.stringify(network.description),
    },
  });
}

/**
 * Reads what {@linkcode saveRecognizer} wrote.
 *
 * @param path The file.
 * @param options Progress, a signal.
 * @returns Network and weights. Owned by the caller.
 * @throws {RangeError} If the file does not tell what network it holds: that of others has to be named, see
 * `loadEmbedder`.
 * @throws {SyntaxError} If the file is damaged, or what it tells is of no network.
 * @throws {TypeError} If weights are missing, unexpected or of other shapes.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import { networkPreset, trainableNetwork } from "@outis/outis/models";
 * import { loadRecognizer, saveRecognizer } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const network = trainableNetwork(networkPreset("small", { height: 32, width: 32 }));
 * const path = await Deno.makeTempFile({ suffix: ".safetensors" });
 * await saveRecognizer(path, { network, params: network.init(randomStream(1)) });
 * const found = await loadRecognizer(path);
 * console.log(found.network.description.kind); // small
 * await Deno.remove(path);
 * ```
 */
export async function loadRecognizer(
  path: string,
  options: Pick<LoadWeightsOptions, "onProgress" | "signal"> = {},
): Promise<Pick<TrainedNetwork, "network" | "params">> {
  using file = await openWeights(path);
  const network = networkOf(file, path);
  const params = await loadWeights(file, network, network.scheme, {
    ...options,
    source: path,
  });
  return { network, params };
}

function networkOf(file: WeightsFile, path: string): TrainableNetwork {
  const text = file.metadata[KEY];
  if (text === undefined) {
    throw new RangeError(
      `Cannot load a recogniser as '${path}' must tell what network it holds: current value is weights without, whose 'model' has to be named`,
    );
  }
  try {
    return trainableNetwork(JSON.parse(text) as NetworkDescription);
  } catch (cause) {
    throw new SyntaxError(
      `Cannot load a recogniser as '${KEY}' of ${path} must describe a network: current value is ${text}`,
      { cause },
    );
  }
}

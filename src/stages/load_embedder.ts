/**
 * Published recognisers as embedders.
 *
 * @module
 */
import { jit, tf } from "../engine/mod.ts";
import {
  digestBytes,
  digestParams,
  disposeParams,
  type Embedder,
  type Params,
  preprocess,
  type Preprocessing,
  readPreprocessing,
} from "../core/mod.ts";
import { openWeights, type OpenWeightsOptions } from "../io/mod.ts";
import { loadWeights, type LoadWeightsOptions } from "./load_weights.ts";
import {
  publishedEmbedder,
  type PublishedModel,
  type PublishedSizes,
} from "./published_embedder.ts";
import { recognizerEmbedder } from "./recognizer_embedder.ts";
import { loadRecognizer } from "./save_recognizer.ts";

/** Options of {@linkcode loadEmbedder}. */
export interface LoadEmbedderOptions
  extends
    PublishedSizes,
    OpenWeightsOptions,
    Pick<LoadWeightsOptions, "onProgress" | "signal"> {
  /**
   * The network that the weights are of.
   *
   * @default what the file tells, where `saveRecognizer` wrote it
   */
  model?: PublishedModel;
  /**
   * What the weights were trained with, where it is not what is usual under these names: the order of channels, and mean
   * and deviation on the scale [-1, 1].
   *
   * @default that of the file, where it holds one, else the published one
   */
  preprocessing?: Partial<
    Pick<Preprocessing, "channels" | "mean" | "deviation">
  >;
}

/**
 * Loads a recogniser: one of this project's, or a published one, torchvision's ResNet, timm's or torchvision's vision
 * transformer, insightface's IResNet.
 *
 * Positions of a vision transformer are resized to the grid of the images, a classifier in the file is passed over, and
 * the preprocessing goes with the embedder, which refuses images of another size. A file that was saved with
 * `preprocessingMetadata` has to agree with what is asked for.
 *
 * @param path Weights in any format that `openWeights` reads.
 * @param options The network, and what differs; of a file that tells its network, nothing is needed.
 * @returns The embedder; disposing it frees its weights.
 * @throws {TypeError} If weights are missing, unexpected or of other shapes.
 * @throws {RangeError} If the network does not take such names or images, is not told by the file and not named, or the
 * file was saved with another preprocessing.
 * @throws {SyntaxError} If the file is damaged.
 *
 * @example
 * ```ts
 * import { preprocessingMetadata, randomStream } from "@outis/outis/core";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { resnet, resnet18, torchvisionResnetNames } from "@outis/outis/models";
 * import { loadEmbedder, saveWeights } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const { config, shapes, init } = resnet(resnet18()); // untrained, in the place of a download
 * const path = await Deno.makeTempFile({ suffix: ".safetensors" });
 * await saveWeights(path, init(randomStream(1)), torchvisionResnetNames(config, shapes));
 *
 * using embedder = await loadEmbedder(path, { model: "resnet18", height: 64, width: 32 });
 * console.log(embedder.embed(tf.zeros([1, 64, 32, 3])).shape); // [1, 512]
 * await Deno.remove(path);
 * ```
 */
export async function loadEmbedder(
  path: string,
  options: LoadEmbedderOptions = {},
): Promise<Embedder & Disposable> {
  return options.model === undefined
    ? await loadOwn(path, options)
    : await loadPublished(path, { ...options, model: options.model });
}

/** One that `saveRecognizer` wrote. */
async function loadOwn(
  path: string,
  options: LoadEmbedderOptions,
): Promise<Embedder & Disposable> {
  const { network, params } = await loadRecognizer(path, options);
  try {
    checkSaved(network.preprocessing, options);
    const embedder = await recognizerEmbedder(network, params);
    return {
      ...embedder,
      [Symbol.dispose]() {
        embedder[Symbol.dispose]();
        disposeParams(params);
      },
    };
  } catch (error) {
    disposeParams(params);
    throw error;
  }
}

async function loadPublished(
  path: string,
  options: LoadEmbedderOptions & { model: PublishedModel },
): Promise<Embedder & Disposable> {
  using file = await openWeights(path, options);
  const saved = readPreprocessing(file.metadata);
  const { height = saved?.height, width = saved?.width } = options;
  const recipe = publishedEmbedder(options.model, {
    ...options,
    height,
    width,
  });
  if (saved !== undefined) checkSaved(saved, options);
  const preprocessing = saved ??
    { ...recipe.preprocessing, ...options.preprocessing };
  const found = new Map(file.entries.map(({ name, shape }) => [name, shape]));
  const loaded = await loadWeights(
    file,
    { shapes: recipe.shapesIn(found) },
    recipe.scheme,
    { ...options, source: path },
  );
  const weights = recipe.adapt(loaded, saved !== undefined);
  const embed = jit((weights: Params, images: tf.Tensor4D) =>
    recipe.features(weights, preprocess(images, preprocessing))
  );
  return {
    embed: (images) => tf.tidy(() => embed(weights, images)),
    width: recipe.width,
    preprocessing,
    fingerprint: digestBytes(
      await digestParams(weights) + JSON.stringify(preprocessing),
    ),
    [Symbol.dispose]() {
      embed.dispose();
      disposeParams(weights);
    },
  };
}

/** What is asked for must not be other than what the file was saved with. */
function checkSaved(saved: Preprocessing, options: LoadEmbedderOptions): void {
  const { height, width, preprocessing } = options;
  for (
    const [name, value] of Object.entries({ height, width, ...preprocessing })
  ) {
    const own = saved[name as keyof Preprocessing];
    if (value === undefined || String(value) === String(own)) continue;
    throw new RangeError(
      `Cannot load an embedder as '${name}' must be what its file was saved with, ${own}: current value is ${value}`,
    );
  }
}

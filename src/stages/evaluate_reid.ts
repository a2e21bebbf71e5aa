/**
 * Re-identification of people never trained on.
 *
 * @module
 */
import type { Embedder } from "../core/mod.ts";
import type { Dataset, ImageSet, ReadImagesOptions } from "../data/mod.ts";
import {
  protocolRecord,
  rankFeatures,
  type RankFeaturesOptions,
  type RankingMetrics,
} from "../metrics/mod.ts";
import { checkOverlap, type TestOverlap } from "./check_overlap.ts";
import { embedTestImages } from "./embed_test_images.ts";
import { NO_TRAINING_IMAGES } from "./verification_task.ts";
import { type ReidSide, reidSides, type ReidTest } from "./reid_sides.ts";

export type { ReidImages, ReidTest, SeenImages } from "./reid_sides.ts";

/** Part of an evaluation that takes its time. */
export type ReidPart =
  | "looking for test images"
  | "embedding queries"
  | "embedding the gallery"
  | "ranking";

/** Options of {@linkcode evaluateReid}. */
export interface EvaluateReidOptions
  extends
    Omit<RankFeaturesOptions, "onProgress">,
    Pick<ReadImagesOptions, "kernel" | "cache"> {
  /**
   * Whether the feature of an image is f(x) + f(mirror image).
   *
   * @default {false}
   */
  flip?: boolean;
  /**
   * How files are brought to the embedder's size where their aspect ratio differs.
   *
   * @default {"fill"} stretched, as the field's code does
   */
  fit?: ReadImagesOptions["fit"];
  /**
   * Images the embedder was trained on, by the name of the set: the test images are looked for among them first.
   *
   * @default none: `absent.overlap` says so
   */
  trainedOn?: { [name: string]: ImageSet };
  /** Called as the parts proceed. */
  onProgress?: (part: ReidPart, done: number, total: number) => void;
}

/** Metrics of re-identification, and test images that were trained on. */
export interface EvaluatedReid extends RankingMetrics {
  /** Test images that stand among those trained on; absent, with its reason, where these were not given. */
  overlap?: TestOverlap[];
}

/**
 * Searches for people in a gallery: CMC, mAP and mINP by the protocol of `rankingMetrics`, optionally re-ranked.
 *
 * Queries and gallery are image sets, with cameras or without, or lists of files; a data set as `readDataset` lists it
 * (Market-1501, CUHK03) brings both, and its sentence, with the `detected` or `labeled` of CUHK03, goes into the protocol.
 * Identities are compared by name. Files are read some at a time; what is kept are the features, in float32, and what
 * `rankFeatures` needs.
 *
 * @param embedder The recogniser to be judged.
 * @param test Queries and gallery.
 * @param options Mirror images, kind of average, re-ranking, images trained on, progress.
 * @returns The figures, the protocol, and what of the test was trained on.
 * @throws {TypeError} If images have another size than the embedder takes, labels or cameras are not as many as images, or
 *   only one side has cameras.
 * @throws {RangeError} If a side is empty, a label does not count within the identities, only some files have cameras, an
 *   image is on both sides without cameras, a feature is not finite, or an option is out of range.
 * @throws {SyntaxError} If a file is broken.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { subsetImages } from "@outis/outis/data";
 * import { useBackend } from "@outis/outis/engine";
 * import { protocolLine } from "@outis/outis/metrics";
 * import { recognizer, smallRecognizer } from "@outis/outis/models";
 * import { evaluateReid, recognizerEmbedder } from "@outis/outis/stages";
 * import { proceduralPedestrians } from "@outis/outis/world";
 *
 * await useBackend("auto");
 * const model = recognizer(smallRecognizer({ height: 32, width: 16 }));
 * const params = model.init(randomStream(1)); // untrained
 * using embedder = await recognizerEmbedder(model, params);
 * const people = proceduralPedestrians({ identities: 4, imagesPerIdentity: 3, height: 32 });
 * const part = (indices: number[]) => ({
 *   ...subsetImages(people, indices),
 *   cameras: indices.map((i) => people.cameras[i]),
 * });
 * const { mAP, protocol } = await evaluateReid(embedder, {
 *   query: part([0, 3, 6, 9]),
 *   gallery: part([1, 2, 4, 5, 7, 8, 10, 11]),
 * });
 * console.log(mAP?.toFixed(2), protocolLine(protocol));
 * ```
 */
export async function evaluateReid(
  embedder: Embedder,
  test: ReidTest | Dataset,
  options: EvaluateReidOptions = {},
): Promise<EvaluatedReid> {
  const {
    flip = false,
    fit = "fill",
    kernel,
    cache,
    trainedOn,
    onProgress,
    ...ranking
  } = options;
  const { signal } = options;
  const sides = reidSides(test);
  const overlap = trainedOn && await overlapOf(sides, trainedOn, options);
  const embed = (side: ReidSide, part: ReidPart) =>
    embedTestImages(embedder, side.images, {
      flip,
      fit,
      ...(kernel && { kernel }),
      ...(cache && { cache }),
      ...(signal && { signal }),
      onProgress: (done, total) => onProgress?.(part, done, total),
    });
  const query = await embed(sides.query, "embedding queries");
  const gallery = await embed(sides.gallery, "embedding the gallery");
  const metrics = await rankFeatures(
    { ...query, labels: sides.query.labels, cameras: sides.query.cameras },
    {
      ...gallery,
      labels: sides.gallery.labels,
      cameras: sides.gallery.cameras,
    },
    {
      ...ranking,
      onProgress: (done, total) => onProgress?.("ranking", done, total),
    },
  );
  const { name, parameters, counts } = metrics.protocol;
  return {
    ...metrics,
    ...(overlap && { overlap }),
    absent: {
      ...metrics.absent,
      ...(!overlap && { overlap: NO_TRAINING_IMAGES }),
    },
    protocol: protocolRecord({
      name,
      parameters: {
        ...parameters,
        ...("records" in test && { dataset: test.protocol }),
        size: [embedder.preprocessing.height, embedder.preprocessing.width],
        feature: flip ? "f(x) + f(mirror image)" : "f(x)",
      },
      counts,
    }),
  };
}

// Both sides count together; the first ten paths are told.
async function overlapOf(
  { query, gallery }: { query: ReidSide; gallery: ReidSide },
  trainedOn: { [name: string]: ImageSet },
  { onProgress, signal }: EvaluateReidOptions,
): Promise<TestOverlap[]> {
  const look = (images: ReidSide["images"]) =>
    checkOverlap(images, trainedOn, {
      onProgress: (done, total) =>
        onProgress?.("looking for test images", done, total),
      ...(signal && { signal }),
    });
  // One search for both where they can be joined.
  if (!("images" in query.images) && !("images" in gallery.images)) {
    return await look([...query.images, ...gallery.images]);
  }
  const first = await look(query.images);
  const second = await look(gallery.images);
  return first.map((found, n) => ({
    ...found,
    affected: found.affected + second[n].affected,
    paths: [...found.paths, ...second[n].paths].slice(0, 10),
  }));
}

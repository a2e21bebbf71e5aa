/**
 * Verification of identities never trained on.
 *
 * @module
 */
import type { Embedder } from "../core/mod.ts";
import type { Dataset, ImageSet } from "../data/mod.ts";
import {
  protocolRecord,
  verification,
  type VerificationMetrics,
} from "../metrics/mod.ts";
import { checkOverlap, type TestOverlap } from "./check_overlap.ts";
import { embedTestImages } from "./embed_test_images.ts";
import {
  datasetGroups,
  datasetTask,
  imageSetTask,
  NO_TRAINING_IMAGES,
  type ReadTestOptions,
} from "./verification_task.ts";

/** A verification result, the rule by which its pairs were made, and test images that were trained on. */
export interface EvaluatedVerification extends VerificationMetrics {
  /** How the pairs were chosen, one sentence. */
  rule: string;
  /** Test images that stand among those trained on; absent, with its reason, where these were not given. */
  overlap?: TestOverlap[];
}

/** Options of {@linkcode evaluateVerification}. */
export interface EvaluateVerificationOptions extends ReadTestOptions {
  /**
   * Seed of the pairs, where no list gives them.
   *
   * @default {0}
   */
  seed?: number;
  /**
   * Images the embedder was trained on, by the name of the set: the test images are looked for among them first.
   *
   * @default none: `absent.overlap` says so
   */
  trainedOn?: { [name: string]: ImageSet };
}

/**
 * 10-fold verification; the feature of an image is f(x) + f(mirror image), as customary.
 *
 * Of a set of images, balanced pairs are chosen by seed. Of a list (LFW's `pairs.txt` and its like by `readPairs`, one
 * insightface `.bin` file by `readVerificationBins`) the pairs are as listed, and the images are read some at a time at the
 * size the embedder takes: they have to be aligned as those it was trained on.
 *
 * @param embedder The recogniser to be judged.
 * @param test Images of identities it was not trained on, or a list of pairs.
 * @param options Seed of the pairs, images trained on, cache, progress.
 * @returns Accuracy and the other measures, and how the pairs were made.
 * @throws {RangeError} If there are too few pairs for ten folds, no pairs, several sets of them, or features that are not
 *   finite.
 * @throws {SyntaxError} If an image is broken.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import { protocolLine } from "@outis/outis/metrics";
 * import { recognizer, smallRecognizer } from "@outis/outis/models";
 * import { evaluateVerification, recognizerEmbedder } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * await useBackend("auto");
 * const model = recognizer(smallRecognizer({ height: 32, width: 32 }));
 * const params = model.init(randomStream(1)); // untrained
 * using embedder = await recognizerEmbedder(model, params);
 * const test = proceduralFaces({ identities: 12, imagesPerIdentity: 3, size: 32 });
 * const { accuracy, protocol } = await evaluateVerification(embedder, test);
 * console.log(accuracy.mean.toFixed(2), protocolLine(protocol));
 * ```
 */
export async function evaluateVerification(
  embedder: Embedder,
  test: ImageSet | Dataset,
  options: EvaluateVerificationOptions = {},
): Promise<EvaluatedVerification> {
  const { seed = 0, trainedOn, ...reading } = options;
  const task = "records" in test
    ? datasetTask(oneList(test), "test")
    : imageSetTask(test, seed);
  const overlap = trainedOn &&
    await checkOverlap(
      task.tested,
      trainedOn,
      reading.signal && { signal: reading.signal },
    );
  const features = await embedTestImages(embedder, task.tested, {
    ...reading,
    flip: true,
  });
  const { protocol, absent, ...metrics } = verification(features, task.pairs, {
    folds: task.folds,
  });
  return {
    ...metrics,
    rule: task.rule,
    ...(overlap && { overlap }),
    absent: { ...absent, ...(!overlap && { overlap: NO_TRAINING_IMAGES }) },
    protocol: protocolRecord({
      name: protocol.name,
      parameters: {
        ...protocol.parameters,
        feature: "f(x) + f(mirror image)",
        pairs: task.rule,
        ...("records" in test ? {} : { seed }),
      },
      counts: { ...protocol.counts, images: task.images },
    }),
  };
}

function oneList(test: Dataset): Dataset {
  const names = [...datasetGroups(test).keys()];
  if (names.length > 1) {
    throw new RangeError(
      `Cannot verify as 'test' must be one set of pairs, or go to evaluateVerificationSets: current value is ${
        names.join(", ")
      }`,
    );
  }
  return test;
}

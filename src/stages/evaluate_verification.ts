/**
 * Verification of identities never trained on.
 *
 * @module
 */
import { type Embedder, randomStream } from "../core/mod.ts";
import type { ImageSet } from "../data/mod.ts";
import {
  verification,
  verificationPairs,
  type VerificationResult,
} from "../metrics/mod.ts";
import { embedImages } from "./recognizer_embedder.ts";

/** A verification result with the rule by which its pairs were made. */
export interface EvaluatedVerification extends VerificationResult {
  /** How the pairs were chosen, one sentence. */
  rule: string;
}

/** Options of {@linkcode evaluateVerification}. */
export interface EvaluateVerificationOptions {
  /**
   * Seed of the pairs.
   *
   * @default {0}
   */
  seed?: number;
}

/**
 * 10-fold verification on balanced pairs of test images; the feature of an image is f(x) + f(mirror image), as customary.
 *
 * @param embedder The recogniser to be judged.
 * @param test Images of identities it was not trained on.
 * @param options Seed of the pairs.
 * @returns Accuracy and the other measures, and how the pairs were made.
 * @throws {RangeError} If there are too few pairs for ten folds.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import { recognizer, smallRecognizer } from "@outis/outis/models";
 * import { evaluateVerification, recognizerEmbedder } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * await useBackend("auto");
 * const model = recognizer(smallRecognizer({ height: 32, width: 32 }));
 * const params = model.init(randomStream(1)); // untrained
 * using embedder = await recognizerEmbedder(model, params);
 * const test = proceduralFaces({ identities: 12, imagesPerIdentity: 3, size: 32 });
 * const { accuracy, rule } = evaluateVerification(embedder, test);
 * console.log(accuracy.toFixed(2), rule);
 * ```
 */
export function evaluateVerification(
  embedder: Embedder,
  test: ImageSet,
  options: EvaluateVerificationOptions = {},
): EvaluatedVerification {
  const { seed = 0 } = options;
  const pairs = verificationPairs(test.labels, {
    random: randomStream(seed, "verification-pairs"),
  });
  const features = embedImages(embedder, test, { flip: true });
  return { ...verification(features, pairs), rule: pairs.rule };
}

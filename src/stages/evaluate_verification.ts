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

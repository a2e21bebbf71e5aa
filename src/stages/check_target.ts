/**
 * Whether a data set can go through the whole method: asked before anything is written.
 *
 * @module
 */
import { randomStream } from "../core/mod.ts";
import {
  groupByLabel,
  type ImageSet,
  splitIdentities,
  splitImages,
} from "../data/mod.ts";
import { verificationPairs } from "../metrics/mod.ts";
import type { ReproduceSettings } from "./reproduce_settings.ts";

/**
 * Goes through the splits of a run without training anything.
 *
 * @param images All images of the target.
 * @param settings Seed and split of the run.
 * @throws {RangeError} If there are too few identities to split, a training identity has fewer than two images (no
 * covariance, eqs. 6 and 7), or the test identities give too few pairs for ten folds.
 *
 * @example
 * ```ts
 * import { checkTarget } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * const faces = proceduralFaces({ identities: 36, imagesPerIdentity: 4, size: 16 });
 * checkTarget(faces, { seed: 0, data: { testFraction: 1 / 3, trainCount: 3 } });
 * ```
 */
export function checkTarget(
  images: ImageSet,
  settings: Pick<ReproduceSettings, "seed" | "data">,
): void {
  const { train, test } = splitIdentities(images, settings.data);
  const { train: chosen } = splitImages(train, settings.data);
  if (train.identities.length < 2) {
    throw new RangeError(
      `Cannot run the method as there must be at least 2 training identities: current value is ${train.identities.length}`,
    );
  }
  for (const [label, indices] of groupByLabel(chosen.labels)) {
    if (indices.length < 2) {
      throw new RangeError(
        `Cannot run the method as every training identity must have at least 2 images: current value is ${indices.length} of '${
          chosen.identities[label]
        }'`,
      );
    }
  }
  verificationPairs(test.labels, {
    random: randomStream(settings.seed, "verification-pairs"),
  });
}

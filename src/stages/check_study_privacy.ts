/**
 * Whether a target is large enough for a study of privacy.
 *
 * @module
 */
import {
  groupByLabel,
  type ImageSet,
  splitIdentities,
  splitImages,
} from "../data/mod.ts";
import { leastImpostorPairs } from "../privacy/mod.ts";
import { checkTarget } from "./check_target.ts";
import type { PrivacyStudySettings } from "./study_privacy_settings.ts";

/**
 * Refuses, before anything slow, images that the audits of a study could not set their thresholds by.
 *
 * @param images All images of the target.
 * @param settings The split, and the false-match rates.
 * @throws {RangeError} If there are too few people, or pairs of different people.
 *
 * @example
 * ```ts
 * import { proceduralFaces } from "@outis/outis/world";
 * import { checkStudyPrivacy } from "./check_study_privacy.ts";
 *
 * const faces = proceduralFaces({ identities: 15, imagesPerIdentity: 4, size: 16 });
 * checkStudyPrivacy(faces, {
 *   data: { testFraction: 1 / 3, trainCount: 4 },
 *   falseMatchRate: 1e-2,
 *   curves: { dropRates: [1e-2] },
 * });
 * ```
 */
export function checkStudyPrivacy(
  images: ImageSet,
  settings: Pick<PrivacyStudySettings, "data" | "falseMatchRate"> & {
    curves: Pick<PrivacyStudySettings["curves"], "dropRates">;
  },
): void {
  const { data, falseMatchRate, curves } = settings;
  checkTarget(images, { seed: 0, data });
  const people = splitIdentities(images, data);
  const { train } = splitImages(people.train, data);
  const sets = [train, people.test];
  const count = train.count + people.test.count;
  let pairs = count * (count - 1) / 2;
  for (
    const { length } of sets.flatMap(({ labels }) => [
      ...groupByLabel(labels).values(),
    ])
  ) {
    pairs -= length * (length - 1) / 2;
  }
  const least = leastImpostorPairs(
    Math.min(falseMatchRate, ...curves.dropRates),
  );
  if (pairs < least) {
    throw new RangeError(
      `Cannot study privacy as 'images' must make at least ${least} pairs of different people for a false-match rate: current value is ${pairs}`,
    );
  }
}

/**
 * Whether images can be trained on.
 *
 * @module
 */
import { checkLength } from "../core/mod.ts";
import type { ImageSet } from "../data/mod.ts";

/**
 * Refuses a set without images, of another size than the network takes, or with labels that stand for nobody: the loss of
 * such a label would mean nothing, and no operation would tell.
 *
 * @param act What cannot be done, as in "train a recogniser".
 * @param name Name of the argument.
 * @param set The images; their pixels are not looked at.
 * @param size Height and width the network takes.
 * @throws {RangeError} If there are no images, fewer than two identities, or a label is out of range.
 * @throws {TypeError} If the size is another, or there are not as many labels as images.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { proceduralFaces } from "@outis/outis/world";
 * import { checkTrainingImages } from "./check_training_images.ts";
 *
 * const faces = proceduralFaces({ identities: 2, imagesPerIdentity: 1, size: 16 });
 * faces.labels[1] = 2;
 * assertThrows(
 *   () => checkTrainingImages("train", "real", faces, { height: 16, width: 16 }),
 *   RangeError,
 *   "'real.labels[1]' must be a whole number from 0 to 1: current value is 2",
 * );
 * ```
 */
export function checkTrainingImages(
  act: string,
  name: string,
  set: ImageSet,
  size: { height: number; width: number },
): void {
  const people = set.identities.length;
  if (set.count < 1) {
    throw new RangeError(
      `Cannot ${act} as '${name}' must have images: current value is without`,
    );
  }
  if (people < 2) {
    throw new RangeError(
      `Cannot ${act} as '${name}' must be of two identities and more: current value is ${people}`,
    );
  }
  const [found, expected] = [set, size]
    .map(({ height, width }) => `${height} x ${width}`);
  if (found !== expected) {
    throw new TypeError(
      `Cannot ${act} as '${name}' must be images of ${expected}: current value is ${found}`,
    );
  }
  checkLength(act, `${name}.labels`, set.labels, set.count);
  const at = set.labels.findIndex((label) => !(label >= 0 && label < people));
  if (at < 0) return;
  throw new RangeError(
    `Cannot ${act} as '${name}.labels[${at}]' must be a whole number from 0 to ${
      people - 1
    }: current value is ${set.labels[at]}`,
  );
}

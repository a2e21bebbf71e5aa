/**
 * Images under the labels of another list of people.
 *
 * @module
 */
import { byteImageSet, bytesOfImages } from "./byte_image_set.ts";
import type { ImageSet } from "./image_set.ts";

/**
 * Gives a set the labels of another list of identities, by name: label y then means the same in both.
 *
 * @param set Images. Pixels are shared, not copied.
 * @param identities Names, in the order of the labels wanted; those of whom the set has no image included.
 * @returns The same images, with labels into `identities`.
 * @throws {RangeError} If an identity of the set is not in the list.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { nameIdentities } from "@outis/outis/data";
 *
 * const set = {
 *   images: new Float32Array(3),
 *   height: 1,
 *   width: 1,
 *   count: 1,
 *   labels: new Int32Array(1),
 *   identities: ["bo"],
 *   paths: ["bo/1.png"],
 *   problems: [],
 * };
 * assertEquals([...nameIdentities(set, ["ada", "bo"]).labels], [1]);
 * ```
 */
export function nameIdentities(
  set: ImageSet,
  identities: readonly string[],
): ImageSet {
  const labelOf = new Map(identities.map((name, label) => [name, label]));
  const stranger = set.identities.find((name) => !labelOf.has(name));
  if (stranger !== undefined) {
    throw new RangeError(
      `Cannot name identities as 'set' must be of people of the list: current value is one with '${stranger}'`,
    );
  }
  const { height, width, count, paths, problems } = set;
  const rest = {
    height,
    width,
    count,
    paths,
    problems,
    labels: Int32Array.from(
      set.labels,
      (label) => labelOf.get(set.identities[label])!,
    ),
    identities: [...identities],
  };
  const bytes = bytesOfImages(set);
  return bytes === undefined
    ? { images: set.images, ...rest }
    : byteImageSet(bytes, rest);
}

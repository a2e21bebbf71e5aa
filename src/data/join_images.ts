/**
 * Two sets of images as one.
 *
 * @module
 */
import { byteImageSet, bytesOfImages } from "./byte_image_set.ts";
import { gatherPixels, type ImageSet } from "./image_set.ts";

/**
 * Puts two sets of different people together: the labels of the second follow those of the first.
 *
 * Two sets of bytes stay bytes.
 *
 * @param first Images.
 * @param second Images of other identities, of the same size.
 * @returns All images, those of `first` first. Shares no memory with them.
 * @throws {TypeError} If the sizes differ.
 * @throws {RangeError} If an identity has the same name in both: is it the same person?
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { joinImages } from "@outis/outis/data";
 *
 * const setOf = (name: string) => ({
 *   images: new Float32Array(3),
 *   height: 1,
 *   width: 1,
 *   count: 1,
 *   labels: new Int32Array(1),
 *   identities: [name],
 *   paths: [`${name}/1.png`],
 *   problems: [],
 * });
 * const { identities, labels } = joinImages(setOf("ada"), setOf("bo"));
 * assertEquals([identities, [...labels]], [["ada", "bo"], [0, 1]]);
 * ```
 */
export function joinImages(first: ImageSet, second: ImageSet): ImageSet {
  const size = ({ height, width }: ImageSet) => `${height} x ${width}`;
  if (size(first) !== size(second)) {
    throw new TypeError(
      `Cannot join images as 'second' must be of ${
        size(first)
      }: current value is ${size(second)}`,
    );
  }
  const known = new Set(first.identities);
  const both = second.identities.find((name) => known.has(name));
  if (both !== undefined) {
    throw new RangeError(
      `Cannot join images as 'second' must be of other identities: current value is one with '${both}', too`,
    );
  }
  const offset = first.identities.length;
  const rest = {
    height: first.height,
    width: first.width,
    count: first.count + second.count,
    labels: Int32Array.from([
      ...first.labels,
      ...Array.from(second.labels, (label) => label + offset),
    ]),
    identities: [...first.identities, ...second.identities],
    paths: [...first.paths, ...second.paths],
    problems: [...first.problems, ...second.problems],
  };
  const [a, b] = [first, second].map(bytesOfImages);
  if (a !== undefined && b !== undefined) {
    const bytes = new Uint8Array(a.length + b.length);
    bytes.set(a);
    bytes.set(b, a.length);
    return byteImageSet(bytes, rest);
  }
  const [p, q] = [first, second].map((set) =>
    gatherPixels(set, Array.from({ length: set.count }, (_, i) => i))
  );
  const images = new Float32Array(p.length + q.length);
  images.set(p);
  images.set(q, p.length);
  return { images, ...rest };
}

/**
 * Labelled images in memory.
 *
 * @module
 */
import { checkLength, checkRange, digestBytes } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";

/** Images of identities, all of one size. */
export interface ImageSet {
  /** Pixels, `[count, height, width, 3]` in row-major order, RGB in [-1, 1]. */
  images: Float32Array;
  /** Height in pixels. */
  height: number;
  /** Width in pixels. */
  width: number;
  /** Number of images. */
  count: number;
  /** Identity of each image, an index into `identities`. */
  labels: Int32Array;
  /** Names of the identities. */
  identities: string[];
  /** Where each image comes from: a path, or any other name. */
  paths: string[];
  /** What was left out on reading, one sentence each. */
  problems: string[];
}

/**
 * Picks images.
 *
 * @param set Images.
 * @param indices Which, in this order; one may be picked twice.
 * @returns A set of copies, under the same identities and labels.
 * @throws {RangeError} If an index is out of range.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { subsetImages } from "@outis/outis/data";
 *
 * const set = {
 *   images: new Float32Array(3 * 2 * 2 * 3),
 *   height: 2,
 *   width: 2,
 *   count: 3,
 *   labels: new Int32Array([0, 0, 1]),
 *   identities: ["ada", "bob"],
 *   paths: ["ada/1.png", "ada/2.png", "bob/1.png"],
 *   problems: [],
 * };
 * assert(subsetImages(set, [2]).paths[0] === "bob/1.png");
 * ```
 */
export function subsetImages(
  set: ImageSet,
  indices: ArrayLike<number>,
): ImageSet {
  const images = gatherPixels(set, indices);
  const picked = Array.from(indices);
  return {
    images,
    height: set.height,
    width: set.width,
    count: picked.length,
    labels: Int32Array.from(picked, (i) => set.labels[i]),
    identities: set.identities,
    paths: picked.map((i) => set.paths[i]),
    problems: set.problems,
  };
}

/**
 * Picks all images of some identities; labels count within these afterwards.
 *
 * @param set Images.
 * @param identities Indices into `set.identities`, without repetition: the first becomes label 0.
 * @returns A set of copies, in the order of `set`.
 * @throws {RangeError} If an index is out of range or repeated.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { takeIdentities } from "@outis/outis/data";
 *
 * const set = {
 *   images: new Float32Array(2 * 3),
 *   height: 1,
 *   width: 1,
 *   count: 2,
 *   labels: new Int32Array([0, 1]),
 *   identities: ["ada", "bob"],
 *   paths: ["ada/1.png", "bob/1.png"],
 *   problems: [],
 * };
 * assert(takeIdentities(set, [1]).labels[0] === 0);
 * ```
 */
export function takeIdentities(
  set: ImageSet,
  identities: readonly number[],
): ImageSet {
  const labelOf = new Map<number, number>();
  for (const identity of identities) {
    checkRange("take identities", "identities", identity, {
      min: 0,
      max: set.identities.length - 1,
      integer: true,
    });
    if (labelOf.has(identity)) {
      throw new RangeError(
        `Cannot take identities as 'identities' must be without repetition: current value is ${identity} twice`,
      );
    }
    labelOf.set(identity, labelOf.size);
  }
  const indices = [...set.labels.keys()].filter((i) =>
    labelOf.has(set.labels[i])
  );
  const taken = subsetImages(set, indices);
  return {
    ...taken,
    labels: taken.labels.map((label) => labelOf.get(label)!),
    identities: identities.map((identity) => set.identities[identity]),
  };
}

/**
 * Copies pixels of some images.
 *
 * @param set Images.
 * @param indices Which, in this order.
 * @returns `[indices.length, height, width, 3]` in row-major order.
 * @throws {RangeError} If an index is out of range.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { gatherPixels } from "@outis/outis/data";
 *
 * const set = {
 *   images: new Float32Array([0, 0, 0, 1, 1, 1]),
 *   height: 1,
 *   width: 1,
 *   count: 2,
 *   labels: new Int32Array(2),
 *   identities: ["ada"],
 *   paths: ["1.png", "2.png"],
 *   problems: [],
 * };
 * assert(gatherPixels(set, [1])[0] === 1);
 * ```
 */
export function gatherPixels(
  set: ImageSet,
  indices: ArrayLike<number>,
): Float32Array<ArrayBuffer> {
  const size = set.height * set.width * 3;
  checkLength("gather images", "images", set.images, set.count * size);
  const pixels = new Float32Array(indices.length * size);
  for (let k = 0; k < indices.length; k++) {
    const i = indices[k];
    checkRange("gather images", `indices[${k}]`, i, {
      min: 0,
      max: set.count - 1,
      integer: true,
    });
    pixels.set(set.images.subarray(i * size, (i + 1) * size), k * size);
  }
  return pixels;
}

/**
 * Makes a batch of some images.
 *
 * @param set Images.
 * @param indices Which, in this order.
 * @returns `[indices.length, height, width, 3]`. Owned by the caller.
 * @throws {RangeError} If an index is out of range.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { gatherImages } from "@outis/outis/data";
 *
 * const set = {
 *   images: new Float32Array(2 * 3),
 *   height: 1,
 *   width: 1,
 *   count: 2,
 *   labels: new Int32Array(2),
 *   identities: ["ada"],
 *   paths: ["1.png", "2.png"],
 *   problems: [],
 * };
 * const batch = gatherImages(set, [1, 0, 1]);
 * assert(batch.shape[0] === 3);
 * batch.dispose();
 * ```
 */
export function gatherImages(
  set: ImageSet,
  indices: ArrayLike<number>,
): tf.Tensor4D {
  return tf.tensor4d(gatherPixels(set, indices), [
    indices.length,
    set.height,
    set.width,
    3,
  ]);
}

/**
 * Fingerprint of a set: of size, identities, labels and pixels, not of paths.
 *
 * @param set Images.
 * @returns SHA-256, 64 hexadecimal digits.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { digestImages } from "@outis/outis/data";
 *
 * const set = {
 *   images: new Float32Array(3),
 *   height: 1,
 *   width: 1,
 *   count: 1,
 *   labels: new Int32Array(1),
 *   identities: ["ada"],
 *   paths: ["1.png"],
 *   problems: [],
 * };
 * assert(digestImages(set).length === 64);
 * ```
 */
export function digestImages(set: ImageSet): string {
  const { images, labels, identities, height, width } = set;
  const pixels = digestBytes(
    new Uint8Array(images.buffer, images.byteOffset, images.byteLength),
  );
  return digestBytes(
    JSON.stringify([height, width, identities, [...labels], pixels]),
  );
}

/**
 * Labelled images in memory.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { checkLength, checkRange, digestBytes } from "../core/mod.ts";
import { jit, tensorOfBytes, tf } from "../engine/mod.ts";
import {
  byteImageSet,
  bytesOfImages,
  valuesOfBytes,
} from "./byte_image_set.ts";

/** Images of identities, all of one size. */
export interface ImageSet {
  /**
   * Pixels, `[count, height, width, 3]` in row-major order, RGB in [-1, 1]. Sets read from files hold bytes and make
   * these when first asked, all at once: `gatherPixels` takes what a batch needs.
   */
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
  const picked = Array.from(indices);
  const rest = {
    height: set.height,
    width: set.width,
    count: picked.length,
    labels: Int32Array.from(picked, (i) => set.labels[i]),
    identities: set.identities,
    paths: picked.map((i) => set.paths[i]),
    problems: set.problems,
  };
  const bytes = bytesOfImages(set);
  if (bytes === undefined) {
    return { images: gatherPixels(set, picked), ...rest };
  }
  const own = new Uint8Array(picked.length * sizeOf(set));
  copy(set, bytes, picked, (image, at) => own.set(image, at));
  return byteImageSet(own, rest);
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
  const relabelled = {
    labels: Int32Array.from(set.labels, (label) => labelOf.get(label) ?? -1),
    identities: identities.map((identity) => set.identities[identity]),
  };
  const { height, width, count, paths, problems } = set;
  const rest = { height, width, count, paths, problems, ...relabelled };
  const bytes = bytesOfImages(set);
  return subsetImages(
    bytes === undefined
      ? { images: set.images, ...rest }
      : byteImageSet(bytes, rest),
    indices,
  );
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
  const size = sizeOf(set);
  const pixels = new Float32Array(indices.length * size);
  const bytes = bytesOfImages(set);
  if (bytes === undefined) {
    copy(set, set.images, indices, (image, at) => pixels.set(image, at));
  } else {
    copy(
      set,
      bytes,
      indices,
      (image, at) => valuesOfBytes(image, pixels.subarray(at, at + size)),
    );
  }
  return pixels;
}

/**
 * (b - 127.5) / 127.5 in one pass: in float32 it is b / 127.5 - 1 to the last bit; the other order is not, nor would be
 * the product that a constant divisor is turned into.
 */
const pixelsOf = jit(
  (bytes: tf.Tensor, half: tf.Scalar) =>
    tf.div(tf.sub(bytes, half), half) as tf.Tensor4D,
  { compiler: "xla" },
);

/** Where a batch's bytes are put together before they are handed over: new memory for each would take longer. */
let staging = new Uint8Array();

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
  const shape: [number, number, number, number] = [
    indices.length,
    set.height,
    set.width,
    3,
  ];
  const bytes = bytesOfImages(set);
  if (bytes === undefined) {
    return tf.tensor4d(gatherPixels(set, indices), shape);
  }
  const size = indices.length * sizeOf(set);
  if (staging.length < size) staging = new Uint8Array(size);
  const own = staging.subarray(0, size);
  copy(set, bytes, indices, (image, at) => own.set(image, at));
  return tf.tidy(() => pixelsOf(tensorOfBytes(own, shape), tf.scalar(127.5)));
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
  const { labels, identities, height, width, count } = set;
  const hash = createHash("sha256");
  // Some at a time: a set of bytes stays one.
  for (let from = 0; from < count; from += 256) {
    const some = Array.from(
      { length: Math.min(256, count - from) },
      (_, i) => from + i,
    );
    hash.update(new Uint8Array(gatherPixels(set, some).buffer));
  }
  return digestBytes(
    JSON.stringify([
      height,
      width,
      identities,
      [...labels],
      hash.digest("hex"),
    ]),
  );
}

function sizeOf({ height, width }: ImageSet): number {
  return height * width * 3;
}

// Hands out the images one by one, with the place of each in the result.
function copy<Values extends Float32Array | Uint8Array>(
  set: ImageSet,
  values: Values,
  indices: ArrayLike<number>,
  put: (image: Values, at: number) => void,
): void {
  const size = sizeOf(set);
  checkLength("gather images", "images", values, set.count * size);
  for (let k = 0; k < indices.length; k++) {
    const i = indices[k];
    checkRange("gather images", `indices[${k}]`, i, {
      min: 0,
      max: set.count - 1,
      integer: true,
    });
    put(values.subarray(i * size, (i + 1) * size) as Values, k * size);
  }
}

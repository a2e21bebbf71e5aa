/**
 * Sets of images that are kept as bytes: a quarter of the memory.
 *
 * @module
 */
import { checkLength } from "../core/mod.ts";
import type { ImageSet } from "./image_set.ts";

/** Where the bytes of a set lie. A copy by spread is not in here: it has its own `images`. */
const bytesOfSet = new WeakMap<object, Uint8Array>();

/** What byte b stands for: b / 127.5 - 1, rounded to float32. */
const VALUES = Float32Array.from({ length: 256 }, (_, b) => b / 127.5 - 1);

/**
 * Makes a set whose pixels stay bytes until they are asked for.
 *
 * Its `images` are made, all at once, when they are first read: `gatherPixels` and `gatherImages` make only those of a
 * batch.
 *
 * @param bytes RGB, 0 to 255, `[count, height, width, 3]`. Kept, not copied.
 * @param set All else.
 * @returns The set.
 * @throws {TypeError} If the number of bytes does not fit the size.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { byteImageSet } from "@outis/outis/data";
 *
 * const set = byteImageSet(new Uint8Array([0, 255, 0]), {
 *   height: 1,
 *   width: 1,
 *   count: 1,
 *   labels: new Int32Array(1),
 *   identities: ["ada"],
 *   paths: ["ada/1.png"],
 *   problems: [],
 * });
 * assertEquals([...set.images], [-1, 1, -1]);
 * ```
 */
export function byteImageSet(
  bytes: Uint8Array,
  set: Omit<ImageSet, "images">,
): ImageSet {
  const { count, height, width } = set;
  checkLength("keep images", "bytes", bytes, count * height * width * 3);
  let images: Float32Array | undefined;
  const made = {
    get images() {
      return images ??= valuesOfBytes(bytes);
    },
    ...set,
  };
  bytesOfSet.set(made, bytes);
  return made;
}

/**
 * The bytes of a set made by `byteImageSet`.
 *
 * @param set Images.
 * @returns `[count, height, width, 3]`, not to be changed; undefined where the set holds float32 pixels.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bytesOfImages } from "./byte_image_set.ts";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * const faces = proceduralFaces({ identities: 1, imagesPerIdentity: 1, size: 16 });
 * assertEquals(bytesOfImages(faces), undefined);
 * ```
 */
export function bytesOfImages(set: ImageSet): Uint8Array | undefined {
  return bytesOfSet.get(set);
}

/**
 * Bytes to pixels: b / 127.5 - 1.
 *
 * @param bytes From 0 to 255.
 * @param into Where to. @default a new array
 * @returns `into`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { valuesOfBytes } from "./byte_image_set.ts";
 *
 * assertEquals([...valuesOfBytes(new Uint8Array([0, 255]))], [-1, 1]);
 * ```
 */
export function valuesOfBytes(
  bytes: Uint8Array,
  into: Float32Array<ArrayBuffer> = new Float32Array(bytes.length),
): Float32Array<ArrayBuffer> {
  for (let i = 0; i < bytes.length; i++) into[i] = VALUES[bytes[i]];
  return into;
}

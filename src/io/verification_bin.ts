/**
 * Verification sets as insightface ships them (`lfw.bin`, `agedb_30.bin`, `cfp_fp.bin`, `calfw.bin`, `cplfw.bin`): a
 * pickle of a list of encoded images, two for each pair, and a list of truth values.
 *
 * @module
 */
import { unpickle } from "./pickle.ts";

/** Content of a verification set. */
export interface VerificationBin {
  /** Encoded images: pair k is the images 2k and 2k + 1. */
  images: Uint8Array[];
  /** Whether the two images of a pair show the same person. */
  same: boolean[];
}

/**
 * Reads a verification set, written by Python 2 or 3. Nothing in it is executed.
 *
 * @param bytes Content of the file. Borrowed; the images are views into it.
 * @param source Name of the file, for errors.
 * @returns Images and truth values.
 * @throws {SyntaxError} If it is no such pickle, truncated, or holds other than two images for each truth value.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { decodeVerificationBin, encodeVerificationBin } from "@outis/outis/io";
 *
 * const images = [new Uint8Array([1]), new Uint8Array([2])];
 * const bytes = encodeVerificationBin({ images, same: [true] });
 * assert(decodeVerificationBin(bytes).same[0]);
 * ```
 */
export function decodeVerificationBin(
  bytes: Uint8Array,
  source = "verification set",
): VerificationBin {
  const refuse = (rule: string, value: string) =>
    new SyntaxError(
      `Cannot read verification pairs as '${source}' must be ${rule}: current value is ${value}`,
    );
  const content = unpickle(bytes, { source, globals: numpyScalars });
  if (!Array.isArray(content) || content.length !== 2) {
    throw refuse("a pickle of two lists", "another object");
  }
  const [images, truths] = content as [unknown, unknown];
  if (!Array.isArray(images) || !Array.isArray(truths)) {
    throw refuse("a pickle of two lists", "a pickle of other things");
  }
  if (images.length !== 2 * truths.length) {
    throw refuse(
      "of two images for each truth value",
      `${images.length} images and ${truths.length} truth values`,
    );
  }
  const broken = images.findIndex((image) => !(image instanceof Uint8Array));
  if (broken >= 0) {
    throw refuse("of encoded images", `something else at ${broken}`);
  }
  const same = truths.map((truth, i) => {
    if (truth === true || truth === 1) return true;
    if (truth === false || truth === 0) return false;
    throw refuse("of truth values", `something else at ${i}`);
  });
  return { images: images as Uint8Array[], same };
}

/**
 * Writes a verification set: pickle of protocol 3, which Python 3 reads with and without `encoding="bytes"`.
 *
 * @param pairs Images and truth values.
 * @returns Content of the file; the same pairs give the same bytes.
 * @throws {TypeError} If there are other than two images for each truth value.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { encodeVerificationBin } from "@outis/outis/io";
 *
 * const images = [new Uint8Array(8), new Uint8Array(8)];
 * assert(encodeVerificationBin({ images, same: [false] })[1] === 3);
 * ```
 */
export function encodeVerificationBin(
  pairs: VerificationBin,
): Uint8Array<ArrayBuffer> {
  const { images, same } = pairs;
  if (images.length !== 2 * same.length) {
    throw new TypeError(
      `Cannot write verification pairs as 'images' must be of length ${
        2 * same.length
      }: current value is of length ${images.length}`,
    );
  }
  const letter = (text: string) =>
    Uint8Array.from(text, (c) => c.charCodeAt(0));
  const chunks: Uint8Array[] = [letter("\x80\x03](")]; // PROTO 3, EMPTY_LIST, MARK
  for (const image of images) {
    const head = new Uint8Array(5);
    head[0] = 0x42; // BINBYTES
    new DataView(head.buffer).setUint32(1, image.length, true);
    chunks.push(head, image);
  }
  chunks.push(letter("e](")); // APPENDS, EMPTY_LIST, MARK
  chunks.push(Uint8Array.from(same, (value) => value ? 0x88 : 0x89)); // NEWTRUE, NEWFALSE
  chunks.push(letter("e\x86.")); // APPENDS, TUPLE2, STOP
  const whole = new Uint8Array(
    chunks.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

// Truth values that went through numpy are pickled as one-byte arrays without axes.
const scalar = (_type: unknown, bytes: unknown) =>
  bytes instanceof Uint8Array && bytes.length === 1 && bytes[0] <= 1
    ? bytes[0] === 1
    : undefined;
const numpyScalars = {
  "numpy.dtype": () => ({}),
  "numpy.core.multiarray.scalar": scalar,
  "numpy._core.multiarray.scalar": scalar,
};

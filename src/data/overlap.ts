/**
 * Images that two sets share: train and test, or real and synthetic.
 *
 * @module
 */
import { checkRange } from "../core/mod.ts";
import { hammingIndex } from "./hamming_index.ts";
import {
  fingerprintImages,
  type FingerprintImagesOptions,
  type ImageFingerprint,
  THUMBNAIL_SIDE,
} from "./image_fingerprint.ts";
import type { ImageRecord } from "./image_record.ts";

/** Options of {@linkcode findOverlap}. */
export interface FindOverlapOptions extends FingerprintImagesOptions {
  /** Most bits of 64 in which the hashes of near duplicates differ, 0 to 15. @default 10 */
  threshold?: number;
  /** Least correlation of their thumbnails, from -1 (any) to 1. @default 0.95 */
  likeness?: number;
  /** Whether mirror images count as near duplicates. @default true */
  flips?: boolean;
  /** Most duplicates of either kind listed for an image of the second set; the nearest are. @default 10 */
  listed?: number;
}

/** Two images with the same bytes. */
export interface ExactDuplicate {
  /** Image of the first set, an index. */
  first: number;
  /** Image of the second set, an index. */
  second: number;
}

/** Two images that look the same. */
export interface NearDuplicate extends ExactDuplicate {
  /** Bits of 64 in which the hashes differ. */
  distance: number;
  /** Whether the second looks like the mirror image of the first. */
  flipped: boolean;
}

/** What {@linkcode findOverlap} finds. */
export interface Overlap {
  /** Pairs with the same SHA-256, in the order of the second set. */
  exact: ExactDuplicate[];
  /** Pairs that look the same and are not exact, in the order of the second set, nearest first. */
  near: NearDuplicate[];
  /** Images of the second set with an exact or near duplicate in the first. */
  affected: number;
  /** Exact duplicates in all, those beyond the limit of the list included. */
  exactCount: number;
  /** Near duplicates in all, those beyond the limit of the list included. */
  nearCount: number;
  /** Images that could not be compared, one sentence each. */
  problems: string[];
  /** What was done, in one sentence, to be printed beside the numbers. */
  rule: string;
}

/** Searches between two looks at the signal. */
const STRIDE = 1024;

/**
 * Finds images of a second set that are in the first: the same bytes, or nearly the same look.
 *
 * Near duplicates are those whose pHash differs in at most `threshold` of 64 bits and whose thumbnails correlate by at
 * least `likeness`. That finds recompressed, resized, brightened and mirrored copies; not crops, and not other photographs
 * of the same person. The hash is made for photographs in general, and aligned faces resemble each other more: the
 * thumbnails tell those apart. (600 rendered faces of 64 x 64: all copies at JPEG quality 30 lie within 6 bits and
 * correlate by 0.988 or more; of 359,400 pairs of others, mirrored ones included, 8 lie within 10 bits, and these
 * correlate by 0.78 or less.) Only fingerprints are kept, and the search does not compare each with each.
 *
 * @param first Images, or their fingerprints from an earlier call.
 * @param second Images, or their fingerprints.
 * @param options Threshold and progress, which counts the images of both sets.
 * @returns Exact and near duplicates.
 * @throws {RangeError} If the threshold is no whole number from 0 to 15, or `listed` none from 1.
 * @throws {DOMException} `AbortError`, if the signal stops it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodePng } from "@outis/outis/io";
 * import { findOverlap } from "@outis/outis/data";
 *
 * const pixels = new Float32Array(4 * 4 * 3).map((_, i) => (i % 7) / 7);
 * const png = await encodePng({ pixels, height: 4, width: 4 });
 * const bytes = () => Promise.resolve(png);
 * const train = [{ path: "train/1.png", identity: "ada", bytes }];
 * const test = [{ path: "test/9.png", identity: "bob", bytes }];
 * const { exact } = await findOverlap(train, test);
 * assertEquals(exact, [{ first: 0, second: 0 }]);
 * ```
 */
export async function findOverlap(
  first: readonly (ImageRecord | ImageFingerprint)[],
  second: readonly (ImageRecord | ImageFingerprint)[],
  options: FindOverlapOptions = {},
): Promise<Overlap> {
  const {
    threshold = 10,
    likeness = 0.95,
    flips = true,
    listed = 10,
    onProgress,
    signal,
  } = options;
  checkRange("find overlap", "threshold", threshold, {
    min: 0,
    max: 15,
    integer: true,
  });
  checkRange("find overlap", "likeness", likeness, { min: -1, max: 1 });
  checkRange("find overlap", "listed", listed, { min: 1, integer: true });
  const total = first.length + second.length;
  const prints = async (
    images: readonly (ImageRecord | ImageFingerprint)[],
    before: number,
  ): Promise<readonly ImageFingerprint[]> =>
    images.every(isFingerprint) ? images : await fingerprintImages(images, {
      onProgress: (done) => onProgress?.(before + done, total),
      ...(signal === undefined ? {} : { signal }),
    });
  const a = await prints(first, 0);
  const b = await prints(second, first.length);

  const byDigest = new Map<string, number[]>();
  for (const [i, { digest }] of a.entries()) {
    if (digest === undefined) continue;
    const same = byDigest.get(digest);
    if (same) same.push(i);
    else byDigest.set(digest, [i]);
  }
  const index = hammingIndex(a.map(({ hash }) => hash?.upright), threshold);
  const exact: ExactDuplicate[] = [];
  const near: NearDuplicate[] = [];
  let exactCount = 0;
  let nearCount = 0;
  let affected = 0;
  for (const [j, { digest, hash }] of b.entries()) {
    if (j % STRIDE === 0) {
      await new Promise((resolve) => setTimeout(resolve)); // lets an interruption in
      signal?.throwIfAborted();
    }
    const same = digest === undefined ? [] : byDigest.get(digest) ?? [];
    exactCount += same.length;
    for (const i of same.slice(0, listed)) exact.push({ first: i, second: j });
    // An image found before: as an exact copy, or nearer the other way round.
    const known = new Set(same);
    const similar = (hash === undefined ? [] : [
      ...index.search(hash.upright).map((match) => ({
        ...match,
        flipped: false,
      })),
      ...(flips ? index.search(hash.flipped) : [])
        .map((match) => ({ ...match, flipped: true })),
    ]).sort((x, y) => x.distance - y.distance || x.index - y.index)
      .filter(({ index, flipped }) => {
        const like = correlation(a[index].thumbnail, b[j].thumbnail, flipped);
        if (known.has(index) || like < likeness) return false;
        known.add(index);
        return true;
      });
    nearCount += similar.length;
    if (same.length > 0 || similar.length > 0) affected++;
    for (const { index, distance, flipped } of similar.slice(0, listed)) {
      near.push({ first: index, second: j, distance, flipped });
    }
  }
  return {
    exact,
    near,
    affected,
    exactCount,
    nearCount,
    problems: [...a, ...b].flatMap(({ problem }) => problem ?? []),
    rule:
      `Exact: the same SHA-256 of the file. Near: pHash (64 bits) differs in at most ${threshold} bits and thumbnails (16 x 16) correlate by at least ${likeness}${
        flips ? ", mirror images included" : ""
      }.`,
  };
}

function isFingerprint(
  image: ImageRecord | ImageFingerprint,
): image is ImageFingerprint {
  return "digest" in image || "problem" in image;
}

/** Correlation of two thumbnails, perhaps with the first one mirrored; 1 where one is not known. */
function correlation(
  a: Uint8Array | undefined,
  b: Uint8Array | undefined,
  flipped: boolean,
): number {
  if (a === undefined || b === undefined) return 1;
  const [n, last] = [a.length, THUMBNAIL_SIDE - 1];
  let [sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    // The last four bits are the column.
    const x = a[flipped ? i ^ last : i];
    const y = b[i];
    sumA += x;
    sumB += y;
    squareA += x * x;
    squareB += y * y;
    product += x * y;
  }
  const spread = (n * squareA - sumA ** 2) * (n * squareB - sumB ** 2);
  return spread > 0 ? (n * product - sumA * sumB) / Math.sqrt(spread) : 0;
}

/**
 * Finds hashes that differ in few bits without comparing each with each.
 *
 * @module
 */
import { checkRange } from "../core/mod.ts";
import { countBits, type HashBits } from "./perceptual_hash.ts";

/** A hash that was found. */
export interface HashMatch {
  /** Index of the hash. */
  index: number;
  /** Number of bits that differ. */
  distance: number;
}

/** Hashes to search in, made by {@linkcode hammingIndex}. */
export interface HammingIndex {
  /**
   * Finds all hashes within the radius.
   *
   * @param hash What to search for.
   * @returns Matches in ascending order of distance, then of index.
   */
  search(hash: HashBits): HashMatch[];
}

/** Keys of 16 bits: four parts of a hash, each with buckets of its own. */
const PARTS = 4;
const PART_BITS = 16;

/**
 * Multi-index hashing (M. Norouzi, A. Punjani and D. Fleet, "Fast search in Hamming space with multi-index hashing", CVPR
 * 2012): if two hashes differ in at most r bits, one of their four parts differs in at most r / 4. So only the buckets
 * near each part are looked at, and all matches are found.
 *
 * @param hashes What to search in; undefined ones are never found.
 * @param radius Most bits that differ, up to 15.
 * @returns The index; it takes 24 bytes a hash.
 * @throws {RangeError} If the radius is no whole number from 0 to 15.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { hammingIndex } from "@outis/outis/data";
 *
 * const index = hammingIndex([[0, 0], [0, 7], [99, 99]], 3);
 * assertEquals(index.search([0, 1]), [
 *   { index: 0, distance: 1 },
 *   { index: 1, distance: 2 },
 * ]);
 * ```
 */
export function hammingIndex(
  hashes: readonly (HashBits | undefined)[],
  radius: number,
): HammingIndex {
  checkRange("search hashes", "radius", radius, {
    min: 0,
    max: 15,
    integer: true,
  });
  const high = Uint32Array.from(hashes, (hash) => hash?.[0] ?? 0);
  const low = Uint32Array.from(hashes, (hash) => hash?.[1] ?? 0);
  const known = Uint32Array.from(
    [...hashes.keys()].filter((i) => hashes[i] !== undefined),
  );
  const masks = masksUpTo(Math.floor(radius / PARTS));
  const tables = Array.from({ length: PARTS }, (_, part) => {
    // Counting sort: members of bucket k lie from starts[k] to starts[k + 1].
    const starts = new Uint32Array(2 ** PART_BITS + 1);
    for (const i of known) starts[keyOf(high[i], low[i], part) + 1]++;
    for (let k = 0; k < 2 ** PART_BITS; k++) starts[k + 1] += starts[k];
    const next = starts.slice();
    const members = new Uint32Array(known.length);
    for (const i of known) members[next[keyOf(high[i], low[i], part)]++] = i;
    return { starts, members };
  });
  // Which search saw a hash last: it may be near in several parts.
  const seen = new Uint32Array(hashes.length);
  let searches = 0;

  return {
    search([a, b]) {
      searches++;
      const matches: HashMatch[] = [];
      for (let part = 0; part < PARTS; part++) {
        const { starts, members } = tables[part];
        const key = keyOf(a, b, part);
        for (const mask of masks) {
          const bucket = key ^ mask;
          for (let k = starts[bucket]; k < starts[bucket + 1]; k++) {
            const i = members[k];
            if (seen[i] === searches) continue;
            seen[i] = searches;
            const distance = countBits(high[i] ^ a) + countBits(low[i] ^ b);
            if (distance <= radius) matches.push({ index: i, distance });
          }
        }
      }
      return matches.sort((x, y) =>
        x.distance - y.distance || x.index - y.index
      );
    },
  };
}

function keyOf(high: number, low: number, part: number): number {
  const half = part < 2 ? high : low;
  return part % 2 === 0 ? half >>> PART_BITS : half & 0xffff;
}

/** All keys with at most `bits` ones. */
function masksUpTo(bits: number): Uint32Array {
  const masks: number[] = [];
  for (let mask = 0; mask < 2 ** PART_BITS; mask++) {
    if (countBits(mask) <= bits) masks.push(mask);
  }
  return Uint32Array.from(masks);
}

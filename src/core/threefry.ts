/**
 * The block cipher behind every random number of this project: Threefry-2x32 with 20 rounds.
 *
 * From J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011), the generator JAX uses too. A key
 * and a counter, two 32-bit words each, give two random words: no state, so draw i can be had without draws 0 to i - 1.
 *
 * @module
 */

/** Skein's key-schedule constant, so that no key leaves all three schedule words equal to zero. */
const PARITY = 0x1bd11bda;

/** A key of the cipher: two unsigned 32-bit words. */
export type ThreefryKey = readonly [number, number];

/**
 * Fills `out` with the words of consecutive counters: block j (words 2j and 2j + 1 of `out`) is the cipher at counter
 * `firstBlock + j`.
 *
 * @param key Two unsigned 32-bit words.
 * @param firstBlock Counter of the first block, a whole number in [0, 2^53).
 * @param out Words to fill; its length is even.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { threefryFill } from "./threefry.ts";
 *
 * const words = new Uint32Array(2);
 * threefryFill([0, 0], 0, words);
 * assert(words[0] === 0x6b200159 && words[1] === 0x99ba4efe);
 * ```
 */
export function threefryFill(
  key: ThreefryKey,
  firstBlock: number,
  out: Uint32Array,
): void {
  let low = firstBlock >>> 0;
  let high = Math.floor(firstBlock / 0x1_0000_0000) >>> 0;
  for (let j = 0; j + 1 < out.length; j += 2) {
    encrypt(key[0] | 0, key[1] | 0, low | 0, high | 0, out, j);
    low = (low + 1) >>> 0;
    if (low === 0) high = (high + 1) >>> 0;
  }
}

/**
 * Encrypts one counter.
 *
 * @param key Two unsigned 32-bit words.
 * @param counterLow First counter word.
 * @param counterHigh Second counter word.
 * @returns The two words of the cipher, usable as a key.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { threefry } from "./threefry.ts";
 *
 * assert(threefry([0, 0], 0, 0)[0] === 0x6b200159);
 * ```
 */
export function threefry(
  key: ThreefryKey,
  counterLow: number,
  counterHigh: number,
): ThreefryKey {
  const out = new Uint32Array(2);
  encrypt(key[0] | 0, key[1] | 0, counterLow | 0, counterHigh | 0, out, 0);
  return [out[0], out[1]];
}

// Written out round by round: signed 32-bit arithmetic that the optimising compiler keeps in registers.
function encrypt(
  k0: number,
  k1: number,
  c0: number,
  c1: number,
  out: Uint32Array,
  at: number,
): void {
  const k2 = PARITY ^ k0 ^ k1;
  let x = (c0 + k0) | 0;
  let y = (c1 + k1) | 0;

  x = (x + y) | 0, y = ((y << 13) | (y >>> 19)) ^ x;
  x = (x + y) | 0, y = ((y << 15) | (y >>> 17)) ^ x;
  x = (x + y) | 0, y = ((y << 26) | (y >>> 6)) ^ x;
  x = (x + y) | 0, y = ((y << 6) | (y >>> 26)) ^ x;
  x = (x + k1) | 0, y = (y + k2 + 1) | 0;

  x = (x + y) | 0, y = ((y << 17) | (y >>> 15)) ^ x;
  x = (x + y) | 0, y = ((y << 29) | (y >>> 3)) ^ x;
  x = (x + y) | 0, y = ((y << 16) | (y >>> 16)) ^ x;
  x = (x + y) | 0, y = ((y << 24) | (y >>> 8)) ^ x;
  x = (x + k2) | 0, y = (y + k0 + 2) | 0;

  x = (x + y) | 0, y = ((y << 13) | (y >>> 19)) ^ x;
  x = (x + y) | 0, y = ((y << 15) | (y >>> 17)) ^ x;
  x = (x + y) | 0, y = ((y << 26) | (y >>> 6)) ^ x;
  x = (x + y) | 0, y = ((y << 6) | (y >>> 26)) ^ x;
  x = (x + k0) | 0, y = (y + k1 + 3) | 0;

  x = (x + y) | 0, y = ((y << 17) | (y >>> 15)) ^ x;
  x = (x + y) | 0, y = ((y << 29) | (y >>> 3)) ^ x;
  x = (x + y) | 0, y = ((y << 16) | (y >>> 16)) ^ x;
  x = (x + y) | 0, y = ((y << 24) | (y >>> 8)) ^ x;
  x = (x + k1) | 0, y = (y + k2 + 4) | 0;

  x = (x + y) | 0, y = ((y << 13) | (y >>> 19)) ^ x;
  x = (x + y) | 0, y = ((y << 15) | (y >>> 17)) ^ x;
  x = (x + y) | 0, y = ((y << 26) | (y >>> 6)) ^ x;
  x = (x + y) | 0, y = ((y << 6) | (y >>> 26)) ^ x;
  out[at] = (x + k2) | 0;
  out[at + 1] = (y + k0 + 5) | 0;
}

/**
 * Random numbers that depend on their name, not on the order of drawing.
 *
 * @module
 */
import { checkRange } from "./check.ts";
import { threefry, threefryFill, type ThreefryKey } from "./threefry.ts";

/** A key of a stream: whole numbers in [0, 2^53) or strings; `1` and `"1"` are different keys. */
export type StreamKey = string | number;

/**
 * A stream of random numbers with an index that every draw moves by one.
 *
 * A draw is a function of (seed, keys, kind of draw, index) only. So `n` calls of `normal()` give what one
 * `normals(n)` gives, and element i of `normals(n)` does not depend on n.
 */
export interface RandomStream {
  /**
   * A stream of its own for the keys. It starts at index 0 and does not depend on how much was drawn from this one.
   *
   * `fork("a", 1)` is `fork("a").fork(1)`.
   *
   * @throws {RangeError} If no key is given, or a number is no whole number in [0, 2^53).
   */
  fork(...keys: StreamKey[]): RandomStream;
  /** One number from the uniform distribution on [0, 1): a multiple of 2^-24, so exact in float32. */
  uniform(): number;
  /** One number from the standard normal distribution, a float32 value within ±6.8. */
  normal(): number;
  /** A whole number in [0, below), `below` at most 2^32; its probability is off by less than 2^-52. */
  integer(below: number): number;
  /** `n` uniform numbers. */
  uniforms(n: number): Float32Array<ArrayBuffer>;
  /** `n` standard normal numbers. */
  normals(n: number): Float32Array<ArrayBuffer>;
  /** The numbers 0 to n - 1 in random order (Fisher-Yates). Moves the index by one, whatever n. */
  permutation(n: number): Uint32Array<ArrayBuffer>;
}

// One key per kind of draw: at the same index, a uniform and a normal number must not share cipher blocks.
const UNIFORM = 0x756e6966;
const NORMAL = 0x6e6f726d;
const INTEGER = 0x696e7467;
const PERMUTATION = 0x7065726d;
const FORK_NUMBER = 0x666f726b;
const FORK_TEXT = 0x74657874;

/** Words made at a time: small enough to stay in the first-level cache. */
const CHUNK = 2048;

/**
 * Opens a random stream.
 *
 * Counter-based (Threefry-2x32-20, see threefry.ts): numbers are the same on every machine, in every batch size, order
 * and number of processes. The key has 64 bits, so two of m streams share one with probability about m^2 / 2^65: some
 * 10^-8 for a million streams.
 *
 * @param seed Whole number in [0, 2^53).
 * @param keys Names the stream, as in `fork`.
 * @returns The stream at index 0.
 * @throws {RangeError} If the seed, or a numeric key, is no whole number in [0, 2^53).
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { randomStream } from "@outis/outis/core";
 *
 * const random = randomStream(7, "noise");
 * const image = random.fork("identity", 3, "sample", 17).normals(12);
 * const again = randomStream(7, "noise", "identity", 3).fork("sample", 17);
 * assert(image[0] === again.normal() && image[1] === again.normal());
 * ```
 */
export function randomStream(
  seed: number,
  ...keys: StreamKey[]
): RandomStream {
  checkKey("open a random stream", "seed", seed);
  return openStream(deriveKey(deriveByNumber([0, 0], seed), keys));
}

function openStream(key: ThreefryKey): RandomStream {
  const uniformKey = separate(key, UNIFORM);
  const normalKey = separate(key, NORMAL);
  const integerKey = separate(key, INTEGER);
  const permutationKey = separate(key, PERMUTATION);
  let index = 0;

  function advance(act: string, n: number): number {
    checkRange(act, "n", n, { min: 0, max: 0xffff_ffff, integer: true });
    const start = index;
    index += n;
    return start;
  }

  return {
    fork(...keys) {
      if (keys.length === 0) {
        throw new RangeError(
          "Cannot fork a random stream as 'keys' must be at least one key: current value is none",
        );
      }
      return openStream(deriveKey(key, keys));
    },
    uniform: () => drawByBlock(uniformKey, index++, 1, toUniforms)[0],
    normal: () => drawByBlock(normalKey, index++, 1, toNormals)[0],
    integer(below) {
      checkRange("draw a random integer", "below", below, {
        min: 1,
        max: 0x1_0000_0000,
        integer: true,
      });
      const block = new Uint32Array(2);
      threefryFill(integerKey, index++, block);
      return toInteger(block, below);
    },
    uniforms(n) {
      const start = advance("draw uniform numbers", n);
      return drawByBlock(uniformKey, start, n, toUniforms);
    },
    normals(n) {
      const start = advance("draw normal numbers", n);
      return drawByBlock(normalKey, start, n, toNormals);
    },
    permutation(n) {
      checkRange("draw a permutation", "n", n, {
        min: 0,
        max: 0xffff_ffff,
        integer: true,
      });
      const own = threefry(permutationKey, index >>> 0, highWord(index));
      index++;
      const order = new Uint32Array(n);
      const block = new Uint32Array(2);
      for (let i = 0; i < n; i++) {
        threefryFill(own, i, block);
        const j = toInteger(block, i + 1);
        order[i] = order[j];
        order[j] = i;
      }
      return order;
    },
  };
}

// Numbers `start` to `start + n - 1` of a sequence in which one cipher block makes two numbers.
function drawByBlock(
  key: ThreefryKey,
  start: number,
  n: number,
  convert: (words: Uint32Array, out: Float32Array) => void,
): Float32Array<ArrayBuffer> {
  const skipped = start % 2;
  const aligned = skipped + n + (skipped + n) % 2;
  const out = new Float32Array(aligned);
  const words = new Uint32Array(Math.min(CHUNK, aligned));
  for (let at = 0; at < aligned; at += CHUNK) {
    const count = Math.min(CHUNK, aligned - at);
    const chunk = count === words.length ? words : words.subarray(0, count);
    threefryFill(key, (start - skipped + at) / 2, chunk);
    convert(chunk, out.subarray(at, at + count));
  }
  return aligned === n ? out : out.slice(skipped, skipped + n);
}

function toUniforms(words: Uint32Array, out: Float32Array): void {
  for (let i = 0; i < words.length; i++) out[i] = (words[i] >>> 8) * 2 ** -24;
}

// Box-Muller: radius from the first word of a block, angle from the second, taken as a quarter turn (two bits) plus an
// angle within ±π/4 (thirty bits). There the series of sine and cosine are short: twice as fast as Math.sin and
// Math.cos, right to 1e-11, and the same bits in every JavaScript engine.
function toNormals(words: Uint32Array, out: Float32Array): void {
  for (let i = 0; i < words.length; i += 2) {
    // Half a step away from zero, so that the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log((words[i] + 0.5) * 2 ** -32));
    const word = words[i + 1];
    const a = ((word & 0x3fff_ffff) - 0x2000_0000) * (Math.PI * 2 ** -31);
    const b = a * a;
    const sine = radius * a *
      (1 + b * (-1 / 6 + b * (1 / 120 + b * (-1 / 5040 +
                    b * (1 / 362880 + b * (-1 / 39916800))))));
    const cosine = radius *
      (1 + b * (-1 / 2 + b * (1 / 24 + b * (-1 / 720 +
                    b *
                      (1 / 40320 +
                        b * (-1 / 3628800 + b * (1 / 479001600)))))));
    // A quarter turn swaps the two, a half turn changes both signs.
    const swap = (word & 0x4000_0000) !== 0;
    const sign = word >> 31 | 1;
    out[i] = sign * (swap ? -sine : cosine);
    out[i + 1] = sign * (swap ? cosine : sine);
  }
}

// 53 random bits scaled down: never reaches `below`.
function toInteger(block: Uint32Array, below: number): number {
  const bits = (block[0] >>> 5) * 2 ** 26 + (block[1] >>> 6);
  return Math.floor(bits * 2 ** -53 * below);
}

// Distinct keys are enough for independent sequences.
function separate(key: ThreefryKey, kind: number): ThreefryKey {
  return [key[0] ^ kind, key[1]];
}

function deriveKey(key: ThreefryKey, keys: readonly StreamKey[]): ThreefryKey {
  for (const part of keys) {
    key = typeof part === "string"
      ? deriveByText(key, part)
      : deriveByNumber(key, part);
  }
  return key;
}

function deriveByNumber(key: ThreefryKey, part: number): ThreefryKey {
  checkKey("fork a random stream", "key", part);
  return threefry(separate(key, FORK_NUMBER), part >>> 0, highWord(part));
}

// Absorbs the text eight bytes at a time; the length in the first key keeps padded texts apart.
function deriveByText(key: ThreefryKey, part: string): ThreefryKey {
  const bytes = new TextEncoder().encode(part);
  let state = threefry(separate(key, FORK_TEXT), bytes.length, 0);
  for (let i = 0; i < bytes.length; i += 8) {
    state = threefry(state, littleEndian(bytes, i), littleEndian(bytes, i + 4));
  }
  return state;
}

function littleEndian(bytes: Uint8Array, i: number): number {
  const at = (j: number) => bytes[i + j] ?? 0;
  return (at(0) | (at(1) << 8) | (at(2) << 16) | (at(3) << 24)) >>> 0;
}

function highWord(value: number): number {
  return Math.floor(value / 0x1_0000_0000) >>> 0;
}

function checkKey(act: string, name: string, value: number): void {
  checkRange(act, name, value, {
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    integer: true,
  });
}

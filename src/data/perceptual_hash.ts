/**
 * A fingerprint of what an image looks like: nearly the same for recompressed, resized or retouched copies.
 *
 * @module
 */
import { checkLength } from "../core/mod.ts";

/** Two halves of 64 bits, each an unsigned 32-bit number. */
export type HashBits = readonly [high: number, low: number];

/** Hashes of an image and of its mirror image. */
export interface PerceptualHash {
  /** Hash of the image. */
  upright: HashBits;
  /** Hash of the image flipped left to right. */
  flipped: HashBits;
}

/** Side of the picture that is transformed, in pixels. */
export const HASH_SIDE = 32;
/** Side of the block of low frequencies that is kept: 64 bits. */
const BLOCK = 8;
/** Mean square of the frequencies kept, in grey levels, below which a picture shows nothing to compare. */
const LEAST_CONTENT = 4;

// COSINES[k][x] = cos(π k (2x + 1) / 64): the discrete cosine transform of type 2.
const COSINES = Array.from(
  { length: BLOCK + 1 },
  (_, k) =>
    Float64Array.from(
      { length: HASH_SIDE },
      (_, x) => Math.cos(Math.PI * k * (2 * x + 1) / (2 * HASH_SIDE)),
    ),
);

/**
 * pHash (C. Zauner, "Implementation and benchmarking of perceptual image hash functions", 2010): 64 bits.
 *
 * A grey picture of 32 x 32 pixels is transformed by the discrete cosine transform; of its frequencies 1 to 8 in both
 * directions, bit 8(v - 1) + (u - 1) says whether the one at row v, column u lies above the median of the 64; the first
 * bit is the highest. Unlike in the reference implementation, no blur comes before: shrinking averages enough. Flipping
 * a picture turns the sign of the odd frequencies of its columns: its hash costs no second transform.
 *
 * @param grey Grey levels in [0, 255], `[32, 32]` in row-major order.
 * @returns Hashes of the picture and its mirror image; undefined if it is flat, because then its bits would be noise.
 * @throws {TypeError} If there are other than 1024 values.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { hammingDistance, perceptualHash } from "@outis/outis/data";
 *
 * const grey = Float32Array.from({ length: 1024 }, (_, i) => (i * i) % 251);
 * const hash = perceptualHash(grey)!;
 * const brighter = perceptualHash(grey.map((value) => 0.9 * value + 20))!;
 * assertEquals(hammingDistance(hash.upright, brighter.upright), 0);
 * assertEquals(perceptualHash(new Float32Array(1024)), undefined);
 * ```
 */
export function perceptualHash(
  grey: ArrayLike<number>,
): PerceptualHash | undefined {
  checkLength("hash an image", "grey", grey, HASH_SIDE * HASH_SIDE);
  // Rows first: [32, 8] of frequency u.
  const rows = new Float64Array(HASH_SIDE * BLOCK);
  for (let y = 0; y < HASH_SIDE; y++) {
    for (let u = 0; u < BLOCK; u++) {
      const cosines = COSINES[u + 1];
      let sum = 0;
      for (let x = 0; x < HASH_SIDE; x++) {
        sum += grey[y * HASH_SIDE + x] * cosines[x];
      }
      rows[y * BLOCK + u] = sum;
    }
  }
  const block = new Float64Array(BLOCK * BLOCK);
  let energy = 0;
  for (let v = 0; v < BLOCK; v++) {
    const cosines = COSINES[v + 1];
    for (let u = 0; u < BLOCK; u++) {
      let sum = 0;
      for (let y = 0; y < HASH_SIDE; y++) {
        sum += rows[y * BLOCK + u] * cosines[y];
      }
      block[v * BLOCK + u] = sum;
      energy += sum * sum;
    }
  }
  // An orthonormal transform would scale by 2 / 32: then the sum of squares is that of the pixels' deviations.
  const meanSquare = energy * (2 / HASH_SIDE) ** 2 / HASH_SIDE ** 2;
  if (!(meanSquare >= LEAST_CONTENT)) return undefined;
  const mirrored = block.map((value, i) => i % 2 === 0 ? -value : value);
  return { upright: toBits(block), flipped: toBits(mirrored) };
}

/**
 * Number of bits that differ.
 *
 * @param a Hash.
 * @param b Hash.
 * @returns From 0 to 64.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { hammingDistance } from "@outis/outis/data";
 *
 * assertEquals(hammingDistance([0, 5], [1, 6]), 3);
 * ```
 */
export function hammingDistance(a: HashBits, b: HashBits): number {
  return countBits(a[0] ^ b[0]) + countBits(a[1] ^ b[1]);
}

/**
 * Number of ones in 32 bits.
 *
 * @param bits Any 32-bit number.
 * @returns From 0 to 32.
 *
 * @example
 * ```ts
 * import { countBits } from "./perceptual_hash.ts";
 *
 * countBits(0b1011); // 3
 * ```
 */
export function countBits(bits: number): number {
  // Adds neighbouring bits, then pairs, then nibbles; the product adds the four bytes.
  bits -= (bits >>> 1) & 0x55555555;
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function toBits(block: Float64Array): HashBits {
  const sorted = block.toSorted();
  const median = (sorted[31] + sorted[32]) / 2;
  const half = (start: number) => {
    let bits = 0;
    for (let i = start; i < start + 32; i++) {
      bits = bits << 1 | (block[i] > median ? 1 : 0);
    }
    return bits >>> 0;
  };
  return [half(0), half(32)];
}

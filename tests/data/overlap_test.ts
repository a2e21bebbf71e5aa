import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import sharp from "sharp";
import { randomStream } from "../../src/core/mod.ts";
import { hammingIndex } from "../../src/data/hamming_index.ts";
import { fingerprintImages } from "../../src/data/image_fingerprint.ts";
import type { ImageRecord } from "../../src/data/image_record.ts";
import { findOverlap } from "../../src/data/overlap.ts";
import {
  hammingDistance,
  type HashBits,
  perceptualHash,
} from "../../src/data/perceptual_hash.ts";

const golden = JSON.parse(
  Deno.readTextFileSync(new URL("../golden/faces.json", import.meta.url)),
);

const bits = ([high, low]: HashBits) =>
  high.toString(2).padStart(32, "0") + low.toString(2).padStart(32, "0");

Deno.test("hashes, also of mirror images, are those of scipy's transform", () => {
  for (const { grey, upright, flipped } of golden.hashes) {
    const hash = perceptualHash(grey)!;
    assertEquals([bits(hash.upright), bits(hash.flipped)], [upright, flipped]);
  }
});

Deno.test("a flat picture has no hash", () => {
  assertEquals(perceptualHash(new Float32Array(1024).fill(77)), undefined);
  const noise = Float32Array.from({ length: 1024 }, (_, i) => 77 + (i % 3));
  assertEquals(perceptualHash(noise), undefined);
  assertEquals(perceptualHash(new Float32Array(1024).fill(NaN)), undefined);
  assertThrows(() => perceptualHash([1]), TypeError, "of length 1024");
});

Deno.test("the index finds what comparing each with each finds", () => {
  const word = fc.integer({ min: 0, max: 0xffff_ffff });
  // Neighbours of a few hashes, so that there is something to find.
  const flips = fc.array(fc.nat(63), { maxLength: 14 });
  const hash = fc.tuple(
    fc.constantFrom<HashBits>([0, 0], [0x9e3779b9, 0x7f4a7c15]),
    flips,
  )
    .map(([[high, low], flips]): HashBits => {
      for (const bit of flips) {
        if (bit < 32) low = (low ^ 2 ** bit) >>> 0;
        else high = (high ^ 2 ** (bit - 32)) >>> 0;
      }
      return [high, low];
    });
  const any = fc.oneof(hash, fc.tuple(word, word), fc.constant(undefined));
  fc.assert(
    fc.property(
      fc.array(any, { maxLength: 40 }),
      fc.nat(15),
      hash,
      (hashes, radius, wanted) => {
        const expected = hashes.flatMap((hash, index) => {
          const distance = hash ? hammingDistance(hash, wanted) : 99;
          return distance <= radius ? [{ index, distance }] : [];
        }).sort((a, b) => a.distance - b.distance || a.index - b.index);
        const index = hammingIndex(hashes, radius);
        assertEquals(index.search(wanted), expected);
        assertEquals(index.search(wanted), expected);
      },
    ),
    { numRuns: 40 },
  );
  // Spread as evenly as can be, 2 or 3 bits in each part: no part is nearer.
  const even = hammingIndex([[0x0003_0003, 0x0003_0003]], 8);
  assertEquals(even.search([0, 0]), [{ index: 0, distance: 8 }]);
  const uneven = hammingIndex([[0x0007_0007, 0x0007_0003]], 11);
  assertEquals(uneven.search([0, 0]), [{ index: 0, distance: 11 }]);
  assertThrows(() => hammingIndex([], 16), RangeError, "at most 15");
});

Deno.test("copies are found however they were changed, strangers are not", async () => {
  const records: ImageRecord[] = [];
  const add = (path: string, content: Uint8Array) =>
    void records.push({
      path,
      identity: "x",
      bytes: () => Promise.resolve(content),
    });
  const picture = (seed: number) => {
    const levels = randomStream(seed, "picture").uniforms(36);
    const raw = { height: 6, width: 6, channels: 1 as const };
    return sharp(Uint8Array.from(levels, (x) => 30 + 170 * x), { raw })
      .resize(64, 64, { kernel: "cubic" }).toColourspace("srgb");
  };
  const original = await picture(1).png().toBuffer();
  add("same", original);
  add("jpeg", await picture(1).jpeg({ quality: 60 }).toBuffer());
  add(
    "large",
    await sharp(original).resize(160, 160).webp().toBuffer(),
  );
  add("mirror", await sharp(original).flop().jpeg({ quality: 80 }).toBuffer());
  add("bright", await picture(1).linear(1.1, 4).png().toBuffer());
  for (const seed of [2, 3, 4]) {
    add(`stranger ${seed}`, await picture(seed).png().toBuffer());
  }
  add("broken", new Uint8Array(5));
  records.push({ path: "nowhere.png", identity: "x" });
  const blank = sharp({
    create: { width: 8, height: 8, channels: 3, background: "#777" },
  });
  add("flat", await blank.png().toBuffer());

  const first = [{
    path: "train",
    identity: "ada",
    bytes: () => Promise.resolve(original),
  }];
  const seen: number[] = [];
  const overlap = await findOverlap(first, records, {
    onProgress: (done, total) => seen.push(done / total),
  });
  assertEquals(overlap.exact, [{ first: 0, second: 0 }]);
  assertEquals(
    overlap.near.map(({ second, flipped }) => [records[second].path, flipped]),
    [["jpeg", false], ["large", false], ["mirror", true], ["bright", false]],
  );
  assert(overlap.near.every(({ distance }) => distance <= 10));
  assertEquals([overlap.affected, overlap.exactCount, overlap.nearCount], [
    5,
    1,
    4,
  ]);
  assertEquals(overlap.problems.length, 3);
  assert(overlap.problems[0].startsWith("broken cannot be compared"));
  assertEquals(
    overlap.problems[1],
    "nowhere.png cannot be compared: it is not there",
  );
  assertEquals(
    overlap.problems[2],
    "flat is compared by its bytes only: it is flat",
  );
  assertEquals([seen.length, seen.at(-1)], [12, 1]);

  const prints = await fingerprintImages(records);
  const upright = await findOverlap(first, prints, { flips: false, listed: 1 });
  assertEquals(upright.near.map(({ second }) => second), [1, 2, 4]);
  assertEquals(
    overlap.rule,
    "Exact: the same SHA-256 of the file. Near: pHash (64 bits) differs in at most 10 bits and thumbnails (16 x 16) correlate by at least 0.95, mirror images included.",
  );
});

Deno.test("lists stay short where everything is the same, and the counts tell all", async () => {
  const hash = { upright: [1, 2] as const, flipped: [3, 4] as const };
  const print = (i: number, digest: string) => ({
    path: `${i}`,
    identity: "x",
    digest,
    hash,
  });
  const first = Array.from({ length: 30 }, (_, i) => print(i, "same"));
  const second = [print(0, "other"), print(1, "same")];
  const overlap = await findOverlap(first, second, { listed: 3 });
  assertEquals(overlap.near.map(({ first, second }) => [first, second]), [
    [0, 0],
    [1, 0],
    [2, 0],
  ]);
  assertEquals(overlap.exact.length, 3);
  assertEquals([overlap.exactCount, overlap.nearCount, overlap.affected], [
    30,
    30,
    2,
  ]);
  const empty = await findOverlap([], []);
  assertEquals([empty.exact, empty.near], [[], []]);
});

Deno.test("wrong options are refused, and an interruption stops it", async () => {
  await assertRejects(
    () => findOverlap([], [], { threshold: 16 }),
    RangeError,
    "'threshold' must be a whole number at least 0 and at most 15",
  );
  await assertRejects(() => findOverlap([], [], { listed: 0 }), RangeError);
  const record = { path: "nowhere.png", identity: "x" };
  const signal = AbortSignal.abort();
  await assertRejects(
    () => findOverlap([record], [], { signal }),
    DOMException,
  );
});

Deno.test("thumbnails tell apart what only the hashes hold to be the same", async () => {
  const hash = { upright: [1, 2] as const, flipped: [1, 2] as const };
  const ramp = Uint8Array.from({ length: 256 }, (_, i) => 15 * (i % 16));
  const print = (digest: string, thumbnail: Uint8Array) => ({
    path: digest,
    identity: "x",
    digest,
    hash,
    thumbnail,
  });
  const first = [print("a", ramp)];
  const darker = print("b", ramp.map((level) => level / 2 + 9));
  const mirrored = print("c", ramp.map((level) => 225 - level));
  const across = print("d", ramp.map((_, i) => 15 * Math.floor(i / 16)));
  const { near } = await findOverlap(first, [darker, mirrored, across]);
  // These hashes are those of their mirror images, too: thumbnails say which way round.
  assertEquals(near.map(({ second, flipped }) => [second, flipped]), [
    [0, false],
    [1, true],
  ]);
  const any = await findOverlap(first, [darker, mirrored, across], {
    likeness: -1,
  });
  assertEquals(any.near.map(({ second }) => second), [0, 1, 2]);
  const flipped = {
    upright: [0xffff_0000, 0xffff_0000] as const,
    flipped: [1, 2] as const,
  };
  const { near: mirrors } = await findOverlap(first, [
    { ...mirrored, hash: flipped },
    { ...darker, hash: flipped },
  ]);
  assertEquals(mirrors, [{ first: 0, second: 0, distance: 0, flipped: true }]);
});

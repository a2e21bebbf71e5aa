import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import type { ImageSet } from "../../src/data/image_set.ts";
import { splitIdentities, splitImages } from "../../src/data/split.ts";

// `images` images of each name; the pixel value is the index.
function makeSet(identities: string[], images = 2): ImageSet {
  const labels = identities.flatMap((_, label) => Array(images).fill(label));
  return {
    images: Float32Array.from(
      { length: labels.length * 3 },
      (_, i) => Math.floor(i / 3),
    ),
    height: 1,
    width: 1,
    count: labels.length,
    labels: Int32Array.from(labels),
    identities,
    paths: labels.map((label, i) => `${identities[label]}/${i % images}.png`),
    problems: [],
  };
}

const names = Array.from({ length: 40 }, (_, i) => `person ${i}`);

Deno.test("splitIdentities() tests on the last by name unless told otherwise", () => {
  const set = makeSet(["d", "a", "c", "b"]);
  const { train, test, rule } = splitIdentities(set);
  assertEquals(train.identities, ["a", "b", "c"]);
  assertEquals(test.identities, ["d"]);
  // Image pixels travel with their labels: "d" was label 0 with images 0 and 1.
  assertEquals([...test.images], [0, 0, 0, 1, 1, 1]);
  assertEquals([...train.labels], [0, 0, 2, 2, 1, 1]);
  assertEquals(
    rule,
    "1 of 4 identities, the last by name, are for testing and never trained on.",
  );
});

Deno.test("a random split is the same for a seed, whatever the order of the set", () => {
  const split = (set: ImageSet, seed: number) =>
    splitIdentities(set, { testCount: 10, random: randomStream(seed) });
  const a = split(makeSet(names), 1);
  const b = split(makeSet(names.toReversed()), 1);
  assertEquals(a.test.identities, b.test.identities);
  assertEquals(a.test.identities.length, 10);
  assertEquals(
    [...a.train.identities, ...a.test.identities].sort(),
    names.toSorted(),
  );
  assertNotEquals(split(makeSet(names), 2).test.identities, a.test.identities);
});

Deno.test("a further identity displaces at most one from a random test set", () => {
  const options = { testCount: 10, random: randomStream(1) };
  const before = splitIdentities(makeSet(names), options).test.identities;
  const after = splitIdentities(makeSet([...names, "zoe"]), options).test;
  const kept = after.identities.filter((name) => before.includes(name));
  assertEquals(kept.length >= 9, true);
});

Deno.test("testFraction rounds and leaves at least one", () => {
  const count = (testFraction: number) =>
    splitIdentities(makeSet(names.slice(0, 10)), { testFraction }).test
      .identities.length;
  assertEquals([0.01, 0.24, 0.26, 0.9].map(count), [1, 2, 3, 9]);
});

Deno.test("a split that leaves one side empty is refused", () => {
  assertThrows(
    () => splitIdentities(makeSet(["a"])),
    RangeError,
    "'testCount'",
  );
  assertThrows(
    () => splitIdentities(makeSet(["a", "b"]), { testCount: 2 }),
    RangeError,
    "Cannot split identities as 'testCount' must be a whole number at least 1 and at most 1: current value is 2",
  );
  assertThrows(
    () => splitIdentities(makeSet(["a", "b"]), { testFraction: 1 }),
    RangeError,
    "'testFraction'",
  );
});

Deno.test("splitImages() takes the first by path and holds out the rest", () => {
  const set = makeSet(["b", "a"], 3);
  const { train, heldOut, rule } = splitImages(set, { trainCount: 2 });
  assertEquals(train.paths, ["b/0.png", "b/1.png", "a/0.png", "a/1.png"]);
  assertEquals(heldOut.paths, ["b/2.png", "a/2.png"]);
  assertEquals([...heldOut.labels], [0, 1]);
  assertEquals(heldOut.identities, ["b", "a"]);
  assertEquals(
    rule,
    "2 images of each identity, the first by name, are for training; the rest is held out.",
  );
  assertEquals(splitImages(set, { trainCount: 5 }).heldOut.count, 0);
  assertThrows(() => splitImages(set, { trainCount: 0 }), RangeError);
});

Deno.test("splitImages() chooses at random by identity and seed", () => {
  const set = makeSet(names, 6);
  const random = randomStream(3);
  const { train, heldOut } = splitImages(set, { trainCount: 4, random });
  assertEquals([train.count, heldOut.count], [160, 80]);
  const alone = splitImages(makeSet(["person 7"], 6), {
    trainCount: 4,
    random,
  });
  assertEquals(
    train.paths.filter((path) => path.startsWith("person 7/")),
    alone.train.paths,
  );
});

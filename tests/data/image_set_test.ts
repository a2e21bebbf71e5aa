import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { tf } from "../../src/engine/mod.ts";
import {
  digestImages,
  gatherImages,
  gatherPixels,
  type ImageSet,
  subsetImages,
  takeIdentities,
} from "../../src/data/image_set.ts";

// Five images of 1 x 2 pixels; image i holds 6i to 6i + 5.
const set: ImageSet = {
  images: Float32Array.from({ length: 30 }, (_, i) => i),
  height: 1,
  width: 2,
  count: 5,
  labels: new Int32Array([0, 0, 1, 2, 2]),
  identities: ["ada", "bob", "cyd"],
  paths: ["a1", "a2", "b1", "c1", "c2"],
  problems: [],
};

Deno.test("gatherImages() copies images in the order asked for", () => {
  const before = tf.memory().numTensors;
  const batch = gatherImages(set, [3, 0, 3]);
  assertEquals(batch.shape, [3, 1, 2, 3]);
  assertEquals([...batch.dataSync()], [
    ...[18, 19, 20, 21, 22, 23],
    ...[0, 1, 2, 3, 4, 5],
    ...[18, 19, 20, 21, 22, 23],
  ]);
  batch.dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("gatherPixels() refuses indices that are not there", () => {
  for (const index of [-1, 5, 0.5, NaN]) {
    assertThrows(() => gatherPixels(set, [0, index]), RangeError, "indices[1]");
  }
});

Deno.test("subsetImages() keeps labels and identities", () => {
  const subset = subsetImages(set, [4, 1]);
  assertEquals(subset.count, 2);
  assertEquals([...subset.labels], [2, 0]);
  assertEquals(subset.identities, set.identities);
  assertEquals(subset.paths, ["c2", "a2"]);
  assertEquals(subset.images[0], 24);
});

Deno.test("takeIdentities() counts labels anew", () => {
  const taken = takeIdentities(set, [2, 0]);
  assertEquals(taken.identities, ["cyd", "ada"]);
  assertEquals(taken.paths, ["a1", "a2", "c1", "c2"]);
  assertEquals([...taken.labels], [1, 1, 0, 0]);
  assertThrows(() => takeIdentities(set, [3]), RangeError, "'identities'");
  assertThrows(() => takeIdentities(set, [1, 1]), RangeError, "repetition");
});

Deno.test("digestImages() sees pixels, labels and names but not paths", () => {
  const digest = digestImages(set);
  assertEquals(
    digestImages({ ...set, paths: ["1", "2", "3", "4", "5"] }),
    digest,
  );
  const images = set.images.slice();
  images[29] += 1;
  const others: Partial<ImageSet>[] = [
    { images },
    { labels: new Int32Array([0, 0, 1, 2, 1]) },
    { identities: ["ada", "bob", "dan"] },
    { height: 2, width: 1 },
  ];
  for (const other of others) {
    assertNotEquals(digestImages({ ...set, ...other }), digest);
  }
});

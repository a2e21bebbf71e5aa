import { assert, assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { identityBatches, shuffledBatches } from "../../src/data/batches.ts";

const random = randomStream(1, "batches");

Deno.test("shuffledBatches() shows every image once before any twice", () => {
  const batch = shuffledBatches(10, { batchSize: 4, random });
  const seen = [0, 1, 2, 3, 4].flatMap((step) => [...batch(step)]);
  const all = [...Array(10).keys()];
  const ascending = (a: number, b: number) => a - b;
  assertEquals(seen.slice(0, 10).sort(ascending), all);
  assertEquals(seen.slice(10).sort(ascending), all);
  assert(seen.slice(0, 10).join() !== seen.slice(10).join());
});

Deno.test("a batch depends on seed and step only, not on the steps before", () => {
  const labels = Int32Array.from({ length: 60 }, (_, i) => i % 12);
  const makers = [
    () => shuffledBatches(60, { batchSize: 7, random }),
    () => identityBatches(labels, { identities: 5, images: 3, random }),
  ];
  for (const make of makers) {
    const forward = make();
    const batches = [...Array(30).keys()].map((step) => forward(step));
    const backward = make();
    for (let step = 29; step >= 0; step--) {
      assertEquals(backward(step), batches[step]);
    }
    random.normals(3);
    assertEquals(make()(17), batches[17]);
  }
});

Deno.test("a batch may be larger than the set", () => {
  const batch = shuffledBatches(3, { batchSize: 7, random })(0);
  const counts = [0, 1, 2].map((i) => batch.filter((v) => v === i).length);
  assertEquals(counts.reduce((a, b) => a + b), 7);
  assert(counts.every((count) => count === 2 || count === 3));
});

Deno.test("identityBatches() has P different identities with K different images each", () => {
  const labels = Int32Array.from({ length: 70 }, (_, i) => (i * 3) % 7);
  const batch = identityBatches(labels, { identities: 3, images: 4, random });
  for (let step = 0; step < 20; step++) {
    const indices = batch(step);
    assertEquals(new Set(indices).size, 12);
    const groups = [0, 4, 8].map((at) =>
      new Set([...indices.slice(at, at + 4)].map((i) => labels[i]))
    );
    assert(groups.every((group) => group.size === 1));
    assertEquals(new Set(groups.map((group) => [...group][0])).size, 3);
  }
});

Deno.test("identityBatches() shows identities equally often", () => {
  // 6 identities in batches of 2: three batches show each once.
  const labels = [0, 1, 2, 3, 4, 5, 0, 0, 0];
  const batch = identityBatches(labels, { identities: 2, images: 1, random });
  for (const epoch of [0, 1, 2]) {
    const seen = [0, 1, 2].flatMap((i) =>
      [...batch(epoch * 3 + i)].map((image) => labels[image])
    );
    assertEquals(seen.sort(), [0, 1, 2, 3, 4, 5]);
  }
});

Deno.test("an identity with too few images repeats them evenly", () => {
  const batch = identityBatches([5, 5, 9], {
    identities: 2,
    images: 4,
    random,
  });
  const indices = [...batch(0)].sort();
  assertEquals(indices, [0, 0, 1, 1, 2, 2, 2, 2]);
});

Deno.test("impossible batches are refused", () => {
  assertThrows(
    () => identityBatches([0, 0, 1], { identities: 3, images: 1, random }),
    RangeError,
    "Cannot make batches as 'identities' must be a whole number at least 1 and at most 2: current value is 3",
  );
  assertThrows(
    () => shuffledBatches(0, { batchSize: 1, random }),
    RangeError,
    "'count'",
  );
  const batch = shuffledBatches(3, { batchSize: 1, random });
  assertThrows(() => batch(-1), RangeError, "'step'");
});

Deno.test("epochs() tells in which order each image of a batch comes", () => {
  const batch = shuffledBatches(5, { batchSize: 4, random });
  assertEquals([...batch.epochs(0)], [0, 0, 0, 0]);
  assertEquals([...batch.epochs(1)], [0, 1, 1, 1]);
  assertEquals([...batch.epochs(4)], [3, 3, 3, 3]);
});

import { assert, assertEquals, assertThrows } from "@std/assert";
import { type RandomStream, randomStream } from "../../src/core/mod.ts";
import { chunkedIdentityBatches } from "../../src/data/mod.ts";
import golden from "../golden/identity_sampler.json" with { type: "json" };

/** A stream that gives the draws that Python made, by the keys it is forked with. */
function scripted(path: (string | number)[] = []): RandomStream {
  const [, epoch, part, number] = path;
  const draws = golden.epochs[Number(epoch)]?.draws;
  const byIdentity = (record: object) =>
    (record as { [identity: string]: number[] })[String(number)];
  let turn = 0;
  return {
    fork: (...keys: (string | number)[]) => scripted([...path, ...keys]),
    integer: () => byIdentity(draws.integers)[turn++],
    permutation: () =>
      Uint32Array.from(
        part === "images"
          ? byIdentity(draws.orders)
          : draws.identities[Number(number)],
      ),
  } as unknown as RandomStream;
}

Deno.test("chunkedIdentityBatches() makes the batches of Python's rule from its draws, epoch after epoch", () => {
  const { labels, identities, images } = golden;
  const random = scripted();
  const batch = chunkedIdentityBatches(labels, { identities, images, random });
  const expected = golden.epochs.flatMap(({ batches }) => batches);
  assertEquals(expected.map((_, step) => [...batch(step)]), expected);
  // In any order of asking.
  assertEquals([...batch(1)], expected[1]);
});

const labels = [0, 0, 0, 1, 1, 1, 1, 1, 2, 3, 3, 3, 3, 4, 4];

Deno.test("a batch has P identities with K images each, one identity after the other", () => {
  const options = { identities: 3, images: 2, random: randomStream(1) };
  const batch = chunkedIdentityBatches(labels, options);
  for (let step = 0; step < 30; step++) {
    const found = Array.from(batch(step), (i) => labels[i]);
    assertEquals(found.length, 6);
    const pairs = [0, 2, 4].map((at) => {
      assertEquals(found[at], found[at + 1]);
      return found[at];
    });
    assertEquals(new Set(pairs).size, 3);
  }
});

Deno.test("an image of an identity with K and more comes once in an epoch at most", () => {
  const options = { identities: 5, images: 2, random: randomStream(2) };
  // With P of all 5 identities an epoch ends as soon as one has given all it has: after one batch.
  const batch = chunkedIdentityBatches(labels, options);
  for (let step = 0; step < 10; step++) {
    const found = [...batch(step)].filter((i) => labels[i] !== 2);
    assertEquals(new Set(found).size, found.length);
  }
});

Deno.test("a step is the same however it is come by, and another seed gives others", () => {
  const draw = (seed: number) =>
    chunkedIdentityBatches(labels, {
      identities: 2,
      images: 2,
      random: randomStream(seed),
    });
  const all = draw(3);
  const inOrder = Array.from({ length: 20 }, (_, step) => [...all(step)]);
  assertEquals([...draw(3)(17)], inOrder[17]);
  assertEquals([...all(2)], inOrder[2]);
  const other = draw(4);
  assert(inOrder.some((batch, step) => String(batch) !== String(other(step))));
});

Deno.test("chunkedIdentityBatches() refuses more identities than there are, and steps that are none", () => {
  const random = randomStream(1);
  assertThrows(
    () => chunkedIdentityBatches(labels, { identities: 6, images: 1, random }),
    RangeError,
    "'identities' must be a whole number at least 1 and at most 5: current value is 6",
  );
  assertThrows(
    () => chunkedIdentityBatches(labels, { identities: 1, images: 0, random }),
    RangeError,
    "images",
  );
  const batch = chunkedIdentityBatches(labels, {
    identities: 2,
    images: 2,
    random,
  });
  assertThrows(() => batch(-1), RangeError, "step");
});

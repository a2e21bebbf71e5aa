import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { ImageRecord } from "../../src/data/image_record.ts";
import { subsetRecords } from "../../src/data/subset_records.ts";

const records: ImageRecord[] = Array.from({ length: 60 }, (_, i) => {
  const identity = `p${i % 7}`;
  return { path: `/data/${identity}/${i}.png`, identity };
});
const paths = (subset: { records: ImageRecord[] }) =>
  subset.records.map(({ path }) => path);

Deno.test("at most k images of n identities are taken, the same in any order and any place", () => {
  fc.assert(fc.property(
    fc.shuffledSubarray(records, { minLength: 60 }),
    fc.integer({ min: 1, max: 7 }),
    fc.integer({ min: 1, max: 10 }),
    fc.nat(5),
    (shuffled, identities, imagesPerIdentity, seed) => {
      const options = { identities, imagesPerIdentity, seed };
      const subset = subsetRecords(records, options);
      assertEquals(subsetRecords(shuffled, options), subset);
      const moved = shuffled.map((record) => ({
        ...record,
        path: `/elsewhere${record.path}`,
      }));
      assertEquals(
        paths(subsetRecords(moved, options)),
        paths(subset).map((path) => `/elsewhere${path}`),
      );
      const counts = Map.groupBy(subset.records, ({ identity }) => identity);
      assertEquals(counts.size, identities);
      for (const [identity, own] of counts) {
        const all = records.filter((r) => r.identity === identity).length;
        assertEquals(own.length, Math.min(imagesPerIdentity, all));
      }
    },
  ));
});

Deno.test("a smaller subset is part of a larger one, another seed gives another", () => {
  const large = paths(
    subsetRecords(records, { identities: 5, imagesPerIdentity: 6, seed: 3 }),
  );
  const small = paths(
    subsetRecords(records, { identities: 3, imagesPerIdentity: 2, seed: 3 }),
  );
  assertEquals(small.filter((path) => !large.includes(path)), []);
  const other = paths(
    subsetRecords(records, { identities: 3, imagesPerIdentity: 2, seed: 4 }),
  );
  assert(String(small) !== String(other));
  assertEquals(
    paths(subsetRecords(records)),
    records.map(({ path }) => path).sort(),
  );
});

Deno.test("junk, distractors and identities with too few images are not drawn", () => {
  const more: ImageRecord[] = [
    ...records,
    { path: "x/1.png", identity: "0000", role: "distractor" },
    { path: "x/2.png", identity: "-1", role: "junk" },
    { path: "z/3.png", identity: "z" },
  ];
  const subset = subsetRecords(more, { leastImages: 2, imagesPerIdentity: 1 });
  assertEquals(subset.records.length, 7);
  assertEquals(
    subset.rule,
    "At most 1 image of 7 of 8 identities (those with at least 2), chosen at random by name and seed 0.",
  );
  assertThrows(
    () => subsetRecords(more, { identities: 9 }),
    RangeError,
    "'identities' must be a whole number at least 1 and at most 8",
  );
  for (const option of ["identities", "imagesPerIdentity", "leastImages"]) {
    assertThrows(
      () => subsetRecords(records, { [option]: 0 }),
      RangeError,
      option,
    );
  }
});

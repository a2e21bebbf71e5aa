import { assert, assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import {
  faceGroups,
  groupIdentity,
  groupOf,
  proceduralFaces,
} from "../../src/world/mod.ts";
import { parameterRange } from "./parameter_range.ts";

Deno.test("groupOf() holds each group by its share in any run of people", () => {
  const shares = { A: 6, B: 2, C: 1, D: 1 };
  for (const start of [0, 137, 1_000_000]) {
    const counts = { A: 0, B: 0, C: 0, D: 0 };
    for (let i = 0; i < 200; i++) counts[groupOf(shares, start + i)]++;
    for (const [group, share] of Object.entries(shares)) {
      const expected = 200 * share / 10;
      const found = counts[group as keyof typeof counts];
      assert(Math.abs(found - expected) <= 3, `${group}: ${found}`);
    }
  }
  assertEquals(groupOf({ C: 0.1 }, 99), "C");
});

Deno.test("groupOf() refuses shares that are none", () => {
  for (const shares of [{}, { A: 0 }, { A: -1, B: 2 }, { A: NaN }]) {
    assertThrows(
      () => groupOf(shares, 0),
      RangeError,
      "'shares' must be numbers of at least 0 and not all 0",
    );
  }
});

Deno.test("groups differ in skin and shape, and every parameter stays in its range", () => {
  const means = faceGroups.map((group) => {
    const people = Array.from(
      { length: 60 },
      (_, i) => groupIdentity(randomStream(5, i), group),
    );
    for (const person of people) {
      for (const [name, value] of Object.entries(person)) {
        const [low, high] = parameterRange(name);
        assert(value >= low && value <= high, `${name} is ${value}`);
      }
    }
    return people.reduce((sum, { melanin }) => sum + melanin / 60, 0);
  });
  assert(means[0] < means[2] && means[2] < means[1] && means[1] < means[3]);
});

Deno.test("proceduralFaces() tells each person's group", () => {
  const shares = { A: 1, D: 1 };
  const faces = proceduralFaces({
    identities: 6,
    imagesPerIdentity: 1,
    size: 16,
    firstIdentity: 10,
    groups: shares,
  });
  assertEquals(
    faces.groups,
    Array.from({ length: 6 }, (_, i) => groupOf(shares, 10 + i)),
  );
  faces.parameters.forEach(({ melanin }, i) =>
    assertEquals(melanin >= 0.65, faces.groups[i] === "D")
  );
  const none = proceduralFaces({
    identities: 1,
    imagesPerIdentity: 1,
    size: 16,
  });
  assertEquals(none.groups, []);
});

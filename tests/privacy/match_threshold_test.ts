import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import {
  leastImpostorPairs,
  matchThreshold,
  rankThreshold,
} from "../../src/privacy/mod.ts";

const random = randomStream(1);

/** One unit vector in the plane for each angle. */
const circle = (angles: number[]) => ({
  data: new Float64Array(angles.flatMap((a) => [Math.cos(a), Math.sin(a)])),
  width: 2,
});

// 50 people on a half circle, one photograph each: 1,225 pairs, of which 12 may match at 0.01; the 49 neighbours are
// equally near, so that none of them may.
Deno.test("matchThreshold() lets no more pairs of different people match than asked for", () => {
  const step = Math.PI / 50;
  const even = circle(Array.from({ length: 50 }, (_, i) => i * step));
  const people = Array.from({ length: 50 }, (_, i) => i);
  const found = matchThreshold(even, people, { falseMatchRate: 0.01, random });
  assertEquals(found.impostorPairs, 1225);
  assertEquals(found.genuinePairs, 0);
  assertEquals(found.trueMatchRate, undefined);
  assert(found.measured <= 0.01);
});

Deno.test("matchThreshold() says what share of the same people's pairs matches", () => {
  // Everybody's second photograph is a hundredth of a radian away, every fifth person's 1 rad.
  const angles = Array.from({ length: 40 }, (_, i) => i * 0.15);
  const features = circle(
    angles.flatMap((a, i) => [a, a + (i % 5 === 0 ? 1 : 0.01)]),
  );
  const labels = Array.from({ length: 80 }, (_, i) => i >> 1);
  const found = matchThreshold(features, labels, {
    falseMatchRate: 0.01,
    random,
  });
  assertEquals(found.genuinePairs, 40);
  assertEquals(found.trueMatchRate, 0.8);
});

Deno.test("matchThreshold() draws pairs where there are too many, and finds nearly the same", () => {
  const features = { data: randomStream(3).normals(200 * 8), width: 8 };
  const labels = Array.from({ length: 200 }, (_, i) => i % 40);
  const all = matchThreshold(features, labels, {
    falseMatchRate: 0.01,
    random,
  });
  const some = matchThreshold(features, labels, {
    falseMatchRate: 0.01,
    pairs: 8000,
    random,
  });
  assertEquals(all.impostorPairs, 200 * 199 / 2 - 40 * 10);
  assertEquals(some.impostorPairs, 8000);
  assertEquals(all.genuinePairs, 400);
  assertAlmostEquals(all.threshold, some.threshold, 0.03);
});

Deno.test("matchThreshold() refuses a rate that its pairs cannot measure", () => {
  const features = { data: randomStream(4).normals(100 * 4), width: 4 };
  const labels = Array.from({ length: 100 }, (_, i) => i >> 1);
  const at = (falseMatchRate: number) =>
    matchThreshold(features, labels, { falseMatchRate, random });
  assertEquals(at(0.01).impostorPairs, 4900);
  assertThrows(
    () => at(1e-3),
    RangeError,
    "10000 for a rate of 0.001: current value is 4900",
  );
  assertThrows(() => at(0.02), RangeError, "falseMatchRate");
  assertThrows(() => at(1e-5), RangeError, "falseMatchRate");
  assertThrows(
    () => matchThreshold(features, [1], { random }),
    TypeError,
    "labels",
  );
});

Deno.test("rankThreshold() and leastImpostorPairs() by hand", () => {
  const cosines = new Float64Array([0.1, 0.2, 0.3, 0.4, 0.5]);
  assertEquals(rankThreshold(cosines, 0.4), { threshold: 0.4, matched: 2 });
  assertEquals(rankThreshold(cosines, 1), { threshold: 0.1, matched: 5 });
  const none = rankThreshold(cosines, 0.1);
  assert(none.threshold > 0.5 && none.matched === 0);
  // Of the three highest two are equal: one alone cannot match.
  const tied = new Float64Array([0.1, 0.3, 0.5, 0.5]);
  assertEquals(rankThreshold(tied, 0.25).matched, 0);
  assertEquals(leastImpostorPairs(1e-4), 100_000);
  assertEquals(leastImpostorPairs(1e-3), 10_000);
});

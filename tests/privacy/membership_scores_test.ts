import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { membershipScores } from "../../src/privacy/mod.ts";
import golden from "../golden/membership.json" with { type: "json" };

Deno.test("membershipScores() counts the pairs in which the member lies above, ties half", () => {
  // Pairs of (3, 2, 1) with (2, 0): 3 > 2, 3 > 0, 2 = 2, 2 > 0, 1 < 2, 1 > 0.
  const { areaUnderCurve, protocol } = membershipScores(
    { scores: [3, 2, 1] },
    { scores: [2, 0] },
  );
  assertEquals(areaUnderCurve, (1 + 1 + 0.5 + 1 + 0 + 1) / 6);
  assertEquals(protocol.counts, { members: 3, nonMembers: 2, people: 5 });
});

Deno.test("membershipScores() gives DeLong's interval where every image is somebody else's", () => {
  // V10 = (1, 1, 1/2), V01 = (1, 2/3), area 5/6: S10 = (2/36 + 4/36) / 2 = 1/12, S01 = 2/36.
  const { interval } = membershipScores(
    { scores: [5, 4, 2] },
    { scores: [1, 3] },
  );
  const deviation = Math.sqrt(1 / 12 / 3 + 1 / 18 / 2);
  assertAlmostEquals(
    interval![0],
    5 / 6 - 1.959963984540054 * deviation,
    1e-12,
  );
  assertEquals(interval![1], 1); // clipped
});

Deno.test("membershipScores() agrees with NumPy on area, clustered variance and rates", () => {
  for (const { members, nonMembers, expected } of golden.cases) {
    const found = membershipScores(members, nonMembers, {
      falsePositiveRates: [0.01, 0.1],
    });
    assertAlmostEquals(found.areaUnderCurve, expected.area, 1e-12);
    assertAlmostEquals(found.interval![0], expected.interval[0], 1e-10);
    assertAlmostEquals(found.interval![1], expected.interval[1], 1e-10);
    for (const [i, rate] of expected.rates.entries()) {
      const { truePositiveRate, interval } = found.found[i];
      if (rate === null) assertEquals(truePositiveRate, undefined);
      else {
        assertAlmostEquals(truePositiveRate!, rate.truePositiveRate, 1e-12);
        assertAlmostEquals(interval![0], rate.interval[0], 1e-10);
        assertAlmostEquals(interval![1], rate.interval[1], 1e-10);
      }
    }
  }
});

Deno.test("membershipScores() leaves out a rate that too few others can measure, and says so", () => {
  const members = { scores: [9, 8] };
  const count = (n: number) => ({
    scores: Array.from({ length: n }, (_, i) => i / n),
  });
  const [few] = membershipScores(members, count(99)).found;
  assertEquals(few, {
    falsePositiveRate: 0.01,
    reason: "99 others cannot measure a rate of 0.01.",
  });
  const [enough] = membershipScores(members, count(100)).found;
  assertEquals(enough.truePositiveRate, 1);
});

Deno.test("membershipScores() takes no more than the wanted share of others for members", () => {
  // 200 others at 1..200: two may lie above, so the threshold is above 198; of the members, 199 and 300 are found.
  const others = { scores: Array.from({ length: 200 }, (_, i) => i + 1) };
  const [at] = membershipScores({ scores: [198, 199, 300, 0] }, others).found;
  assertEquals(at.truePositiveRate, 2 / 4);
});

Deno.test("membershipScores() gives no interval where a side has one person, and says so", () => {
  const found = membershipScores(
    { scores: [3, 2], people: ["ada", "ada"] },
    { scores: [1, 0], people: ["bob", "cyd"] },
  );
  assertEquals(found.interval, undefined);
  assert(found.absent.interval.includes("two of each are needed"));
});

Deno.test("membershipScores() refuses empty sides, other lengths and what is not finite", () => {
  const good = { scores: [1, 2] };
  assertThrows(
    () => membershipScores({ scores: [] }, good),
    RangeError,
    "'members' must be at least one image",
  );
  assertThrows(
    () => membershipScores(good, { scores: [NaN] }),
    RangeError,
    "nonMembers.scores[0]",
  );
  assertThrows(
    () => membershipScores(good, { scores: [1], people: [] }),
    TypeError,
    "people",
  );
});

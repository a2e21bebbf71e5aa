import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import {
  holmAdjusted,
  meanInterval,
  pairedTest,
} from "../../src/metrics/mod.ts";
import golden from "../golden/student_t.json" with { type: "json" };

// Mean 3, deviation sqrt(10 / 4), so the error is sqrt(0.5); t(0.05, 4) = 2.776445.
Deno.test("meanInterval() of 1 to 5 is 3 ± 2.776445 * sqrt(0.5)", () => {
  const { mean, halfWidth, level, count } = meanInterval([1, 2, 3, 4, 5]);
  assertEquals([mean, level, count], [3, 0.95, 5]);
  assertAlmostEquals(halfWidth, 2.776445105 * Math.SQRT1_2, 1e-8);
});

Deno.test("meanInterval() and pairedTest() equal SciPy's t.interval and ttest_rel", () => {
  const { before, after, t, p, low, high } = golden.paired;
  const alone = meanInterval(after);
  assertAlmostEquals(alone.mean - alone.halfWidth, golden.interval.low, 1e-12);
  assertAlmostEquals(alone.mean + alone.halfWidth, golden.interval.high, 1e-12);
  const test = pairedTest(before, after, { level: 0.9 });
  assertAlmostEquals(test.t!, t, 1e-10);
  assertAlmostEquals(test.p!, p, 1e-12);
  assertAlmostEquals(test.mean - test.halfWidth, low, 1e-12);
  assertAlmostEquals(test.mean + test.halfWidth, high, 1e-12);
});

Deno.test("pairedTest() of equal differences has no t: there is nothing to measure by", () => {
  // 0.1 + 0.2 is not 0.3 to the last bit.
  for (
    const after of [
      [1, 2, 3],
      [1.1, 2.1, 3.1],
      [1, 2 + 4e-16, 3],
    ]
  ) {
    const test = pairedTest([1, 2, 3], after);
    assert(!("t" in test) && !("p" in test));
    assertAlmostEquals(test.mean, after[0] - 1, 1e-12);
  }
});

Deno.test("meanInterval() refuses one value, and a level outside (0, 1)", () => {
  assertThrows(() => meanInterval([1]), RangeError, "at least two");
  assertThrows(() => meanInterval([1, NaN]), RangeError);
  assertThrows(() => meanInterval([1, 2], { level: 1 }), RangeError, "'level'");
});

// Sorted 0.01, 0.02, 0.03, 0.6 times 4, 3, 2, 1: 0.04, 0.06, 0.06, 0.6.
Deno.test("holmAdjusted() multiplies by the tests left, in order, up to 1", () => {
  const adjusted = holmAdjusted([0.02, 0.6, 0.01, 0.03]);
  [0.06, 0.6, 0.04, 0.06].forEach((value, i) =>
    assertAlmostEquals(adjusted[i], value, 1e-12)
  );
  assertEquals(holmAdjusted([0.7, 0.9]), [1, 1]);
  assertEquals(holmAdjusted([]), []);
  assertThrows(() => holmAdjusted([2]), RangeError, "values[0]");
});

import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import golden from "../golden/bias.json" with { type: "json" };
import {
  bootstrapTails,
  percentileInterval,
} from "../../src/metrics/percentile_interval.ts";

Deno.test("percentileInterval() is np.quantile", () => {
  for (const [level, low, high] of golden.intervals) {
    const interval = percentileInterval(golden.values, level);
    assertAlmostEquals(interval.low, low, 1e-12);
    assertAlmostEquals(interval.high, high, 1e-12);
  }
});

Deno.test("infinite values make an infinite end, and no NaN", () => {
  const values = [1, 2, Infinity, Infinity, Infinity];
  assertEquals(percentileInterval(values, 0.9), { low: 1.2, high: Infinity });
});

Deno.test("bootstrapTails() is never 0 and at most 1", () => {
  assertEquals(bootstrapTails(new Array(999).fill(-2)), 2 / 1000);
  assertEquals(bootstrapTails([0, 0, 0]), 1);
  // 2 of 9 above 0: 2 (2 + 1) / 10.
  assertAlmostEquals(
    bootstrapTails([-1, -1, -1, -1, -1, -1, -1, 1, 1]),
    0.6,
    1e-12,
  );
});

Deno.test("percentileInterval() refuses too few values, NaN and a level outside (0, 1)", () => {
  assertThrows(() => percentileInterval([1], 0.9), RangeError, "values.length");
  assertThrows(() => percentileInterval([1, 2], 1), RangeError, "'level'");
  assertThrows(() => percentileInterval([1, NaN], 0.9), RangeError, "NaN");
  assertThrows(() => bootstrapTails([]), RangeError, "differences.length");
});

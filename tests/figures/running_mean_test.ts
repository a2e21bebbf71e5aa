import { assert, assertEquals, assertThrows } from "@std/assert";
import { runningMean } from "../../src/figures/running_mean.ts";

Deno.test("runningMean() averages a centred window, cut off at the ends", () => {
  // (0+3)/2, (0+3+6)/3, (3+6+12)/3, (6+12)/2
  assertEquals(runningMean([0, 3, 6, 12], 3), [1.5, 3, 7, 9]);
});

Deno.test("runningMean() of window 1 changes nothing", () => {
  assertEquals(runningMean(Float32Array.of(2, 0.5, -1), 1), [2, 0.5, -1]);
});

Deno.test("runningMean() wider than the curve is the mean everywhere", () => {
  assertEquals(runningMean([1, 2, 6], 101), [3, 3, 3]);
});

Deno.test("runningMean() leaves out what is not finite", () => {
  const means = runningMean([NaN, NaN, 4, Infinity, 6], 3);
  assert(Number.isNaN(means[0]));
  // (4), (4), (4 + 6) / 2, (6)
  assertEquals(means.slice(1), [4, 4, 5, 6]);
});

Deno.test("runningMean() refuses windows without a centre", () => {
  for (const window of [0, 2, 2.5, -1, NaN]) {
    assertThrows(
      () => runningMean([1, 2], window),
      RangeError,
      `Cannot average a curve as 'window' must be an odd whole number: current value is ${window}`,
    );
  }
});

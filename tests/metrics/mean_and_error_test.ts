import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import {
  meanAndError,
  pairedDifference,
} from "../../src/metrics/mean_and_error.ts";

Deno.test("meanAndError() of 2, 4, 4, 6", () => {
  const { mean, deviation, standardError, count } = meanAndError([2, 4, 4, 6]);
  assertEquals(mean, 4);
  // Squares 4 + 0 + 0 + 4 over n - 1 = 3.
  assertAlmostEquals(deviation, Math.sqrt(8 / 3), 1e-12);
  assertAlmostEquals(standardError, Math.sqrt(8 / 3) / 2, 1e-12);
  assertEquals(count, 4);
});

Deno.test("a large offset costs no precision", () => {
  const { deviation } = meanAndError([1e9 + 1, 1e9 + 2, 1e9 + 3]);
  assertAlmostEquals(deviation, 1, 1e-6);
});

Deno.test("pairedDifference() is blind to what both share", () => {
  const shared = randomStream(1).normals(50);
  const small = randomStream(2).normals(50).map((v) => v / 100);
  const after = shared.map((v, i) => v + 0.1 + small[i]);
  const { mean, standardError } = pairedDifference(shared, after);
  assertAlmostEquals(mean, 0.1, 0.005);
  assertAlmostEquals(standardError, 0.01 / Math.sqrt(50), 5e-4);
  assertEquals(pairedDifference([1, 5], [3, 9]).mean, 3);
});

Deno.test("one value has no error", () => {
  assertThrows(
    () => meanAndError([1]),
    RangeError,
    "Cannot estimate an error as 'values' must be at least two: current value is 1",
  );
  assertThrows(() => meanAndError([1, NaN]), RangeError, "'values[1]'");
  assertThrows(() => pairedDifference([1, 2], [1]), TypeError, "'after'");
});

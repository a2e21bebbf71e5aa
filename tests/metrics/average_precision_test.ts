import { assertEquals } from "@std/assert";
import { averagePrecision } from "../../src/metrics/average_precision.ts";

Deno.test("averagePrecision() averages the precision at each right image", () => {
  // Right images at ranks 2, 3 and 6: precisions 1/2, 2/3 and 3/6.
  assertEquals(
    averagePrecision([2, 3, 6], "step"),
    (1 / 2 + 2 / 3 + 3 / 6) / 3,
  );
});

Deno.test("averagePrecision() by trapezoids takes the precision before each into account", () => {
  // Before ranks 2, 3 and 6: 0 of 1, 1 of 2, 2 of 5.
  assertEquals(
    averagePrecision([2, 3, 6], "trapezoidal"),
    ((0 + 1 / 2) / 2 + (1 / 2 + 2 / 3) / 2 + (2 / 5 + 3 / 6) / 2) / 3,
  );
});

Deno.test("averagePrecision() is 1 by both rules where the right images come first", () => {
  for (const rule of ["step", "trapezoidal"] as const) {
    assertEquals(averagePrecision([1, 2, 3], rule), 1);
  }
});

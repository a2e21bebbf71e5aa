import { assert, assertEquals, assertThrows } from "@std/assert";
import { spacedTimes, type Spacing } from "../../src/diffusion/mod.ts";
import golden from "../golden/diffusion.json" with { type: "json" };

for (const row of golden.spacedTimes) {
  for (const spacing of ["even", "leading", "trailing"] as const) {
    const { steps, count } = row;
    Deno.test(`spacedTimes() is NumPy's: ${count} of ${steps}, ${spacing}`, () => {
      assertEquals(spacedTimes(steps, count, { spacing }), row[spacing]);
    });
  }
}

Deno.test("spacedTimes() rounds halves to the even neighbour", () => {
  assertEquals(spacedTimes(4, 3), [3, 2, 0]); // 1.5 -> 2
  assertEquals(spacedTimes(6, 3), [5, 2, 0]); // 2.5 -> 2
  assertEquals(spacedTimes(5, 2, { spacing: "trailing" }), [4, 1]); // 2.5 -> 2, less 1
});

Deno.test("spacedTimes() of all steps are all of them, of one the noisiest or the first", () => {
  const all = [6, 5, 4, 3, 2, 1, 0];
  const one = { even: 6, leading: 0, trailing: 6 };
  for (const spacing of ["even", "leading", "trailing"] as const) {
    assertEquals(spacedTimes(7, 7, { spacing }), all);
    assertEquals(spacedTimes(7, 1, { spacing }), [one[spacing]]);
    for (let count = 1; count <= 50; count++) {
      const times = spacedTimes(50, count, { spacing });
      assert(times.every((t, i) => i === 0 || t < times[i - 1]));
      assert(times[0] <= 49 && times[count - 1] >= 0);
    }
  }
});

Deno.test("spacedTimes() refuses what cannot be spaced", () => {
  for (const count of [0, 11, 2.5, NaN]) {
    assertThrows(() => spacedTimes(10, count), RangeError, "'count' must be");
  }
  assertThrows(() => spacedTimes(0, 1), RangeError, "'steps' must be");
  assertThrows(
    () => spacedTimes(10, 2, { spacing: "odd" as Spacing }),
    RangeError,
    `'spacing' must be one of "even", "leading", "trailing"`,
  );
});

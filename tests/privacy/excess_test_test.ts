import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { excessTest } from "../../src/privacy/mod.ts";

const random = randomStream(1);

// Of the 20 ways to choose three of six people, one has a difference as large: p = 1/20, up to the draws.
Deno.test("excessTest() has the exact p-value of a permutation test", () => {
  const test = excessTest([3, 4, 5], [0, 1, 2], {
    permutations: 19_999,
    random,
  });
  assertEquals([test.rate, test.reference, test.excess], [4, 1, 3]);
  assertAlmostEquals(test.pValue, 1 / 20, 0.006);
  // The other way round every way has a difference as large.
  assertEquals(excessTest([0, 1, 2], [3, 4, 5], { random }).pValue, 1);
});

// Of the 16 ways to flip the signs of (1, 1, 1, 2), one has as large a sum.
Deno.test("excessTest() of pairs flips signs", () => {
  const test = excessTest([2, 2, 2, 3], [1, 1, 1, 1], {
    paired: true,
    permutations: 19_999,
    random,
  });
  assertAlmostEquals(test.pValue, 1 / 16, 0.006);
  assert(test.interval[0] >= 1 && test.interval[1] <= 2);
});

Deno.test("excessTest() of nothing at all sees nothing", () => {
  const test = excessTest([0, 0, 0], [0, 0], { random });
  assertEquals([test.pValue, ...test.interval], [1, 0, 0]);
});

// People of one kind, dealt into two groups: a test at 5 % must be wrong in about 5 % of 400 cases (20 ± 4.4).
Deno.test("excessTest() keeps its level, skewed as rates are, and its interval covers", () => {
  let wrong = 0;
  let covered = 0;
  for (let seed = 0; seed < 400; seed++) {
    const draw = randomStream(seed, "rates");
    // Most people match nobody, a few do often.
    const rates = (count: number) =>
      Array.from({ length: count }, () => draw.uniform() ** 6);
    const test = excessTest(rates(12), rates(24), {
      permutations: 199,
      resamples: 199,
      random: draw,
    });
    if (test.pValue <= 0.05) wrong++;
    if (test.interval[0] <= 0 && test.interval[1] >= 0) covered++;
  }
  assert(wrong >= 6 && wrong <= 34, `${wrong} of 400`);
  assert(covered >= 320 && covered <= 385, `${covered} of 400`);
});

Deno.test("excessTest() refuses what it cannot test", () => {
  assertThrows(() => excessTest([1], [1, 2], { random }), RangeError, "real");
  assertThrows(
    () => excessTest([1, NaN], [1, 2], { random }),
    RangeError,
    "real[1]",
  );
  assertThrows(
    () => excessTest([1, 2, 3], [1, 2], { paired: true, random }),
    TypeError,
    "of length 3",
  );
});

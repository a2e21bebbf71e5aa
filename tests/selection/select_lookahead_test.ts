import { assertEquals, assertThrows } from "@std/assert";
import { selectLookahead } from "../../src/selection/mod.ts";

Deno.test("selectLookahead() keeps the smaller half, smallest first", () => {
  assertEquals(selectLookahead([3, -1, 2, -5]), Uint32Array.of(3, 1));
  assertEquals(
    selectLookahead(Float32Array.of(3, -1, 2, -5)),
    Uint32Array.of(3, 1),
  );
});

Deno.test("selectLookahead() keeps a fraction, rounded, or a number", () => {
  const utility = [5, 4, 3, 2, 1];
  const kept = (fraction: number) =>
    selectLookahead(utility, { keepFraction: fraction }).length;
  assertEquals([0, 0.25, 0.3, 0.5, 1].map(kept), [0, 1, 2, 3, 5]);
  assertEquals(
    selectLookahead(utility, { keepCount: 2 }),
    Uint32Array.of(4, 3),
  );
  assertEquals(selectLookahead(utility, { keepCount: 0 }), new Uint32Array());
});

Deno.test("selectLookahead() breaks ties by index", () => {
  const equal = new Array(100).fill(-0.5);
  assertEquals(
    selectLookahead(equal, { keepCount: 40 }),
    Uint32Array.from({ length: 40 }, (_, i) => i),
  );
  assertEquals(
    selectLookahead([1, 0, 1, 0, -0], { keepCount: 4 }),
    Uint32Array.of(1, 3, 4, 0),
  );
});

// Identity 4 is hard: over the batch it would keep none.
Deno.test("selectLookahead() keeps a fraction or number of each identity", () => {
  const utility = [-5, 3, -4, 2, -3, 1];
  const labels = [7, 4, 7, 4, 7, 4];
  assertEquals(
    selectLookahead(utility, { keepFraction: 1 / 3 }),
    Uint32Array.of(0, 2),
  );
  assertEquals(
    selectLookahead(utility, { keepFraction: 1 / 3, labels }),
    Uint32Array.of(0, 5),
  );
  assertEquals(
    selectLookahead(utility, { keepCount: 2, labels: Int32Array.from(labels) }),
    Uint32Array.of(0, 2, 5, 3),
  );
});

Deno.test("selectLookahead() keeps all of an identity that has too few", () => {
  assertEquals(
    selectLookahead([1, 2, 3, 4], { keepCount: 2, labels: [0, 1, 0, 0] }),
    Uint32Array.of(0, 1, 2),
  );
});

Deno.test("selectLookahead() breaks ties within identities by index", () => {
  assertEquals(
    selectLookahead(new Array(6).fill(0), { labels: [1, 1, 0, 0, 0, 0] }),
    Uint32Array.of(0, 2, 3),
  );
});

Deno.test("selectLookahead() of no candidates keeps none", () => {
  assertEquals(selectLookahead([]), new Uint32Array());
});

Deno.test("selectLookahead() refuses NaN and options out of range", () => {
  assertThrows(
    () => selectLookahead([0, NaN]),
    RangeError,
    "Cannot select candidates as 'utility[1]' must be a finite number: current value is NaN",
  );
  for (const keepFraction of [-0.1, 1.1, NaN]) {
    assertThrows(
      () => selectLookahead([1], { keepFraction }),
      RangeError,
      "keepFraction",
    );
  }
  for (const keepCount of [-1, 0.5, 2]) {
    assertThrows(
      () => selectLookahead([1], { keepCount }),
      RangeError,
      "keepCount",
    );
  }
  assertThrows(
    () => selectLookahead([1], { keepCount: 1, keepFraction: 1 }),
    TypeError,
    "'keepCount' must be given without 'keepFraction'",
  );
  assertThrows(
    () => selectLookahead([1, 2], { labels: [0] }),
    TypeError,
    "labels",
  );
});

import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import golden from "../golden/bias.json" with { type: "json" };
import { randomStream } from "../../src/core/mod.ts";
import { biasMetrics } from "../../src/metrics/bias_metrics.ts";
import { compareBias } from "../../src/metrics/compare_bias.ts";

const groups = Object.fromEntries(
  Object.entries(golden.groups).map(([name, { distances, same }]) => [
    name,
    { squaredDistances: distances, same },
  ]),
);
const { A, D } = groups;

Deno.test("a recogniser does not differ from itself", () => {
  const result = compareBias(groups, groups, { replicates: 100 });
  for (
    const change of [result.mean, result.std, ...Object.values(result.groups)]
  ) {
    assertEquals(change.difference, 0);
    assertEquals(change.interval, { low: 0, high: 0 });
    assertEquals(change.p, 1);
  }
  assertEquals(result.groups.A.mcNemar, { onlyFirst: 0, onlySecond: 0, p: 1 });
});

Deno.test("differences are those of the two measurements, and turn with the order", () => {
  // D's pairs were judged worse; A and D have the same kinds in the same order.
  const before = { one: A, two: D };
  const after = { one: A, two: A };
  const result = compareBias(before, after, { replicates: 500 });
  const [from, to] = [before, after].map((g) =>
    biasMetrics(g, { replicates: 9 })
  );
  assertAlmostEquals(
    result.mean.difference,
    to.mean.value - from.mean.value,
    1e-12,
  );
  assertAlmostEquals(
    result.std.difference,
    to.std.value - from.std.value,
    1e-12,
  );
  const { two } = result.groups;
  assert(two.interval.low > 0 && two.p < 0.01 && two.mcNemar.p < 0.01);
  const back = compareBias(after, before, { replicates: 500 });
  assertAlmostEquals(back.groups.two.difference, -two.difference, 1e-12);
  assertAlmostEquals(back.groups.two.interval.low, -two.interval.high, 1e-12);
  assertEquals(back.groups.two.p, two.p);
});

Deno.test("what both have in common cancels", () => {
  // The second is the first with little noise: its own interval is wide, that of the difference narrow.
  const noise = randomStream(1).normals(A.same.length);
  const near = {
    ...D,
    squaredDistances: D.squaredDistances.map((d, i) => d + 0.01 * noise[i]),
  };
  const { groups: { b } } = compareBias({ a: A, b: D }, { a: A, b: near });
  const own = biasMetrics({ a: A, b: D }).groups.b.interval;
  assert(b.interval.high - b.interval.low < (own.high - own.low) / 2);
});

Deno.test("compareBias() refuses other groups and other pairs", () => {
  assertThrows(
    () => compareBias({ A, D }, { A, B: D }),
    RangeError,
    "Cannot compare two recognisers as 'after' must be the groups A, D: current value is A, B",
  );
  assertThrows(
    () => compareBias({ A, D }, { A, D: { ...D, same: D.same.toReversed() } }),
    RangeError,
    "'after.same[0]' must be that of the same pair: current value is 0 (in the group D)",
  );
});

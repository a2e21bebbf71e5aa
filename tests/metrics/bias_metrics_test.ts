import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import golden from "../golden/bias.json" with { type: "json" };
import { biasMetrics } from "../../src/metrics/bias_metrics.ts";

const groups = Object.fromEntries(
  Object.entries(golden.groups).map(([name, { distances, same }]) => [
    name,
    { squaredDistances: distances, same },
  ]),
);

Deno.test("biasMetrics() agrees with NumPy", () => {
  const result = biasMetrics(groups, { replicates: 200 });
  assertEquals(
    Object.values(result.groups).map(({ accuracy }) => accuracy.mean),
    golden.accuracies,
  );
  assertAlmostEquals(result.mean.value, golden.mean, 1e-12);
  assertAlmostEquals(result.std.value, golden.std, 1e-12);
  assertAlmostEquals(
    result.skewedErrorRatio!.value,
    golden.skewedErrorRatio,
    1e-10,
  );
  assertEquals(result.absent, {});
  assertEquals(result.protocol.counts, { groups: 4, pairs: 800 });
});

Deno.test("intervals hold their values, narrow with the level, and depend on the seed only", () => {
  const wide = biasMetrics(groups, { seed: 1 });
  const narrow = biasMetrics(groups, { seed: 1, level: 0.5 });
  for (const [name, { accuracy, interval }] of Object.entries(wide.groups)) {
    assert(interval.low < accuracy.mean && accuracy.mean < interval.high, name);
    const inner = narrow.groups[name].interval;
    assert(interval.low < inner.low && inner.high < interval.high, name);
  }
  assert(wide.mean.interval!.low < wide.mean.value);
  assert(wide.mean.value < wide.mean.interval!.high);
  assertEquals(biasMetrics(groups, { seed: 1 }), wide);
  assert(
    biasMetrics(groups, { seed: 2 }).std.interval!.low !==
      wide.std.interval!.low,
  );
});

Deno.test("a group's interval does not depend on the other groups", () => {
  const { A, B, C } = groups;
  assertEquals(
    biasMetrics({ C, A }, { replicates: 50 }).groups.A.interval,
    biasMetrics({ A, B }, { replicates: 50 }).groups.A.interval,
  );
});

Deno.test("a group without errors leaves the ratio out, with its reason", () => {
  const same = Array.from({ length: 40 }, (_, i) => i % 2);
  const perfect = { squaredDistances: same.map((kind) => 2 - kind), same };
  const result = biasMetrics({ A: groups.A, perfect }, { replicates: 50 });
  assertEquals(result.skewedErrorRatio, undefined);
  assertEquals(Object.keys(result.absent), ["skewedErrorRatio"]);
  // One wrong pair of 40: a third of the redraws lacks it, so the ratio has no upper end.
  const nearly = {
    same,
    squaredDistances: perfect.squaredDistances.with(7, 3),
  };
  const close = biasMetrics({ A: groups.A, nearly }, { replicates: 200 });
  assert(Number.isFinite(close.skewedErrorRatio!.value));
  assertEquals(close.skewedErrorRatio!.interval, undefined);
  assertEquals(Object.keys(close.absent), ["skewedErrorRatio.interval"]);
});

Deno.test("the protocol says what was redrawn", () => {
  const count = groups.A.same.length;
  const first = Array.from({ length: count }, (_, i) => i % 20);
  const second = first.map((person, i) =>
    groups.A.same[i] ? person : (person + 1) % 20
  );
  const known = { ...groups.A, identities: { first, second } };
  const { protocol } = biasMetrics({ known, B: groups.B }, { replicates: 9 });
  assertEquals(protocol.parameters.redrawn, {
    B: "pairs",
    known: "whole identities",
  });
});

Deno.test("biasMetrics() names the group that cannot be judged", () => {
  const { A } = groups;
  assertThrows(
    () => biasMetrics({ A }),
    RangeError,
    "Cannot measure bias as 'number of groups' must be a finite number at least 2: current value is 1",
  );
  const empty = { squaredDistances: [], same: [] };
  assertThrows(
    () => biasMetrics({ A, empty }),
    RangeError,
    "(in the group empty)",
  );
  const broken = { ...A, squaredDistances: A.squaredDistances.with(3, NaN) };
  assertThrows(
    () => biasMetrics({ A, broken }),
    RangeError,
    "'squaredDistances[3]' must be a finite number: current value is NaN (in the group broken)",
  );
  const short = { ...A, same: [1] };
  assertThrows(
    () => biasMetrics({ A, short }),
    TypeError,
    "(in the group short)",
  );
  assertThrows(() => biasMetrics(groups, { level: 0 }), RangeError, "'level'");
});

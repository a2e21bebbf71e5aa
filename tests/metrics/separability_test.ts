import { assertAlmostEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { separability } from "../../src/metrics/separability.ts";

Deno.test("separability() is the mean over all pairs", () => {
  const width = 5;
  const data = randomStream(2).normals(12 * width);
  const labels = [0, 1, 2, 0, 1, 0, 0, 1, 2, 3, 2, 0];
  const sums = { same: 0, different: 0 };
  const counts = { same: 0, different: 0 };
  const row = (i: number) => [...data.subarray(i * width, (i + 1) * width)];
  for (let a = 0; a < 12; a++) {
    for (let b = a + 1; b < 12; b++) {
      const [u, v] = [row(a), row(b)];
      const dot = u.reduce((sum, x, i) => sum + x * v[i], 0);
      const kind = labels[a] === labels[b] ? "same" : "different";
      sums[kind] += dot / (Math.hypot(...u) * Math.hypot(...v));
      counts[kind]++;
    }
  }
  const result = separability({ data, width }, labels);
  assertAlmostEquals(result.same, sums.same / counts.same, 1e-12);
  assertAlmostEquals(
    result.different,
    sums.different / counts.different,
    1e-12,
  );
  assertAlmostEquals(result.gap, result.same - result.different, 1e-12);
});

Deno.test("separability() needs pairs of both kinds", () => {
  const features = { data: new Float32Array([1, 2, 3]), width: 1 };
  assertThrows(
    () => separability(features, [0, 1, 2]),
    RangeError,
    "current value is 0 same, 3 different",
  );
  assertThrows(() => separability(features, [0, 0, 0]), RangeError, "3 same");
  assertThrows(() => separability(features, [0, 0]), TypeError, "'labels'");
});

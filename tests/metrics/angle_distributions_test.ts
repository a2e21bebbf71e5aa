import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { angleDistributions } from "../../src/metrics/angle_distributions.ts";
import { testOnBackends } from "../support/backends.ts";
import { people } from "./golden_generation.ts";

testOnBackends("angleDistributions() equal NumPy", () => {
  const result = angleDistributions(people.features, people.labels, {
    bins: 18,
  });
  for (const kind of ["intra", "inter"] as const) {
    const [found, wanted] = [result[kind]!, people.angles[kind]];
    assertEquals(found.histogram, wanted.histogram);
    assertEquals(found.count, wanted.count);
    for (const figure of ["mean", "std", "min", "max"] as const) {
      assertAlmostEquals(found[figure], wanted[figure], 1e-10);
    }
  }
  assertEquals(result.protocol.counts.intra, people.angles.intra.count);
  assertEquals(result.absent, {});
});

testOnBackends("every pair is counted once, beyond one tile, too", () => {
  const n = 300;
  const features = { data: randomStream(1).normals(3 * n), width: 3 };
  const labels = Array.from({ length: n }, (_, i) => i % 3);
  const { intra, inter } = angleDistributions(features, labels);
  assertEquals(intra!.count, 3 * 100 * 99 / 2);
  assertEquals(inter!.count, 3 * 100 * 100);
  assertEquals(intra!.histogram.reduce((a, b) => a + b), intra!.count);
  // Directions in space: half of the angles below π / 2.
  assertAlmostEquals(inter!.mean, Math.PI / 2, 0.02);
});

Deno.test("equal and opposite directions are 0 and π", () => {
  const features = { data: new Float32Array([1, 0, 5, 0, -2, 0]), width: 2 };
  const { intra, inter } = angleDistributions(features, [4, 4, 9], { bins: 4 });
  assertEquals([intra!.max, inter!.min], [0, Math.PI]);
  assertEquals([intra!.histogram, inter!.histogram], [[1, 0, 0, 0], [
    0,
    0,
    0,
    2,
  ]]);
});

Deno.test("a kind of pairs that is missing is absent, with its reason", () => {
  const features = { data: new Float32Array([1, 0, 0, 1]), width: 2 };
  const alone = angleDistributions(features, [1, 2]);
  assertEquals([alone.intra, Object.keys(alone.absent)], [undefined, [
    "intra",
  ]]);
  const one = angleDistributions(features, [1, 1]);
  assertEquals([one.inter, Object.keys(one.absent)], [undefined, ["inter"]]);
});

Deno.test("angleDistributions() refuses features without a direction", () => {
  const features = { data: new Float32Array([1, 0, 0, 0]), width: 2 };
  assertThrows(
    () => angleDistributions(features, [1, 2]),
    RangeError,
    "Cannot measure angles as 'length of feature 1' must be a finite number above 0: current value is 0",
  );
  assertThrows(
    () => angleDistributions(features, [1]),
    TypeError,
    "'labels' must be of length 2",
  );
  assertThrows(
    () => angleDistributions({ data: new Float32Array(2), width: 2 }, [1]),
    RangeError,
    "'number of vectors in features'",
  );
});

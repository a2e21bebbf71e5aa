import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { frechetDistance } from "../../src/metrics/frechet_distance.ts";
import { testOnBackends } from "../support/backends.ts";
import { sets } from "./golden_generation.ts";

for (const wanted of sets) {
  testOnBackends(`frechetDistance() equals SciPy: ${wanted.name}`, () => {
    const { real, synthetic } = wanted;
    const result = frechetDistance(real, synthetic);
    const scale = Math.max(1, wanted.frechet);
    assertAlmostEquals(result.distance, wanted.frechet, 1e-9 * scale);
    assertAlmostEquals(result.means, wanted.means, 1e-10 * scale);
    if (wanted.regular) return;
    // What SciPy's sqrtm makes of a singular product.
    assertAlmostEquals(result.distance, wanted.frechetOfSqrtm, 1e-4 * scale);
  });
}

testOnBackends(
  "frechetDistance() is symmetric, 0 to itself, and turns with its features",
  () => {
    for (const { real, synthetic } of sets) {
      const { distance } = frechetDistance(real, synthetic);
      const scale = 1e-9 * Math.max(1, distance);
      assertAlmostEquals(
        frechetDistance(synthetic, real).distance,
        distance,
        scale,
      );
      assertAlmostEquals(frechetDistance(real, real).distance, 0, 1e-9);
      const doubled = (set: typeof real) => ({
        ...set,
        data: set.data.map((v) => 2 * v),
      });
      assertAlmostEquals(
        frechetDistance(doubled(real), doubled(synthetic)).distance,
        4 * distance,
        4 * scale,
      );
    }
  },
);

Deno.test("a covariance of more images than are added at a time is that of all", () => {
  // Means 0 and 3, variances 1 and 4 of 5,000 images each: 9 + 1 + 4 - 4 = 10 per feature, but for the sample's own.
  const [n, width] = [5000, 3];
  const x = randomStream(1).normals(n * width);
  const real = { data: Float64Array.from(x), width };
  const synthetic = { data: real.data.map((v) => 3 + 2 * v), width };
  const { means, covariances } = frechetDistance(real, synthetic);
  let [meanPart, trace] = [0, 0];
  for (let i = 0; i < width; i++) {
    const values = real.data.filter((_, at) => at % width === i);
    const mean = values.reduce((a, b) => a + b) / n;
    meanPart += (3 + mean) ** 2;
    trace += values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1);
  }
  // The covariances are C and 4 C: tr(C + 4 C - 2 · 2 C) = tr C.
  assertAlmostEquals(means, meanPart, 1e-9);
  assertAlmostEquals(covariances, trace, 1e-9);
});

Deno.test("few images bring a caution, and the distance falls with their number", () => {
  const draw = (n: number, seed: number) => ({
    data: randomStream(seed).normals(n * 20),
    width: 20,
  });
  const distances = [10, 40, 160, 640].map((n) => {
    const { distance, caution } = frechetDistance(draw(n, 1), draw(n, 2));
    assertEquals(caution === undefined, n > 20);
    return distance;
  });
  distances.slice(1).forEach((d, k) => assert(d < distances[k] / 2));
});

Deno.test("frechetDistance() refuses what it cannot compare", () => {
  const set = { data: new Float32Array(8), width: 2 };
  assertThrows(
    () => frechetDistance(set, { ...set, width: 4 }),
    TypeError,
    "Cannot measure the Fréchet distance as 'synthetic.width' must be 2 as that of the real features: current value is 4",
  );
  assertThrows(
    () => frechetDistance({ data: new Float32Array(2), width: 2 }, set),
    RangeError,
    "'number of vectors in real' must be a finite number at least 2: current value is 1",
  );
  assertThrows(
    () => frechetDistance(set, { ...set, data: set.data.with(5, NaN) }),
    RangeError,
    "'synthetic.data[5]' must be a finite number: current value is NaN",
  );
});

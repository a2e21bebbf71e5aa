import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { kernelDistance } from "../../src/metrics/kernel_distance.ts";
import { meanAndError } from "../../src/metrics/mean_and_error.ts";
import { testOnBackends } from "../support/backends.ts";
import { sets } from "./golden_generation.ts";

for (const wanted of sets) {
  if (wanted.kernel === undefined) continue;
  const { kernel } = wanted;
  testOnBackends(`kernelDistance() equals NumPy: ${wanted.name}`, () => {
    const result = kernelDistance(wanted.real, wanted.synthetic);
    // Of features near 1000, cubes of 10^18 are taken from each other.
    const size = wanted.name === "far from the origin" ? 1e18 : 1;
    const tolerance = 1e-10 * Math.max(1, Math.abs(kernel)) + 1e-14 * size;
    assertAlmostEquals(result.distance, kernel, tolerance);
    assertEquals(result.std, undefined);
    assertEquals(Object.keys(result.absent), ["std"]);
  });
}

Deno.test("without bias: 0 on average at any number of images of one distribution", () => {
  for (const n of [4, 30]) {
    const values = Array.from({ length: 400 }, (_, seed) => {
      const [x, y] = [1, 2].map((set) => ({
        data: randomStream(seed, set).normals(n * 3),
        width: 3,
      }));
      return kernelDistance(x, y).distance;
    });
    const { mean, standardError } = meanAndError(values);
    assert(Math.abs(mean) < 4 * standardError, `${mean} ± ${standardError}`);
  }
});

Deno.test("subsets are drawn by seed and agree on average with the whole", () => {
  const [real, synthetic] = [1, 2].map((set) => ({
    data: randomStream(7, set).normals(200 * 4).map((v) => v + set / 4),
    width: 4,
  }));
  const whole = kernelDistance(real, synthetic);
  const draw = (seed: number) =>
    kernelDistance(real, synthetic, { subsetSize: 50, subsets: 200, seed });
  const { distance, std, protocol } = draw(1);
  assertEquals(draw(1).distance, distance);
  assertNotEquals(draw(2).distance, distance);
  assertAlmostEquals(distance, whole.distance, 4 * std! / Math.sqrt(200));
  assertEquals(protocol.parameters.subsets, 200);
  assertEquals(protocol.counts, { real: 200, synthetic: 200, width: 4 });
});

Deno.test("kernelDistance() refuses subsets larger than a set", () => {
  const set = { data: new Float32Array(8), width: 2 };
  assertThrows(
    () => kernelDistance(set, set, { subsetSize: 5 }),
    RangeError,
    "Cannot measure the kernel distance as 'subsetSize' must be a whole number at least 2 and at most 4: current value is 5",
  );
  assertThrows(
    () => kernelDistance(set, set, { subsets: 0 }),
    RangeError,
    "'subsets'",
  );
  assertThrows(
    () => kernelDistance(set, { ...set, width: 1 }),
    TypeError,
    "'synthetic.width'",
  );
});

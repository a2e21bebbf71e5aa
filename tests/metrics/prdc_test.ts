import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { prdc } from "../../src/metrics/prdc.ts";
import { testOnBackends } from "../support/backends.ts";
import { sets } from "./golden_generation.ts";

for (const wanted of sets) {
  testOnBackends(`prdc() equals NumPy, ties included: ${wanted.name}`, () => {
    const { real, synthetic, nearest } = wanted;
    const result = prdc(real, synthetic, { nearest });
    const { precision, recall, density, coverage } = result;
    assertEquals([precision, recall, density, coverage], wanted.prdc);
  });
}

testOnBackends("tiles join", () => {
  // More rows than a tile has; the last synthetic image alone lies in the ball of the last real one.
  const n = 300;
  const real = {
    data: Float64Array.from({ length: n }, (_, i) => 10 * i),
    width: 1,
  };
  const synthetic = { data: real.data.map((v) => v + 10_000), width: 1 };
  synthetic.data[n - 1] = 10 * (n - 1) + 9.5;
  const { precision, density, coverage } = prdc(real, synthetic, {
    nearest: 1,
  });
  assertAlmostEquals(precision, 1 / n, 1e-12);
  assertAlmostEquals(density, 1 / n, 1e-12);
  assertAlmostEquals(coverage, 1 / n, 1e-12);
});

Deno.test("of equal distributions density is about 1 and coverage 1 - 2^-k", () => {
  const [n, width] = [600, 4];
  const [real, synthetic] = [1, 2].map((set) => ({
    data: randomStream(3, set).normals(n * width),
    width,
  }));
  for (const nearest of [1, 3]) {
    const { density, coverage } = prdc(real, synthetic, { nearest });
    assertAlmostEquals(density, 1, 0.2);
    assertAlmostEquals(coverage, 1 - 2 ** -nearest, 0.06);
  }
});

Deno.test("collapse keeps precision and loses recall and coverage", () => {
  const [n, width] = [200, 4];
  const real = { data: randomStream(3).normals(n * width), width };
  const narrow = {
    data: randomStream(4).normals(n * width).map((v) => v / 10),
    width,
  };
  const { precision, recall, coverage } = prdc(real, narrow);
  assert(precision > 0.95 && recall < 0.05 && coverage < 0.5);
});

Deno.test("prdc() refuses sets that have no k-th neighbour", () => {
  const set = { data: new Float32Array(10), width: 2 };
  assertThrows(
    () => prdc(set, set),
    RangeError,
    "Cannot measure precision and recall as 'number of vectors in real' must be a finite number at least 6: current value is 5",
  );
  assertThrows(() => prdc(set, set, { nearest: 0 }), RangeError, "'nearest'");
  assertThrows(
    () =>
      prdc(set, { ...set, data: set.data.with(0, Infinity) }, { nearest: 2 }),
    RangeError,
    "'synthetic.data[0]'",
  );
});

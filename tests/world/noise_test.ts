import { assert, assertEquals } from "@std/assert";
import { hashUniform, smoothStep, valueNoise } from "../../src/world/noise.ts";

Deno.test("hashUniform() is even over [0, 1) and free of pattern between neighbours", () => {
  const bins = new Array(10).fill(0);
  let product = 0;
  for (let i = 0; i < 10000; i++) {
    const value = hashUniform(i, 3, 4);
    bins[Math.floor(10 * value)]++;
    product += (value - 0.5) * (hashUniform(i + 1, 3, 4) - 0.5);
  }
  // 1000 expected, standard deviation 30.
  assert(bins.every((count) => Math.abs(count - 1000) < 150), String(bins));
  // Covariance of independent uniforms: 0 +- 1/12 / 100.
  assert(Math.abs(product / 10000) < 5 / 1200);
});

Deno.test("valueNoise() has period 256, lies in [-1, 1] and has no jumps", () => {
  for (let i = 0; i < 500; i++) {
    const x = i * 0.37 - 50;
    const y = i * 0.11;
    const value = valueNoise(x, y);
    assert(Math.abs(value) <= 1);
    assert(Math.abs(valueNoise(x + 256, y - 256) - value) < 1e-6);
    assert(Math.abs(valueNoise(x + 1e-4, y) - value) < 1e-3);
  }
});

Deno.test("valueNoise() at a lattice point is the lattice's value, half way the mean of two", () => {
  const middle = (valueNoise(4, 9) + valueNoise(5, 9)) / 2;
  assert(Math.abs(valueNoise(4.5, 9) - middle) < 1e-6);
});

Deno.test("smoothStep() is 0, 5/32, 1/2, 1 along its way, in both directions", () => {
  // t^2 (3 - 2t) at t = 1/4 is (1/16)(5/2) = 5/32.
  assertEquals([-1, 1, 2, 9].map((x) => smoothStep(0, 4, x)), [
    0,
    5 / 32,
    0.5,
    1,
  ]);
  assertEquals(smoothStep(4, 0, 3), 5 / 32);
});

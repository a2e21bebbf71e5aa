import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  type FractionalSeries,
  sampledGaussianDivergence,
} from "../../src/privacy/mod.ts";
import golden from "../golden/privacy_accountant.json" with { type: "json" };

Deno.test("sampledGaussianDivergence() is that of Opacus and of dp-accounting, order by order", () => {
  const series: [("opacus" | "dpAccounting"), FractionalSeries][] = [
    ["opacus", "signed"],
    ["dpAccounting", "absolute"],
  ];
  for (const { rate, noise, ...row } of golden.divergences) {
    for (const [name, kind] of series) {
      for (const [i, order] of golden.orders.entries()) {
        const found = sampledGaussianDivergence(
          { sampleRate: rate, noiseMultiplier: noise },
          order,
          kind,
        );
        const expected = row[name][i] ?? Infinity;
        const message =
          `${name} at rate ${rate}, noise ${noise}, order ${order}`;
        if (expected === Infinity) assertEquals(found, Infinity, message);
        else {
          // Both oracles leave out terms below e^-30.
          assertAlmostEquals(
            found,
            expected,
            1e-9 * Math.max(1, expected),
            message,
          );
        }
      }
    }
  }
});

// A_2 = 1 + q² (exp(1/σ²) - 1): q = 0.1, σ = 1 gives log(1 + 0.01 · 1.718282) = 0.01703687.
Deno.test("order 2 has a closed form", () => {
  const step = { sampleRate: 0.1, noiseMultiplier: 1 };
  assertAlmostEquals(sampledGaussianDivergence(step, 2), 0.01703687, 1e-8);
});

Deno.test("the plain Gaussian mechanism has divergence alpha / (2 sigma²) at any order", () => {
  for (const order of [1.1, 2, 7.5, 64]) {
    for (const noiseMultiplier of [0.5, 1, 4]) {
      assertEquals(
        sampledGaussianDivergence({ sampleRate: 1, noiseMultiplier }, order),
        order / (2 * noiseMultiplier ** 2),
      );
    }
  }
});

// Numerical integration of A_α in the definition, by the trapezoidal rule: exact to rounding for such functions.
Deno.test("fractional orders agree with the integral they stand for", () => {
  for (
    const [q, sigma, order] of [
      [0.1, 1, 2.5],
      [0.3, 2, 4.7],
      [0.02, 0.8, 1.6],
      [0.9, 3, 10.1],
    ]
  ) {
    let sum = 0;
    const step = 0.001 * sigma;
    for (let z = -40 * sigma; z < 40 * sigma; z += step) {
      const density = Math.exp(-z * z / (2 * sigma ** 2)) /
        (sigma * Math.sqrt(2 * Math.PI));
      const ratio = 1 - q + q * Math.exp((2 * z - 1) / (2 * sigma ** 2));
      if (density > 0) sum += density * ratio ** order * step;
    }
    assertAlmostEquals(
      sampledGaussianDivergence(
        { sampleRate: q, noiseMultiplier: sigma },
        order,
      ),
      Math.log(sum) / (order - 1),
      1e-9,
    );
  }
});

Deno.test("divergences grow with the order, and lie between whole orders", () => {
  const step = { sampleRate: 0.2, noiseMultiplier: 1.2 };
  const at = (order: number) => sampledGaussianDivergence(step, order);
  for (let order = 2; order < 12; order++) {
    assert(at(order) < at(order + 0.5) && at(order + 0.5) < at(order + 1));
  }
});

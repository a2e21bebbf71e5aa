import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import {
  dpAccountingConvention,
  noiseForEpsilon,
  type NoisySteps,
  opacusConvention,
  renyiAccountant,
} from "../../src/privacy/mod.ts";
import golden from "../golden/privacy_accountant.json" with { type: "json" };

/** The tolerance the issue asks for. */
const TOLERANCE = 1e-6;

const conventions = {
  opacus: opacusConvention,
  dpAccounting: dpAccountingConvention,
};

function stepsOf(parts: number[][]): NoisySteps[] {
  return parts.map(([sampleRate, noiseMultiplier, steps]) => ({
    sampleRate,
    noiseMultiplier,
    steps,
  }));
}

for (const name of ["opacus", "dpAccounting"] as const) {
  Deno.test(`renyiAccountant() gives the epsilons of ${name} to 1e-6`, () => {
    assert(golden.rows.length > 300);
    const accountants = new Map<number, ReturnType<typeof renyiAccountant>>();
    for (const { parts, delta, ...row } of golden.rows) {
      const accountant = accountants.get(delta) ??
        renyiAccountant({ delta, convention: conventions[name] });
      accountants.set(delta, accountant);
      const { epsilon, order } = accountant.spent(stepsOf(parts));
      const [expected, best] = row[name];
      const message = `${JSON.stringify(parts)} at ${delta}`;
      assertAlmostEquals(epsilon, Math.max(0, expected), TOLERANCE, message);
      // Where all is 0, any order is as good.
      if (expected > 0) assertEquals(order, best, message);
    }
  });
}

// The example in the documentation of Opacus: 0.336 at order 23, with orders 2 to 32.
Deno.test("renyiAccountant() gives the published example of Opacus", () => {
  const orders = Array.from({ length: 31 }, (_, i) => i + 2);
  const accountant = renyiAccountant({
    delta: 1e-5,
    convention: { ...opacusConvention, orders },
  });
  const { epsilon, order } = accountant.spent([
    { sampleRate: 1e-5, noiseMultiplier: 1, steps: 10 },
    { sampleRate: 1e-4, noiseMultiplier: 3, steps: 4 },
  ]);
  assertAlmostEquals(epsilon, 0.336, 5e-4);
  assertEquals(order, 23);
});

// q = 1, sigma = 2, 4 steps: divergence alpha / 2; at alpha = 6 and delta = 1e-5 that is
// 3 + log(5/6) - (log 1e-5 + log 6) / 5 = 3 - 0.1823 + (11.5129 - 1.7918) / 5 = 4.7619.
Deno.test("renyiAccountant() converts as one does by hand", () => {
  const { spent } = renyiAccountant({
    delta: 1e-5,
    convention: { ...opacusConvention, orders: [6] },
  });
  const { epsilon } = spent([{
    sampleRate: 1,
    noiseMultiplier: 2,
    steps: 4,
  }]);
  assertAlmostEquals(epsilon, 4.7619, 1e-4);
});

const step = fc.record({
  sampleRate: fc.constantFrom(0.01, 0.1, 0.5, 1),
  noiseMultiplier: fc.double({ min: 0.6, max: 8, noNaN: true }),
  steps: fc.integer({ min: 1, max: 300 }),
});
const accountant = renyiAccountant({ delta: 1e-5 });
const epsilonOf = (...steps: NoisySteps[]) => accountant.spent(steps).epsilon;

Deno.test("epsilon falls with the noise, and grows with steps and sample rate", () => {
  fc.assert(
    fc.property(step, (one) => {
      const epsilon = epsilonOf(one);
      const { noiseMultiplier, steps, sampleRate } = one;
      assert(
        epsilonOf({ ...one, noiseMultiplier: noiseMultiplier * 1.5 }) <=
          epsilon,
      );
      assert(epsilonOf({ ...one, steps: steps * 2 }) >= epsilon);
      const more = Math.min(1, sampleRate * 1.5);
      assert(epsilonOf({ ...one, sampleRate: more }) >= epsilon - 1e-12);
    }),
    { numRuns: 12 },
  );
});

Deno.test("steps compose: in parts, in any order, and to more than either alone", () => {
  fc.assert(
    fc.property(step, step, (one, other) => {
      const both = epsilonOf(one, other);
      assertAlmostEquals(both, epsilonOf(other, one), 1e-12);
      assert(both >= epsilonOf(one) && both >= epsilonOf(other));
      const parts = [{ ...one, steps: 1 }, { ...one, steps: one.steps - 1 }];
      assertAlmostEquals(epsilonOf(...parts), epsilonOf(one), 1e-9);
    }),
    { numRuns: 12 },
  );
});

Deno.test("nothing spends nothing, and no noise spends all", () => {
  assertEquals(epsilonOf(), 0);
  assertEquals(
    epsilonOf({ sampleRate: 0, noiseMultiplier: 1, steps: 9 }),
    0,
  );
  assertEquals(
    epsilonOf({ sampleRate: 0.1, noiseMultiplier: 1, steps: 0 }),
    0,
  );
  assertEquals(
    epsilonOf({ sampleRate: 0.1, noiseMultiplier: 0, steps: 1 }),
    Infinity,
  );
});

Deno.test("noiseForEpsilon() finds the smallest multiplier, as Opacus and dp-accounting find it", () => {
  for (const { epsilon, rate: sampleRate, steps, ...found } of golden.targets) {
    for (const name of ["opacus", "dpAccounting"] as const) {
      const convention = conventions[name];
      const options = { sampleRate, steps, delta: 1e-5, convention };
      const noise = noiseForEpsilon({ ...options, epsilon, tolerance: 1e-5 });
      const spent = (noiseMultiplier: number) =>
        renyiAccountant(options).spent([{ ...options, noiseMultiplier }])
          .epsilon;
      assert(spent(noise) <= epsilon);
      assert(spent(noise * (1 - 1e-4)) > epsilon);
      // Opacus stops within 1e-4 of the epsilon.
      assertAlmostEquals(noise, found[name], 1e-3 * noise);
    }
  }
});

Deno.test("what is out of range is refused by name", () => {
  const steps = [{ sampleRate: 0.1, noiseMultiplier: 1, steps: 1 }];
  for (
    const [make, part] of [
      [
        () => renyiAccountant({ delta: 0 }),
        "'delta' must be a finite number above 0 and below 1: current value is 0",
      ],
      [() => renyiAccountant({ delta: 1 }), "current value is 1"],
      [
        () =>
          renyiAccountant({
            delta: 0.1,
            convention: { ...opacusConvention, orders: [] },
          }),
        "'orders.length' must be a finite number at least 1",
      ],
      [
        () =>
          renyiAccountant({
            delta: 0.1,
            convention: { ...opacusConvention, orders: [1] },
          }).spent(steps),
        "'order' must be a finite number above 1",
      ],
      [
        () => epsilonOf({ ...steps[0], sampleRate: 1.1 }),
        "'sampleRate' must be a finite number at least 0 and at most 1",
      ],
      [
        () => epsilonOf({ ...steps[0], noiseMultiplier: NaN }),
        "'noiseMultiplier' must be a finite number at least 0: current value is NaN",
      ],
      [
        () => epsilonOf({ ...steps[0], steps: 1.5 }),
        "'steps' must be a whole number at least 0: current value is 1.5",
      ],
      [
        () =>
          noiseForEpsilon({ epsilon: 0, delta: 1e-5, sampleRate: 1, steps: 1 }),
        "'epsilon' must be a finite number above 0",
      ],
      [
        () =>
          noiseForEpsilon({
            epsilon: 1e-4,
            convention: opacusConvention,
            delta: 1e-5,
            sampleRate: 1,
            steps: 1,
          }),
        "'epsilon' must be within reach at delta 0.00001",
      ],
    ] as const
  ) {
    assertThrows(make, RangeError, part);
  }
});

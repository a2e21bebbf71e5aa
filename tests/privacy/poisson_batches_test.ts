import { assert, assertEquals, assertThrows } from "@std/assert";
import { type RandomStream, randomStream } from "../../src/core/mod.ts";
import { poissonBatches } from "../../src/privacy/mod.ts";

// 200 units, 2,000 steps, q = 0.05: sizes are binomial, mean 10, variance 9.5.
Deno.test("poissonBatches() draws each unit at its rate, on its own", () => {
  const [units, steps, sampleRate] = [200, 2000, 0.05];
  const batch = poissonBatches(units, { sampleRate, random: randomStream(2) });
  const counts = new Float64Array(units);
  const sizes: number[] = [];
  let both = 0;
  for (let step = 0; step < steps; step++) {
    const chosen = batch(step);
    sizes.push(chosen.length);
    for (const unit of chosen) counts[unit]++;
    if (chosen.includes(3) && chosen.includes(4)) both++;
  }
  const mean = sizes.reduce((sum, n) => sum + n, 0) / steps;
  const variance = sizes.reduce((sum, n) => sum + (n - mean) ** 2, 0) / steps;
  assert(Math.abs(mean - 10) < 5 * Math.sqrt(9.5 / steps), `${mean}`);
  assert(Math.abs(variance - 9.5) < 1.6, `${variance}`);
  // Five deviations of a binomial count around 100.
  for (const count of counts) assert(Math.abs(count - 100) < 5 * 9.75);
  // Two units meet in q² of the steps: 5 expected.
  assert(both >= 0 && both < 17, `${both}`);
});

Deno.test("poissonBatches() may be empty, may be all, and depends on the step alone", () => {
  const rare = poissonBatches(3, { sampleRate: 0.01, random: randomStream(1) });
  assert(Array.from({ length: 50 }, (_, i) => rare(i).length).includes(0));
  const all = poissonBatches(3, { sampleRate: 1, random: randomStream(1) });
  assertEquals(Array.from(all(7)), [0, 1, 2]);
  const make = () =>
    poissonBatches(100, { sampleRate: 0.3, random: randomStream(1, "x") });
  const [one, again] = [make(), make()];
  one(3);
  assertEquals(one(8), again(8));
  assert(String(one(8)) !== String(one(9)));
});

// The uniform numbers of a stream have 24 bits: a rate below 2^-24 would be rounded up to it.
Deno.test("a small rate is not rounded up", () => {
  const drawn = (value: number): RandomStream => ({
    ...randomStream(1),
    uniforms: (n) => new Float32Array(n).fill(value),
  });
  const random: RandomStream = {
    ...randomStream(1),
    // High bits 0, low bits 0.375: together 0.375 · 2^-24.
    fork: () => ({
      ...randomStream(1),
      fork: (part) => drawn(part === "high" ? 0 : 0.375),
    }),
  };
  const chosen = (sampleRate: number) =>
    poissonBatches(5, { sampleRate, random })(0).length;
  assertEquals(chosen(0.25 * 2 ** -24), 0);
  assertEquals(chosen(0.5 * 2 ** -24), 5);
});

Deno.test("poissonBatches() refuses rates and counts out of range", () => {
  const random = randomStream(1);
  for (const sampleRate of [0, 1.5, NaN]) {
    assertThrows(
      () => poissonBatches(3, { sampleRate, random }),
      RangeError,
      "'sampleRate' must be a finite number above 0 and at most 1",
    );
  }
  assertThrows(
    () => poissonBatches(0, { sampleRate: 1, random }),
    RangeError,
    "'count' must be a whole number at least 1",
  );
});

import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { renyiAccountant } from "../../src/privacy/mod.ts";
import { type PrivacyOptions, privacyPlan } from "../../src/stages/mod.ts";

const training = { labels: [0, 0, 0, 1, 1, 4, 4, 4], batchSize: 2, steps: 50 };

function plan(options: PrivacyOptions) {
  return privacyPlan({ delta: 1e-3, ...options }, training);
}

Deno.test("privacyPlan() counts pictures or people, and takes the rate from the batch", () => {
  const images = plan({ noiseMultiplier: 1 });
  assertEquals([images.units, images.sampleRate, images.draws], [8, 0.25, 1]);
  const people = plan({ noiseMultiplier: 1, unit: "identity" });
  assertEquals([people.units, people.draws], [3, 4]);
  assertEquals(people.sampleRate, 2 / 3);
  const { epsilon, delta, person } = people.record(1);
  assertEquals(person, { images: 3, epsilon, delta });
  assertEquals(plan({ noiseMultiplier: 1, sampleRate: 1 }).sampleRate, 1);
});

Deno.test("privacyPlan() finds the noise for an epsilon, and spends no more than that", () => {
  for (const targetEpsilon of [0.5, 4, 30]) {
    const { epsilon, noiseMultiplier, sampleRate } = plan({ targetEpsilon });
    assert(epsilon(50) <= targetEpsilon && epsilon(50) > 0.99 * targetEpsilon);
    const accountant = renyiAccountant({ delta: 1e-3 });
    for (const steps of [0, 1, 50]) {
      const spent = accountant.spent([{ sampleRate, noiseMultiplier, steps }]);
      assertEquals(epsilon(steps), spent.epsilon);
    }
  }
});

// At most three pictures: 3 epsilon, and (1 + e^epsilon + e^(2 epsilon)) delta.
Deno.test("the promise for a picture is a weaker one for the person", () => {
  const { epsilon, delta, person } = plan({ noiseMultiplier: 8 }).record(50);
  assertEquals([person.images, person.epsilon], [3, 3 * epsilon]);
  const factor = 1 + Math.exp(epsilon) + Math.exp(2 * epsilon);
  assertAlmostEquals(person.delta, factor * delta, 1e-12);
  assertEquals(plan({ noiseMultiplier: 0.3 }).record(50).person.delta, 1);
});

Deno.test("the record says what was promised, and what was not", () => {
  const one = plan({ noiseMultiplier: 2, clip: 0.3, seed: 1 });
  const record = one.record(50);
  assertEquals(record.epsilon, one.epsilon(50));
  assertEquals([record.steps, record.clip, record.seeded], [50, 0.3, true]);
  assert(record.notCovered.some((text) => text.includes("memory bank")));
  assert(!plan({ noiseMultiplier: 2 }).record(1).seeded);
  // Plain data, as a manifest takes it; the seed itself is not in it.
  const text = JSON.stringify(record);
  assertEquals(JSON.parse(text), record);
  assert(!text.includes('"seed"'));
  assert(plan({ noiseMultiplier: 3 }).line !== one.line);
});

Deno.test("privacyPlan() refuses what is no promise", () => {
  const cases: [PrivacyOptions, string][] = [
    [
      {},
      "one of 'targetEpsilon' and 'noiseMultiplier' must be given: current value is neither",
    ],
    [{ targetEpsilon: 1, noiseMultiplier: 1 }, "current value is both"],
    [
      { noiseMultiplier: 0 },
      "'noiseMultiplier' must be a finite number above 0: current value is 0",
    ],
    [
      { targetEpsilon: -1 },
      "'epsilon' must be a finite number above 0: current value is -1",
    ],
    [
      { noiseMultiplier: 1, delta: 0.125 },
      "'delta' must be a finite number above 0 and below 0.125: current value is 0.125",
    ],
    [{ noiseMultiplier: 1, clip: 0 }, "'clip' must be a finite number above 0"],
    [
      { noiseMultiplier: 1, draws: 0.5 },
      "'draws' must be a whole number at least 1",
    ],
    [
      { noiseMultiplier: 1, sampleRate: 2 },
      "'sampleRate' must be a finite number above 0 and at most 1",
    ],
    [
      { noiseMultiplier: 1, unit: "household" as "image" },
      "'unit' must be one of",
    ],
  ];
  for (const [options, message] of cases) {
    assertThrows(() => plan(options), RangeError, message);
  }
});

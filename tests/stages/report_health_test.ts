import { assert, assertEquals } from "@std/assert";
import { reinforcementHealth } from "../../src/stages/report_health.ts";

const sizes = { identities: 8, samples: 16 };

/** Records with the given numbers at every step. */
function records(numbers: { [name: string]: number }[]) {
  return numbers.map((one, i) => ({ part: "reinforce", step: i + 1, ...one }));
}

Deno.test("the health of a reinforcement is a curve for each number that was logged", () => {
  const numbers = {
    semantic: 0.8,
    auditor: 0.7,
    semanticWeight: 1,
    coverageWeight: 0.75,
    expressiveWeight: 0.25,
    kl: 0.01,
    norm: 2,
    clipFraction: 0.1,
    sampleSize: 0.9,
    spread: 0.3,
  };
  const { parts, intro } = reinforcementHealth(
    records([numbers, { ...numbers, kl: 0.02 }]),
    sizes,
  );
  const curves = parts.flatMap(({ data }) => data.map(({ name }) => name));
  assertEquals(curves.sort(), [
    "clipped",
    "coverage",
    "effective",
    "expressive",
    "kl",
    "norm",
    "second embedder",
    "semantic",
    "semantic",
    "spread",
  ]);
  assert(intro.includes("8 identities x 16 samples"));
  assert(intro.endsWith("No alarm was raised."));
});

Deno.test("the health of a reinforcement counts its alarms, and leaves gaps where nothing was logged", () => {
  const { parts, intro, alarms } = reinforcementHealth(
    records([{ kl: 0.1, alarm: 0 }, { alarm: 1 }, { kl: 0.3, alarm: 1 }]),
    sizes,
  );
  assert(
    intro.includes("An alarm was raised at 2 of 3 iterations, first at 2."),
  );
  assertEquals(alarms, 2);
  const [{ data: [curve] }] = parts;
  const y = Array.from((curve as { y: ArrayLike<number> }).y);
  assertEquals(y.map((value) => Number.isFinite(value)), [true, false, true]);
});

Deno.test("without records there is nothing to draw", () => {
  assertEquals(reinforcementHealth([], sizes).parts, []);
});

Deno.test("each curve of a reinforcement's health says what a healthy one looks like", () => {
  const { parts } = reinforcementHealth(records([{ kl: 1, norm: 2 }]), sizes);
  for (const { layout } of parts) {
    assert(layout.title!.subtitle!.text!.length > 30, layout.title!.text);
  }
});

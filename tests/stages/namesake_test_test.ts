import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { namesakes, namesakeTest } from "../../src/stages/namesake_test.ts";

/** Two images a person, on a circle: person k at angle `at(k)`, in radians. */
function people(count: number, at: (k: number) => number) {
  const labels = Int32Array.from({ length: 2 * count }, (_, i) => i >> 1);
  const data = new Float32Array(
    Array.from(labels, (k, i) => at(k) + 0.01 * (i % 2))
      .flatMap((angle) => [3 * Math.cos(angle), 3 * Math.sin(angle)]),
  );
  return { features: { data, width: 2 }, labels, identities: count };
}

Deno.test("namesakes() are the names of both sets", () => {
  assertEquals(namesakes(["a", "b", "c"], ["c", "x", "a"]), [[0, 2], [2, 0]]);
  assertEquals(namesakes([], ["c"]), []);
});

// Eleven people, each 0.5 rad from the next: a pair matches within 0.1 rad.
Deno.test("namesakeTest() compares a person's images with the person's photographs alone", () => {
  const real = people(11, (k) => 0.5 * k);
  const pairs = Array.from(
    { length: 11 },
    (_, k) => [k, k] as [number, number],
  );
  const test = (at: (k: number) => number, stranger: number) =>
    namesakeTest({
      synthetic: people(11, at),
      real,
      threshold: Math.cos(0.1),
      strangerRates: new Float64Array(22).fill(stranger),
      random: randomStream(1),
    }, pairs);
  const same = test((k) => 0.5 * k + 0.02, 0.1);
  assertEquals([same.rate, same.people], [1, [11, 11]]);
  assertAlmostEquals(same.reference, 0.1, 1e-12);
  assert(same.pValue < 0.005, `${same.pValue}`);
  // Each shows the next person: a match with somebody, but not with the namesake.
  const next = test((k) => 0.5 * (k + 1), 0);
  assertEquals([next.rate, next.pValue], [0, 1]);
  // Images at 0.095 and 0.105, photographs at 0 and 0.01: 0.095, 0.085, 0.105 and 0.095 away, three within 0.1 rad.
  const near = test((k) => 0.5 * k + 0.095, 0);
  assertEquals(near.rate, 0.75);
});

import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { dosnes } from "../../src/metrics/dosnes.ts";
import type { Features } from "../../src/metrics/mod.ts";

/** Six identities of eight vectors each, one identity after the other. */
const people: Features = (() => {
  const [width, each] = [16, 8];
  const random = randomStream(5, "people");
  const centres = random.normals(6 * width);
  const noise = random.normals(6 * each * width);
  return {
    width,
    data: noise.map((value, k) =>
      0.3 * value + centres[Math.floor(k / width / each) * width + k % width]
    ),
  };
})();

const identity = (i: number): number => Math.floor(i / 8);

for (const neighbours of [47, 20]) {
  Deno.test(`identities stay together and apart, with ${neighbours} of 47 neighbours`, async () => {
    const { points, residual, radius, divergence } = await dosnes(people, {
      neighbours,
      perplexity: 5,
      steps: 300,
    });
    assert(residual <= 1e-12);
    assert(radius > 1 && divergence > 0 && divergence < 1);
    const cosines = { same: [1], other: [-1] };
    for (let i = 0; i < 48; i++) {
      const at = points.subarray(3 * i, 3 * i + 3);
      assertAlmostEquals(Math.hypot(...at), 1, 1e-12);
      for (let j = 0; j < i; j++) {
        const cosine = at.reduce((sum, v, k) => sum + v * points[3 * j + k], 0);
        cosines[identity(i) === identity(j) ? "same" : "other"].push(cosine);
      }
    }
    const nearest = Math.max(...cosines.other);
    const farthest = Math.min(...cosines.same);
    assert(farthest > nearest, `${farthest} within, ${nearest} between`);
  });
}

Deno.test("a seed gives the same numbers again, another one gives others", async () => {
  const embed = (seed: number) => dosnes(people, { seed, steps: 20 });
  const [first, again, other] = [
    await embed(1),
    await embed(1),
    await embed(2),
  ];
  assertEquals(first, again);
  assertNotEquals(first.points, other.points);
  assertEquals(first.protocol.parameters.seed, 1);
  assertEquals(first.protocol.counts, { features: 48, width: 16 });
  assertEquals(first.residual, other.residual);
});

Deno.test("more steps describe the similarities better, and each is told", async () => {
  const told: [number, number][] = [];
  const short = await dosnes(people, {
    steps: 5,
    onStep: (...step) => told.push(step),
  });
  const long = await dosnes(people, { steps: 200 });
  assert(long.divergence < short.divergence);
  assertEquals(told, [[1, 5], [2, 5], [3, 5], [4, 5], [5, 5]]);
});

Deno.test("lengths of features count where they are asked to", async () => {
  const longer: Features = {
    ...people,
    data: people.data.map((value, k) => value * (1 + Math.floor(k / 16) % 2)),
  };
  const embed = async (features: Features, normalize: boolean) =>
    (await dosnes(features, { normalize, steps: 3 })).points;
  assertEquals(
    await embed(people, true),
    await embed(longer, true),
  );
  assertNotEquals(await embed(people, false), await embed(longer, false));
});

Deno.test("an interruption ends the work at the next step", async () => {
  const interruption = new AbortController();
  let last = 0;
  const work = dosnes(people, {
    signal: interruption.signal,
    onStep: (step) => {
      last = step;
      if (step === 7) interruption.abort();
    },
  });
  await assertRejects(() => work, DOMException, "abort");
  assertEquals(last, 7);
});

Deno.test("dosnes() refuses what it cannot embed", async () => {
  const refuse = (options: Parameters<typeof dosnes>[1], says: string) =>
    assertRejects(() => dosnes(people, options), RangeError, says);
  await assertRejects(
    () => dosnes({ data: new Float32Array(3), width: 1 }),
    RangeError,
    "Cannot embed on a sphere as 'features' must be a whole number at least 4: current value is 3",
  );
  await refuse({ neighbours: 48 }, "'neighbours'");
  await refuse({ neighbours: 10, perplexity: 11 }, "'perplexity'");
  await refuse({ steps: 0 }, "'steps'");
  await refuse({ exaggeration: 0.5 }, "'exaggeration'");
  const data = people.data.slice();
  data[5] = NaN;
  await assertRejects(() => dosnes({ ...people, data }), RangeError, "data[5]");
});

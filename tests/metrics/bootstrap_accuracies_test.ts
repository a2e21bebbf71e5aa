import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import golden from "../golden/bias.json" with { type: "json" };
import { randomStream } from "../../src/core/mod.ts";
import { bootstrapAccuracies } from "../../src/metrics/bootstrap_accuracies.ts";
import { meanAndError } from "../../src/metrics/mean_and_error.ts";
import { percentileInterval } from "../../src/metrics/percentile_interval.ts";

const random = () => randomStream(3, "bootstrap");

Deno.test("redraws of identities follow the distribution over every possible draw", () => {
  const { first, second, same, right, mean, std, quantiles } = golden.draws;
  const [accuracies] = bootstrapAccuracies({
    same,
    right: [right],
    identities: { first, second },
  }, { random: random(), replicates: 20_000 });
  const found = meanAndError(accuracies);
  assertAlmostEquals(found.mean, mean, 4 * found.standardError);
  assertAlmostEquals(found.deviation, std, 0.01 * std);
  const { low, high } = percentileInterval(accuracies, 0.8);
  assertAlmostEquals(low, quantiles[0], 0.01);
  assertAlmostEquals(high, quantiles[2], 0.01);
});

Deno.test("redraws of pairs have the binomial deviation, stratified by kind", () => {
  // 80 % of 400 same pairs, 95 % of 200 different ones.
  const same = Array.from({ length: 600 }, (_, i) => i < 400 ? 1 : 0);
  const right = same.map((kind, i) => i % 20 < (kind ? 16 : 19) ? 1 : 0);
  const [accuracies] = bootstrapAccuracies({ same, right: [right] }, {
    random: random(),
    replicates: 5000,
  });
  const { mean, deviation } = meanAndError(accuracies);
  assertAlmostEquals(mean, (400 * 0.8 + 200 * 0.95) / 600, 0.001);
  const variance = (4 / 9) * 0.8 * 0.2 / 400 + (1 / 9) * 0.95 * 0.05 / 200;
  assertAlmostEquals(deviation / Math.sqrt(variance), 1, 0.04);
});

Deno.test("where people decide, intervals over pairs would be too narrow", () => {
  // 40 people of 10 same pairs each, all right or all wrong; different pairs always right.
  const first = Int32Array.from({ length: 800 }, (_, i) => i % 40);
  const same = Uint8Array.from({ length: 800 }, (_, i) => i < 400 ? 1 : 0);
  const second = first.map((person, i) => same[i] ? person : (person + 1) % 40);
  const right = same.map((kind, i) => !kind || first[i] % 4 ? 1 : 0);
  const deviation = (identities?: { first: Int32Array; second: Int32Array }) =>
    meanAndError(
      bootstrapAccuracies({ same, right: [right], identities }, {
        random: random(),
      })[0],
    ).deviation;
  // A quarter of the people are wrong, and same pairs are half of all.
  const wanted = Math.sqrt(0.25 * 0.75 / 40) / 2;
  assertAlmostEquals(deviation({ first, second }) / wanted, 1, 0.05);
  assertAlmostEquals(deviation() * Math.sqrt(10) / wanted, 1, 0.05);
});

Deno.test("recognisers are judged on the same redraws, which the seed alone decides", () => {
  const same = [1, 1, 1, 0, 0, 0];
  const right = [1, 0, 1, 1, 0, 1];
  const draw = (seed: number) =>
    bootstrapAccuracies({ same, right: [right, right] }, {
      random: randomStream(seed),
      replicates: 50,
    });
  const [a, b] = draw(1);
  assertEquals(a, b);
  assertEquals(draw(1)[0], a);
  assert(draw(2)[0].some((value, r) => value !== a[r]));
});

Deno.test("bootstrapAccuracies() refuses what does not belong together", () => {
  const options = { random: random() };
  assertThrows(
    () => bootstrapAccuracies({ same: [1, 0], right: [[1]] }, options),
    TypeError,
    "'right[0]'",
  );
  assertThrows(
    () => bootstrapAccuracies({ same: [1, 1], right: [[1, 1]] }, options),
    RangeError,
    "2 same, 0 different",
  );
  const pairs = { same: [1, 0], right: [[1, 1]] };
  assertThrows(
    () =>
      bootstrapAccuracies({
        ...pairs,
        identities: { first: [0, 0], second: [0] },
      }, options),
    TypeError,
    "'identities.second'",
  );
  assertThrows(
    () =>
      bootstrapAccuracies({
        ...pairs,
        identities: { first: [0, 0], second: [0, 0] },
      }, options),
    RangeError,
    "number of identities",
  );
  assertThrows(
    () => bootstrapAccuracies(pairs, { ...options, replicates: 1 }),
    RangeError,
    "'replicates'",
  );
});

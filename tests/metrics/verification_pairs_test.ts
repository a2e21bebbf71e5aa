import {
  assert,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import {
  type VerificationPairs,
  verificationPairs,
} from "../../src/metrics/verification_pairs.ts";

// Ten identities with ten images each: 450 same pairs, as on the test half of a small face set.
const labels = Int32Array.from({ length: 100 }, (_, i) => i % 10);
const random = randomStream(1, "pairs");

function keys({ first, second }: VerificationPairs): Set<string> {
  return new Set(Array.from(first, (a, k) => `${a}-${second[k]}`));
}

Deno.test("all same pairs are used and as many different ones, none twice", () => {
  const pairs = verificationPairs(labels, { random });
  assertEquals(pairs.same.length, 900);
  assertEquals(keys(pairs).size, 900);
  pairs.first.forEach((a, k) => {
    assert(a < pairs.second[k]);
    assertEquals(pairs.same[k] === 1, labels[a] === labels[pairs.second[k]]);
  });
  assertEquals(
    pairs.rule,
    "450 of 450 same pairs and 450 of 4500 different pairs of 100 images of 10 identities, chosen by seed, 10 balanced folds.",
  );
});

Deno.test("every contiguous fold is half same, half different", () => {
  for (const folds of [2, 7, 10]) {
    const { same } = verificationPairs(labels, {
      random,
      folds,
      samePairs: 99,
    });
    const size = same.length / folds;
    assertEquals(size, 2 * Math.floor(99 / folds));
    for (let fold = 0; fold < folds; fold++) {
      const part = same.slice(fold * size, (fold + 1) * size);
      assertEquals(part.reduce((a, b) => a + b), size / 2);
    }
  }
});

Deno.test("the choice depends on the seed only", () => {
  const choose = (seed: number) =>
    verificationPairs(labels, { random: randomStream(seed), samePairs: 50 });
  assertEquals(choose(1), choose(1));
  assertNotEquals(choose(1), choose(2));
});

Deno.test("different pairs are spread over the identities", () => {
  const { first, second, same } = verificationPairs(labels, { random });
  const counts = new Array(10).fill(0);
  first.forEach((a, k) => {
    if (!same[k]) {
      counts[labels[a]]++;
      counts[labels[second[k]]]++;
    }
  });
  // Mean 90; binomial deviation about 9.
  assert(counts.every((count) => count > 50 && count < 130), `${counts}`);
});

Deno.test("where different pairs are few, each is still used once at most", () => {
  // Six images of one and three of another: 15 + 3 same pairs, 6 * 3 = 18 different ones.
  const few = [0, 0, 0, 0, 0, 0, 1, 1, 1];
  const pairs = verificationPairs(few, { random, folds: 9 });
  assertEquals(pairs.same.length, 36);
  assertEquals(keys(pairs).size, 36);
});

Deno.test("too few pairs are refused with their numbers", () => {
  assertThrows(
    () => verificationPairs([0, 0, 1, 1], { random }),
    RangeError,
    "Cannot choose pairs as 'labels' must be at least 10 same pairs and as many different ones: current value is 2 same, 4 different",
  );
  assertThrows(
    () => verificationPairs(new Int32Array(20), { random }),
    RangeError,
    "190 same, 0 different",
  );
});

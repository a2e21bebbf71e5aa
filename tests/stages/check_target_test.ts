import { assertThrows } from "@std/assert";
import type { ImageSet } from "../../src/data/mod.ts";
import { checkTarget } from "../../src/stages/mod.ts";

/** Images of as many of each person as given; only labels and names matter here. */
function target(counts: number[]): ImageSet {
  const labels = Int32Array.from(
    counts.flatMap((count, label) => Array(count).fill(label)),
  );
  return {
    images: new Float32Array(labels.length * 3),
    height: 1,
    width: 1,
    count: labels.length,
    labels,
    identities: counts.map((_, i) => `p${i}`),
    paths: Array.from(labels, (label, i) => `p${label}/${i}`),
    problems: [],
  };
}

const settings = {
  seed: 0,
  data: { testFraction: 1 / 3, trainCount: 4 },
};

Deno.test("checkTarget() accepts what can go through the whole method", () => {
  // Test: two identities of five images, 2 · 10 same pairs and 25 different ones.
  checkTarget(target([2, 2, 4, 5, 5, 5]), settings);
});

Deno.test("checkTarget() names what a data set lacks", () => {
  const cases: [number[], string][] = [
    [[5], "'testCount'"],
    [[5, 5], "at least 2 training identities: current value is 1"],
    [
      [5, 1, 5, 5, 5, 5],
      "at least 2 images: current value is 1 of 'p1'",
    ],
    // 2 · 3 same pairs are too few for ten folds.
    [[5, 5, 5, 5, 3, 3], "at least 10 same pairs"],
    // One test identity has no different pairs.
    [[5, 5, 9], "at least 10 same pairs and as many different ones"],
  ];
  for (const [counts, message] of cases) {
    assertThrows(
      () => checkTarget(target(counts), settings),
      RangeError,
      message,
    );
  }
});

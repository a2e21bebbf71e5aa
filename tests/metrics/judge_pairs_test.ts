import { assertAlmostEquals, assertEquals } from "@std/assert";
import golden from "../golden/verification.json" with { type: "json" };
import { judgePairs } from "../../src/metrics/judge_pairs.ts";

Deno.test("judgePairs() adds up to the accuracy of each fold", () => {
  for (const { distances, same, folds, foldAccuracies } of golden.distances) {
    const right = judgePairs(distances, same, { folds });
    const sizes = typeof folds === "number"
      ? foldAccuracies.map((_, k) =>
        Math.floor(same.length / folds) + (k < same.length % folds ? 1 : 0)
      )
      : foldAccuracies.map((_, k) => folds.filter((f) => f === k).length);
    const wanted = foldAccuracies.reduce((sum, a, k) => sum + a * sizes[k], 0);
    assertAlmostEquals(right.reduce((a, b) => a + b), wanted, 1e-9);
  }
});

Deno.test("judgePairs() has ten folds unless told otherwise", () => {
  const same = Array.from({ length: 20 }, (_, i) => i % 2);
  const distances = same.map((kind) => 1.5 - kind).with(3, 1.4);
  // The pair whose distance is 1.4 although it is the same person is the only one judged wrongly.
  const right = judgePairs(distances, same);
  assertEquals([right.indexOf(0), right.lastIndexOf(0)], [3, 3]);
});

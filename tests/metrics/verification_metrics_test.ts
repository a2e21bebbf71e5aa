import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import golden from "../golden/verification.json" with { type: "json" };
import { randomStream } from "../../src/core/mod.ts";
import { verificationMetrics } from "../../src/metrics/verification_metrics.ts";

for (const wanted of golden.distances) {
  Deno.test(`verificationMetrics() is NumPy's to the last bit: ${wanted.name}`, () => {
    const result = verificationMetrics(wanted.distances, wanted.same, {
      folds: wanted.folds,
      falseAcceptRates: [0.3, 0.1, 0.05],
    });
    assertEquals(result.accuracy, {
      mean: wanted.accuracy,
      std: wanted.accuracyDeviation,
    });
    assertEquals(
      result.folds.map(({ accuracy }) => accuracy),
      wanted.foldAccuracies,
    );
    assertEquals(
      result.folds.map(({ threshold }) => threshold),
      wanted.thresholds,
    );
    assertEquals(result.bestThreshold, {
      threshold: wanted.bestThreshold,
      accuracy: wanted.bestAccuracy,
    });
    assertAlmostEquals(result.areaUnderCurve, wanted.areaUnderCurve, 1e-12);
    assertAlmostEquals(result.equalErrorRate, wanted.equalErrorRate, 1e-12);
    assertEquals(
      result.trueAcceptRates.map((r) => [r.falseAcceptRate, r.trueAcceptRate]),
      wanted.trueAcceptRates,
    );
    assertEquals(result.protocol.counts.pairs, wanted.same.length);
  });
}

Deno.test("rates that the pairs cannot measure are absent with their reason, never 0", () => {
  const n = 1000;
  const distances = randomStream(1).uniforms(2 * n);
  const same = Array.from({ length: 2 * n }, (_, i) => i % 2);
  const { trueAcceptRates, absent } = verificationMetrics(distances, same);
  assertEquals(
    trueAcceptRates.map(({ falseAcceptRate }) => falseAcceptRate),
    [1e-1, 1e-2, 1e-3],
  );
  assertEquals(absent, {
    "TAR@FAR=1e-4": "1000 different pairs cannot measure a rate of 0.0001.",
    "TAR@FAR=1e-5": "1000 different pairs cannot measure a rate of 0.00001.",
    "TAR@FAR=1e-6": "1000 different pairs cannot measure a rate of 0.000001.",
  });
});

Deno.test("booleans and numbers say the same; the protocol counts them", () => {
  const distances = [0.1, 0.2, 1.5, 1.6];
  const asNumbers = verificationMetrics(distances, [1, 1, 0, 0], { folds: 2 });
  const asBooleans = verificationMetrics(
    distances,
    [true, true, false, false],
    { folds: 2 },
  );
  assertEquals(asBooleans, asNumbers);
  assertEquals(asNumbers.protocol.counts, {
    different: 2,
    pairs: 4,
    same: 2,
  });
  assertEquals(asNumbers.protocol.parameters.folds, "2 contiguous");
});

Deno.test("the curve rises, its area and accuracy stay in their bounds", () => {
  fc.assert(fc.property(
    fc.array(
      fc.tuple(fc.integer({ min: 0, max: 40 }), fc.boolean()),
      { minLength: 4, maxLength: 60 },
    ).filter((pairs) => new Set(pairs.map(([, same]) => same)).size === 2),
    fc.integer({ min: 2, max: 4 }),
    (pairs, folds) => {
      const distances = pairs.map(([distance]) => distance / 10);
      const same = pairs.map(([, same]) => same);
      const result = verificationMetrics(distances, same, { folds });
      const { points, areaUnderCurve } = result;
      assertEquals([points[0], points.at(-1)], [[0, 0], [1, 1]]);
      let area = 0;
      for (let k = 1; k < points.length; k++) {
        const [[x0, y0], [x1, y1]] = [points[k - 1], points[k]];
        assert(x1 >= x0 && y1 >= y0 && x1 + y1 > x0 + y0);
        area += (x1 - x0) * (y0 + y1) / 2;
      }
      // The corners alone hold the whole area.
      assertAlmostEquals(area, areaUnderCurve, 1e-12);
      // Threshold 0 accepts nothing.
      const different = same.filter((kind) => !kind).length;
      assert(result.bestThreshold.accuracy >= different / same.length);
      assert(result.accuracy.mean >= 0 && result.accuracy.mean <= 1);
      assert(result.equalErrorRate >= 0 && result.equalErrorRate <= 1);
      // What is reversed has the other area.
      const other = verificationMetrics(distances.map((d) => 4 - d), same, {
        folds,
      });
      assertAlmostEquals(other.areaUnderCurve, 1 - areaUnderCurve, 1e-12);
    },
  ));
});

Deno.test("verificationMetrics() refuses what it cannot judge", () => {
  const judge = (
    distances: number[],
    same: number[],
    folds: number | number[] = 2,
  ) =>
  () => verificationMetrics(distances, same, { folds });
  assertThrows(judge([1, 2], [1]), TypeError, "'same' must be of length 2");
  assertThrows(
    judge([1, NaN], [1, 0]),
    RangeError,
    "Cannot verify as 'squaredDistances[1]' must be a finite number: current value is NaN",
  );
  assertThrows(judge([1, 2], [1, 0], 3), RangeError, "'pairs'");
  assertThrows(judge([1, 2], [1, 0], 1), RangeError, "'folds'");
  assertThrows(judge([1, 2], [1, 1]), RangeError, "2 same, 0 different");
  assertThrows(judge([1, 2], [1, 0], [0]), TypeError, "'folds'");
  assertThrows(judge([1, 2], [1, 0], [0, -1]), RangeError, "'folds[1]'");
  assertThrows(judge([1, 2], [1, 0], [0, 1e9]), RangeError, "'folds[1]'");
  assertThrows(
    judge([1, 2, 3], [1, 0, 1], [0, 2, 2]),
    RangeError,
    "current value is none in fold 1",
  );
  assertThrows(
    judge([1, 2], [1, 0], [0, 0]),
    RangeError,
    "current value is none in fold 1",
  );
});

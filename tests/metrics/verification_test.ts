import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import golden from "../golden/verification.json" with { type: "json" };
import { verification } from "../../src/metrics/verification.ts";

// Unit circle: images 0 to 3 at angles 0, 60, 90 and 180 degrees, so squared distances are 2 - 2 cos.
const circle = {
  data: Float64Array.from(
    [0, 60, 90, 180].flatMap((degrees) => {
      const angle = degrees * Math.PI / 180;
      return [5 * Math.cos(angle), 5 * Math.sin(angle)];
    }),
  ),
  width: 2,
};

Deno.test("verification() agrees with insightface's protocol in NumPy", () => {
  for (const wanted of golden.features) {
    const bytes = Uint8Array.fromBase64(wanted.features);
    const result = verification(
      { data: new Float32Array(bytes.buffer), width: wanted.width },
      {
        first: Int32Array.from(wanted.first),
        second: Int32Array.from(wanted.second),
        same: Uint8Array.from(wanted.same),
      },
      {
        folds: wanted.folds,
        falseAcceptRates: wanted.trueAcceptRates.map(([rate]) => rate),
      },
    );
    assertEquals(result.accuracy.mean, wanted.accuracy);
    assertEquals(result.accuracy.std, wanted.accuracyDeviation);
    assertEquals(
      result.folds.map(({ accuracy }) => accuracy),
      wanted.foldAccuracies,
    );
    assertEquals(
      result.folds.map(({ threshold }) => threshold),
      wanted.thresholds,
    );
    assertAlmostEquals(result.areaUnderCurve, wanted.areaUnderCurve, 1e-12);
    assertAlmostEquals(result.equalErrorRate, wanted.equalErrorRate, 1e-12);
  }
});

Deno.test("the threshold is the first best of the other folds", () => {
  // Squared distances: same pair 0-1: 1; different pairs 0-2: 2 and 0-3: 4. In both folds every threshold above 1 and up
  // to 2 judges all rightly: the first is 1.01, for the distance 1 is not strictly below 1.
  const { folds, accuracy } = verification(circle, {
    first: new Int32Array([0, 0, 0, 0]),
    second: new Int32Array([1, 2, 1, 3]),
    same: new Uint8Array([1, 0, 1, 0]),
  }, { folds: 2 });
  assertEquals(accuracy.mean, 1);
  // Rounding puts the distance a hair above or below 1.
  for (const { threshold } of folds) {
    assert(Math.abs(threshold - 1.005) < 0.006, `${threshold}`);
  }
});

Deno.test("comparison is strict: equal images are not the same below threshold 0", () => {
  // All pairs are equal images of "different" identities: threshold 0 accepts none of them.
  const { accuracy, folds } = verification(circle, {
    first: new Int32Array([0, 0, 1, 0]),
    second: new Int32Array([0, 0, 1, 2]),
    same: new Uint8Array([0, 0, 0, 1]),
  }, { folds: 4 });
  // For each of the first three folds the others hold two equal pairs and the last one: threshold 0 rejects all, right
  // for two; up to 2 all three are wrong; above 2 one is right. The last fold sees equal pairs only and chooses 0.
  assertEquals(folds.map(({ threshold }) => threshold), [0, 0, 0, 0]);
  assertEquals(folds.map((fold) => fold.accuracy), [1, 1, 1, 0]);
  assertEquals(accuracy.mean, 0.75);
});

Deno.test("the first folds take what does not divide", () => {
  const pairs = {
    first: new Int32Array(11),
    second: Int32Array.from({ length: 11 }, (_, i) => i % 4),
    same: Uint8Array.from({ length: 11 }, (_, i) => i % 4 === 0 ? 1 : 0),
  };
  const { folds } = verification(circle, pairs, { folds: 4 });
  assertEquals(folds.map((fold) => fold.pairs), [3, 3, 3, 2]);
});

Deno.test("accuracy does not change with the scale of features", () => {
  const wanted = golden.features[0];
  const data = new Float32Array(Uint8Array.fromBase64(wanted.features).buffer);
  const pairs = {
    first: Int32Array.from(wanted.first),
    second: Int32Array.from(wanted.second),
    same: Uint8Array.from(wanted.same),
  };
  const { width } = wanted;
  const scaled = data.map((v, i) => v * 2 ** (Math.floor(i / width) % 5 - 2));
  assertEquals(
    verification({ data: scaled, width }, pairs),
    verification({ data, width }, pairs),
  );
});

Deno.test("verification() refuses what it cannot judge", () => {
  const pairs = {
    first: new Int32Array([0, 1]),
    second: new Int32Array([1, 2]),
    same: new Uint8Array([1, 0]),
  };
  assertThrows(
    () => verification(circle, pairs),
    RangeError,
    "Cannot verify as 'pairs' must be a finite number at least 10: current value is 2",
  );
  const folds = 2;
  assertThrows(
    () =>
      verification(circle, { ...pairs, first: new Int32Array(3) }, { folds }),
    TypeError,
    "'pairs.first' must be of length 2",
  );
  assertThrows(
    () =>
      verification(circle, { ...pairs, second: new Int32Array([1, 4]) }, {
        folds,
      }),
    RangeError,
    "'pairs.second[1]'",
  );
  assertThrows(
    () =>
      verification(circle, { ...pairs, same: new Uint8Array(2) }, { folds }),
    RangeError,
    "both kinds of pairs: current value is 0 same, 2 different",
  );
  const broken = { data: circle.data.with(3, NaN), width: 2 };
  assertThrows(
    () => verification(broken, pairs, { folds }),
    RangeError,
    "'data[3]' must be a finite number: current value is NaN",
  );
});

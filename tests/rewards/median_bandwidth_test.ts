import { assertThrows } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import { medianBandwidth } from "../../src/rewards/mod.ts";
import golden from "../golden/rewards.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

function bandwidth(rows: number[][], labels?: number[]): number {
  using features = owned(tf.tensor2d(rows));
  return medianBandwidth(features.value, labels);
}

// On the unit circle: east, north and west are sqrt(2), 2 and sqrt(2) apart.
testOnBackends(
  "medianBandwidth() is the median distance of unit-length features",
  () => {
    assertClose(bandwidth([[3, 0], [0, 0.1], [-7, 0]]), Math.SQRT2, 1e-12);
  },
);

// East, east and north: 0, sqrt(2), sqrt(2). West and west: 0. Of the two medians, sqrt(2) and 0, the mean.
testOnBackends("medianBandwidth() takes the mean of the middle two", () => {
  const rows = [[1, 0], [-1, 0], [1, 0], [0, 1], [-1, 0]];
  assertClose(bandwidth(rows, [0, 1, 0, 0, 1]), Math.SQRT1_2, 1e-12);
});

testOnBackends("medianBandwidth() takes the median over identities", () => {
  // Distances sqrt(2), 2 and 0 within three identities; the single row of the fourth has none.
  const rows = [[1, 0], [0, 1], [1, 0], [-1, 0], [0, 1], [0, 1], [1, 1]];
  assertClose(bandwidth(rows, [5, 5, 2, 2, 0, 0, 9]), Math.SQRT2, 1e-12);
});

testOnBackends("medianBandwidth() gives NumPy's value", () => {
  assertClose(
    bandwidth(golden.references, golden.referenceLabels),
    golden.bandwidth,
    1e-12,
  );
});

testOnBackends("medianBandwidth() refuses features without a distance", () => {
  assertThrows(() => bandwidth([[1, 0]]), RangeError, "one row for each");
  assertThrows(
    () => bandwidth([[1, 0], [0, 1]], [0, 1]),
    RangeError,
    "one row for each",
  );
  assertThrows(
    () => bandwidth([[1, 0], [2, 0]]),
    RangeError,
    "a median distance of 0",
  );
  assertThrows(() => bandwidth([[1, 0], [0, 0]]), RangeError, "zero vector");
  assertThrows(() => bandwidth([[1, 0], [0, NaN]]), RangeError, "NaN");
  assertThrows(() => bandwidth([[1, 0], [0, 1]], [0]), TypeError, "labels");
});

import { assertThrows } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import {
  batchHardTriplet,
  type BatchHardTripletOptions,
} from "../../src/losses/mod.ts";
import golden from "../golden/losses.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { assertGradient } from "../rewards/assert_gradient.ts";
import { take } from "../rewards/take.ts";

function triplet(
  rows: number[][],
  labels: number[],
  options?: BatchHardTripletOptions,
): number[] {
  using features = owned(tf.tensor2d(rows));
  using ids = owned(tf.tensor1d(labels, "int32"));
  return take(batchHardTriplet(features.value, ids.value, options));
}

// On a line: 0 and 1 belong together, 3 and 7 too. Farthest of the same: 1, 1, 4, 4; nearest other: 3, 2, 2, 6.
const line = [[0], [1], [3], [7]];

testOnBackends(
  "batchHardTriplet() takes the farthest of the same and the nearest other",
  () => {
    assertClose(
      triplet(line, [0, 0, 1, 1], { margin: 1.5 }),
      [0, 0.5, 3.5, 0],
      1e-5,
    );
    assertClose(triplet(line, [0, 0, 1, 1]), [0, 0, 2.3, 0], 1e-5);
  },
);

testOnBackends(
  "batchHardTriplet() with the soft margin is log(1 + exp(gap))",
  () => {
    assertClose(
      triplet(line, [0, 0, 1, 1], { margin: "soft" }),
      [-2, -1, 2, -2].map((gap) => Math.log1p(Math.exp(gap))),
      1e-5,
    );
  },
);

testOnBackends("batchHardTriplet() gives NumPy's values", () => {
  const { features, labels } = golden;
  assertClose(triplet(features, labels), golden.triplet, 1e-5);
  assertClose(
    triplet(features, labels, { margin: "soft" }),
    golden.tripletSoft,
    1e-5,
  );
});

testOnBackends(
  "batchHardTriplet() of a lone sample takes itself, and is 0 without others",
  () => {
    assertClose(triplet([[0], [2]], [0, 1], { margin: 3 }), [1, 1], 1e-5);
    assertClose(triplet(line, [4, 4, 4, 4]), [0, 0, 0, 0]);
    assertClose(triplet(line, [4, 4, 4, 4], { margin: "soft" }), [0, 0, 0, 0]);
  },
);

testOnBackends(
  "batchHardTriplet() has the gradient of central differences",
  () => {
    using labels = owned(tf.tensor1d(golden.labels, "int32"));
    for (const margin of [5, "soft"] as const) {
      assertGradient(
        (x) => batchHardTriplet(x, labels.value, { margin }),
        golden.features,
        5e-3,
      );
    }
  },
);

testOnBackends(
  "batchHardTriplet() has a finite gradient where features are equal",
  () => {
    using features = owned(tf.ones<tf.Rank.R2>([4, 2]));
    using labels = owned(tf.tensor1d([0, 0, 1, 1], "int32"));
    const slope = tf.grad((x) =>
      batchHardTriplet(x as tf.Tensor2D, labels.value)
    );
    assertClose(take(slope(features.value)), new Array(8).fill(0), 1e-5);
  },
);

testOnBackends(
  "batchHardTriplet() refuses other lengths and negative margins",
  () => {
    assertThrows(
      () => triplet(line, [0, 1]),
      TypeError,
      "Cannot compute the triplet loss as 'labels' must be of shape [4]: current value is [2]",
    );
    assertThrows(
      () => triplet(line, [0, 0, 1, 1], { margin: -1 }),
      RangeError,
      "margin",
    );
  },
);

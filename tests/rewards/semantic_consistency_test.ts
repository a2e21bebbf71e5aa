import { assert, assertThrows } from "@std/assert";
import { jit, owned, tf } from "../../src/engine/mod.ts";
import { semanticConsistency } from "../../src/rewards/mod.ts";
import golden from "../golden/rewards.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { assertGradient } from "./assert_gradient.ts";
import { take, takeAll } from "./take.ts";

// Unit circle: a feature at angle a from the prototype scores (cos a + 1) / 2.
testOnBackends(
  "semanticConsistency() maps the cosine to [0, 1] (eq. 3)",
  () => {
    using features = owned(tf.tensor2d([[3, 0], [0, 5], [-2, 0], [1, 1]]));
    using prototype = owned(tf.tensor1d([1, 0]));
    assertClose(
      take(semanticConsistency(features.value, prototype.value)),
      [1, 0.5, 0, (Math.SQRT1_2 + 1) / 2],
      1e-6,
    );
  },
);

testOnBackends("semanticConsistency() gives NumPy's values", () => {
  golden.prototypes.forEach((row, y) => {
    const mine = (_: unknown, i: number) => golden.labels[i] === y;
    using features = owned(tf.tensor2d(golden.generated.filter(mine)));
    using prototype = owned(tf.tensor1d(row));
    assertClose(
      take(semanticConsistency(features.value, prototype.value)),
      golden.raw.semantic.filter(mine),
      1e-6,
    );
  });
});

testOnBackends("semanticConsistency() does not depend on any norm", () => {
  using features = owned(tf.tensor2d([[1, 2, -1], [0.1, 0, 4]]));
  using scaled = owned(tf.tensor2d([[100, 200, -100], [1e-3, 0, 4e-2]]));
  using prototype = owned(tf.tensor1d([0.6, 0.8, 0]));
  using long = owned(tf.tensor1d([6, 8, 0]));
  assertClose(
    take(semanticConsistency(scaled.value, long.value)),
    take(semanticConsistency(features.value, prototype.value)),
    1e-6,
  );
});

testOnBackends(
  "semanticConsistency() stays within its bounds under rounding",
  () => {
    const rows = Array.from(
      { length: 50 },
      (_, i) => [1 + i / 7, 3 - i / 11, i],
    );
    for (const row of rows) {
      using features = owned(tf.tensor2d([row, row.map((x) => -x)]));
      using prototype = owned(tf.tensor1d(row));
      const [same, opposite] = take(
        semanticConsistency(features.value, prototype.value),
      );
      assertClose([same, opposite], [1, 0], 1e-6);
      assert(same <= 1 && opposite >= 0);
    }
  },
);

testOnBackends(
  "semanticConsistency() takes features of length 1e-6 and 1e6",
  () => {
    using prototype = owned(tf.tensor1d([0, 1e6]));
    for (const size of [1e-6, 1e6]) {
      using features = owned(tf.tensor2d([[size, size], [-size, 0]]));
      assertClose(
        take(semanticConsistency(features.value, prototype.value)),
        [(Math.SQRT1_2 + 1) / 2, 0.5],
        1e-6,
      );
    }
  },
);

testOnBackends(
  "semanticConsistency() refuses vectors without a direction, never NaN",
  () => {
    const score = (rows: number[][], prototype: number[]) => {
      using features = owned(tf.tensor2d(rows));
      using mean = owned(tf.tensor1d(prototype));
      return take(semanticConsistency(features.value, mean.value));
    };
    assertThrows(
      () => score([[1, 0], [0, 0]], [1, 0]),
      RangeError,
      "Cannot score semantic consistency as 'features[1]' must be finite and not zero: current value is a zero vector",
    );
    assertThrows(() => score([[1, NaN]], [1, 0]), RangeError, "features[0]");
    assertThrows(() => score([[1, 0]], [0, 0]), RangeError, "'prototype'");
    assertThrows(
      () => score([[1, 0]], [0, -Infinity]),
      RangeError,
      "'prototype'",
    );
    assertThrows(
      () => score([[1e-20, 0]], [1, 0]),
      RangeError,
      "must be of a length from 1e-12",
    );
  },
);

testOnBackends(
  "semanticConsistency() in a trace scores a zero vector 0.5, with a finite gradient",
  () => {
    const compiled = jit((x: tf.Tensor, prototype: tf.Tensor1D) => ({
      score: semanticConsistency(x as tf.Tensor2D, prototype),
      slope: tf.grad((x) => semanticConsistency(x as tf.Tensor2D, prototype))(
        x,
      ),
    }));
    using features = owned(tf.tensor2d([[0, 0]]));
    using prototype = owned(tf.tensor1d([1, 0]));
    const { score, slope } = takeAll(compiled(features.value, prototype.value));
    assertClose(score, [0.5]);
    assert(slope.every(Number.isFinite));
    compiled.dispose();
  },
  { backends: ["tensorflow"] },
);

testOnBackends(
  "semanticConsistency() has the gradient of central differences",
  () => {
    using prototype = owned(tf.tensor1d([0.6, 0, 0.8]));
    assertGradient(
      (x) => semanticConsistency(x, prototype.value),
      [[1, -2, 0.5], [0.3, 0.4, 2]],
    );
  },
);

testOnBackends(
  "semanticConsistency() refuses features of another width",
  () => {
    using features = owned(tf.ones<tf.Rank.R2>([2, 3]));
    using prototype = owned(tf.tensor1d([1, 0]));
    assertThrows(
      () => semanticConsistency(features.value, prototype.value),
      TypeError,
      "Cannot score semantic consistency as 'prototype' must be of shape [3]: current value is [2]",
    );
  },
);

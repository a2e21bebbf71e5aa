import { assert, assertThrows } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import { semanticConsistency } from "../../src/rewards/mod.ts";
import golden from "../golden/rewards.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { assertGradient } from "./assert_gradient.ts";
import { take } from "./take.ts";

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
  "semanticConsistency() scores a zero vector 0.5, with a finite gradient",
  () => {
    using features = owned(tf.tensor2d([[0, 0]]));
    using prototype = owned(tf.tensor1d([1, 0]));
    assertClose(
      take(semanticConsistency(features.value, prototype.value)),
      [0.5],
    );
    const slope = tf.grad((x) =>
      semanticConsistency(x as tf.Tensor2D, prototype.value)
    );
    assert(take(slope(features.value)).every(Number.isFinite));
  },
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

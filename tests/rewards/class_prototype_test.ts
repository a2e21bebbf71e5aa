import { assertThrows } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import { classPrototype } from "../../src/rewards/mod.ts";
import golden from "../golden/rewards.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { assertGradient } from "./assert_gradient.ts";
import { take } from "./take.ts";

// Mean of (6, 0) and (0, 8) is (3, 4), of length 5. Normalised first, both weigh the same: (1, 1) / sqrt(2).
testOnBackends("classPrototype() is the direction of the mean (eq. 2)", () => {
  using features = owned(tf.tensor2d([[6, 0], [0, 8]]));
  assertClose(take(classPrototype(features.value)), [0.6, 0.8]);
  assertClose(
    take(classPrototype(features.value, { normalizeFirst: true })),
    [Math.SQRT1_2, Math.SQRT1_2],
  );
});

testOnBackends("classPrototype() gives NumPy's values", () => {
  golden.prototypes.forEach((expected, y) => {
    const rows = golden.references.filter((_, i) =>
      golden.referenceLabels[i] === y
    );
    using features = owned(tf.tensor2d(rows));
    assertClose(take(classPrototype(features.value)), expected, 1e-6);
    assertClose(
      take(classPrototype(features.value, { normalizeFirst: true })),
      golden.prototypesNormalizeFirst[y],
      1e-6,
    );
  });
});

testOnBackends("classPrototype() does not depend on scale or order", () => {
  using features = owned(tf.tensor2d([[1, 2, 0], [0, -1, 3], [2, 2, 1]]));
  using other = owned(tf.tensor2d([[6, 6, 3], [3, 6, 0], [0, -3, 9]]));
  assertClose(
    take(classPrototype(other.value)),
    take(classPrototype(features.value)),
    1e-6,
  );
});

testOnBackends("classPrototype() of one feature is its direction", () => {
  using features = owned(tf.tensor2d([[0, -7]]));
  assertClose(take(classPrototype(features.value)), [0, -1]);
});

testOnBackends(
  "classPrototype() has the gradient of central differences",
  () => {
    assertGradient(classPrototype, [[1, -2, 0.5], [0.3, 0.4, 2]]);
  },
);

testOnBackends("classPrototype() refuses no features and other shapes", () => {
  using none = owned(tf.zeros<tf.Rank.R2>([0, 3]));
  using vector = owned(tf.ones([3]));
  assertThrows(() => classPrototype(none.value), RangeError, "[0, 3]");
  assertThrows(() => classPrototype(vector.value as tf.Tensor2D), TypeError);
});

testOnBackends(
  "classPrototype() refuses features without a direction and features that cancel",
  () => {
    const prototype = (rows: number[][]) => {
      using features = owned(tf.tensor2d(rows));
      return take(classPrototype(features.value));
    };
    assertThrows(
      () => prototype([[1, 2], [0, 0]]),
      RangeError,
      "Cannot make a class prototype as 'features[1]' must be finite and not zero: current value is a zero vector",
    );
    assertThrows(() => prototype([[1, NaN]]), RangeError, "features[0]");
    assertThrows(
      () => prototype([[1, 2], [-1, -2]]),
      RangeError,
      "'features' must not cancel",
    );
  },
);

testOnBackends("classPrototype() takes features of length 1e-6 and 1e6", () => {
  for (const size of [1e-6, 1e6]) {
    using features = owned(tf.tensor2d([[6 * size, 0], [0, 8 * size]]));
    assertClose(take(classPrototype(features.value)), [0.6, 0.8], 1e-6);
  }
});

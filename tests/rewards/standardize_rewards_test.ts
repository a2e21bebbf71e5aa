import { assertThrows } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import { standardizeRewards } from "../../src/rewards/mod.ts";
import golden from "../golden/rewards.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { assertGradient } from "./assert_gradient.ts";
import { take } from "./take.ts";

function standardized(values: number[], epsilon?: number): number[] {
  using tensor = owned(tf.tensor1d(values));
  return take(
    epsilon === undefined
      ? standardizeRewards(tensor.value)
      : standardizeRewards(tensor.value, { epsilon }),
  );
}

// Mean 3; population variance (4 + 0 + 0 + 4) / 4 = 2.
testOnBackends(
  "standardizeRewards() divides by the population deviation (eq. 10)",
  () => {
    const one = Math.SQRT2;
    assertClose(standardized([1, 3, 3, 5]), [-one, 0, 0, one], 2e-6);
    // Deviation 2 and eps0 2: halves.
    assertClose(standardized([1, 5], 2), [-0.5, 0.5], 1e-6);
  },
);

testOnBackends("standardizeRewards() gives NumPy's values", () => {
  for (const part of ["semantic", "coverage", "expressive"] as const) {
    assertClose(
      standardized(golden.raw[part]),
      golden.standardized[part],
      2e-5,
    );
  }
});

testOnBackends("standardizeRewards() knows no shift or scale", () => {
  const values = [0.2, -1.5, 0.7, 3];
  assertClose(
    standardized(values.map((x) => 8 * x - 20)),
    standardized(values),
    1e-5,
  );
});

// 0.84 has no exact float32: the mean of many differs from it in the last digit, which eps0 would show.
testOnBackends("standardizeRewards() makes a constant 0", () => {
  assertClose(
    standardized(new Array(1003).fill(0.84)),
    new Array(1003).fill(0),
    1e-6,
  );
});

testOnBackends(
  "standardizeRewards() has the gradient of central differences, and 0 at a constant",
  () => {
    assertGradient(
      (x) => standardizeRewards(tf.reshape(x, [-1]) as tf.Tensor1D),
      [[0.5, -1, 2, 0.1]],
    );
    using constant = owned(tf.tensor1d([2, 2, 2]));
    const weights = [1, 2, 3];
    const slope = tf.grad((x) =>
      tf.sum(tf.mul(standardizeRewards(x as tf.Tensor1D), weights))
    );
    // Through the numerator alone: (w - mean w) / eps0.
    assertClose(take(slope(constant.value)), [-1e6, 0, 1e6], 1e-3);
  },
);

testOnBackends(
  "standardizeRewards() refuses a single value, other shapes and eps0 of 0",
  () => {
    assertThrows(
      () => standardized([1]),
      RangeError,
      "Cannot standardize rewards as 'number of values' must be a finite number at least 2: current value is 1",
    );
    using matrix = owned(tf.ones([2, 2]));
    assertThrows(
      () => standardizeRewards(matrix.value as unknown as tf.Tensor1D),
      TypeError,
    );
    assertThrows(() => standardized([1, 2], 0), RangeError, "epsilon");
    assertThrows(() => standardized([1, NaN]), RangeError, "'values[1]'");
    assertThrows(() => standardized([-Infinity, 1]), RangeError, "values[0]");
  },
);

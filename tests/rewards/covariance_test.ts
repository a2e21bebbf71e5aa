import { assert, assertThrows } from "@std/assert";
import { l2Normalize, owned, tf } from "../../src/engine/mod.ts";
import { covariance, covarianceTrace } from "../../src/rewards/mod.ts";
import golden from "../golden/rewards.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { assertGradient } from "./assert_gradient.ts";
import { take } from "./take.ts";

// Mean (1, 2); deviations (-1, -2), (0, 2), (1, 0): squares 2 and 8, products 2; divided by 3 - 1.
testOnBackends(
  "covariance() divides by one less than the number (eqs. 6 and 7)",
  () => {
    using features = owned(tf.tensor2d([[0, 0], [1, 4], [2, 2]]));
    const result = covariance(features.value);
    assertClose(result, [[1, 1], [1, 4]], 1e-6);
    result.dispose();
    assertClose(take(covarianceTrace(features.value)), [5], 1e-6);
  },
);

testOnBackends("covariance() gives NumPy's values", () => {
  const mine = (_: unknown, i: number) => golden.labels[i] === 0;
  using generated = owned(tf.tensor2d(golden.generated.filter(mine)));
  using features = owned(l2Normalize(generated.value));
  const result = covariance(features.value);
  assertClose(result, golden.covariance, 1e-6);
  result.dispose();
});

testOnBackends("covarianceTrace() gives NumPy's values", () => {
  golden.referenceSpreads.forEach((expected, y) => {
    const rows = golden.references.filter((_, i) =>
      golden.referenceLabels[i] === y
    );
    using references = owned(tf.tensor2d(rows));
    using features = owned(l2Normalize(references.value));
    assertClose(take(covarianceTrace(features.value)), [expected], 1e-6);
  });
});

testOnBackends(
  "covarianceTrace() is the trace of covariance(), wherever the features lie",
  () => {
    using features = owned(
      tf.tensor2d([[1000.5, 2, -1], [1000, 0, 4], [999, 1, 1], [1001, 1, 0]]),
    );
    const matrix = take(covariance(features.value));
    const trace = take(covarianceTrace(features.value));
    assertClose(trace, [matrix[0] + matrix[4] + matrix[8]], 1e-5);
    assertClose([matrix[1], matrix[2], matrix[5]], [
      matrix[3],
      matrix[6],
      matrix[7],
    ], 1e-6);
  },
);

testOnBackends(
  "covarianceTrace() is 0 for equal features and grows with the square of scale",
  () => {
    using equal = owned(tf.tensor2d([[0.3, 0.7], [0.3, 0.7], [0.3, 0.7]]));
    using once = owned(tf.tensor2d([[1, 0], [0, 1]]));
    using thrice = owned(tf.tensor2d([[3, 0], [0, 3]]));
    assertClose(take(covarianceTrace(equal.value)), [0], 1e-12);
    assertClose(take(covarianceTrace(once.value)), [1], 1e-6);
    assertClose(take(covarianceTrace(thrice.value)), [9], 1e-5);
  },
);

testOnBackends("covarianceTrace() needs no room for the matrix", () => {
  // The matrix would be 16 GB.
  using features = owned(tf.ones<tf.Rank.R2>([2, 64_000]));
  assert(take(covarianceTrace(features.value))[0] < 1e-6);
});

testOnBackends(
  "covariance() and its trace have the gradient of central differences",
  () => {
    const at = [[1, -0.5], [0.3, 0.4], [-1, 0.6]];
    assertGradient(covariance, at);
    assertGradient(covarianceTrace, at);
  },
);

testOnBackends("covariance() and its trace refuse a single feature", () => {
  using one = owned(tf.ones<tf.Rank.R2>([1, 3]));
  for (const fn of [covariance, covarianceTrace]) {
    assertThrows(
      () => fn(one.value),
      RangeError,
      "'number of features' must be a finite number at least 2: current value is 1",
    );
  }
});

testOnBackends("covariance() and its trace refuse NaN", () => {
  using features = owned(tf.tensor2d([[1, 2], [NaN, 3]]));
  for (const fn of [covariance, covarianceTrace]) {
    assertThrows(
      () => fn(features.value),
      RangeError,
      "'features[2]' must be a finite number: current value is NaN",
    );
  }
});

import { assert, assertThrows } from "@std/assert";
import { l2Normalize, owned, tf } from "../../src/engine/mod.ts";
import { rbfKernel } from "../../src/rewards/mod.ts";
import golden from "../golden/rewards.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { assertGradient } from "./assert_gradient.ts";
import { take } from "./take.ts";

// Squared distances 0, 4 and 9 + 16 = 25; sigma = 2 divides them by 8.
testOnBackends("rbfKernel() falls with the squared distance (eq. 4)", () => {
  using u = owned(tf.tensor2d([[0, 0], [3, 4]]));
  using v = owned(tf.tensor2d([[0, 0], [0, 2]]));
  const result = rbfKernel(u.value, v.value, 2);
  assertClose(result, [
    [1, Math.exp(-0.5)],
    [Math.exp(-25 / 8), Math.exp(-13 / 8)],
  ]);
  result.dispose();
});

testOnBackends("rbfKernel() gives NumPy's values", () => {
  const mine = (labels: number[]) => (_: unknown, i: number) => labels[i] === 0;
  using generated = owned(
    tf.tensor2d(golden.generated.filter(mine(golden.labels))),
  );
  using references = owned(
    tf.tensor2d(golden.references.filter(mine(golden.referenceLabels))),
  );
  using u = owned(l2Normalize(generated.value));
  using v = owned(l2Normalize(references.value));
  const result = rbfKernel(u.value, v.value, golden.sigma);
  assertClose(result, golden.kernel, 2e-6);
  result.dispose();
});

testOnBackends(
  "rbfKernel() is symmetric, with ones where vectors are equal",
  () => {
    using u = owned(tf.tensor2d([[0.1, 3], [2, -1], [0.1, 3]]));
    const k = take(rbfKernel(u.value, u.value, 0.7));
    assertClose([k[0], k[2], k[4], k[6], k[8]], [1, 1, 1, 1, 1], 1e-6);
    assertClose([k[1], k[7]], [k[3], k[5]], 1e-6);
    assert(k.every((value) => value >= 0 && value <= 1));
  },
);

testOnBackends("rbfKernel() does not depend on where the vectors lie", () => {
  using u = owned(tf.tensor2d([[0, 0], [1, 0.5]]));
  using v = owned(tf.tensor2d([[0.25, 0], [0, 0.75]]));
  using far = owned(tf.tensor1d([4096, -8192]));
  using shiftedU = owned(tf.add(u.value, far.value) as tf.Tensor2D);
  using shiftedV = owned(tf.add(v.value, far.value) as tf.Tensor2D);
  assertClose(
    take(rbfKernel(shiftedU.value, shiftedV.value, 0.5)),
    take(rbfKernel(u.value, v.value, 0.5)),
    1e-4,
  );
});

testOnBackends(
  "rbfKernel() tends to 1 for a wide and to 0 for a narrow bandwidth",
  () => {
    using u = owned(tf.tensor2d([[0, 1]]));
    using v = owned(tf.tensor2d([[1, 0]]));
    assertClose(take(rbfKernel(u.value, v.value, 1e3)), [1], 2e-6);
    assertClose(take(rbfKernel(u.value, v.value, 1e-3)), [0], 1e-9);
  },
);

// A million long, and the same twice: what a product of such vectors loses is more than the bandwidth.
testOnBackends("rbfKernel() knows equal vectors of any length", () => {
  using u = owned(tf.tensor2d([[1e6, -3e5], [1e6, -3e5], [-2e6, 1e6]]));
  const k = take(rbfKernel(u.value, u.value, 1));
  assertClose(k, [1, 1, 0, 1, 1, 0, 0, 0, 1], 1e-6);
});

// 1,200 x 1,200 x 1 differences are too many to form: one product instead.
testOnBackends("rbfKernel() gives the same for large sets", () => {
  const values = Array.from({ length: 1200 }, (_, i) => [Math.sin(i)]);
  using large = owned(tf.tensor2d(values));
  using some = owned(tf.tensor2d(values.slice(0, 40)));
  using whole = owned(rbfKernel(large.value, large.value, 0.5));
  using corner = owned(tf.slice(whole.value, [0, 0], [40, 40]));
  using expected = owned(rbfKernel(some.value, some.value, 0.5));
  assertClose(corner.value, expected.value, 1e-5);
});

testOnBackends("rbfKernel() has the gradient of central differences", () => {
  using v = owned(tf.tensor2d([[0.2, 0, -0.3], [1, 1, 1]]));
  const at = [[1, -0.5, 0.5], [0.3, 0.4, 1]];
  assertGradient((x) => rbfKernel(x, v.value, 0.9), at);
  assertGradient((x) => rbfKernel(x, x, 0.9), at);
});

testOnBackends(
  "rbfKernel() refuses other widths and bandwidths that are not above 0",
  () => {
    using u = owned(tf.ones<tf.Rank.R2>([2, 3]));
    using v = owned(tf.ones<tf.Rank.R2>([2, 2]));
    assertThrows(
      () => rbfKernel(u.value, v.value, 1),
      TypeError,
      "Cannot compute a kernel as 'v' must be of shape [any, 3]: current value is [2, 2]",
    );
    using broken = owned(tf.tensor2d([[1, 2, NaN]]));
    assertThrows(
      () => rbfKernel(u.value, broken.value, 1),
      RangeError,
      "'v[2]' must be a finite number: current value is NaN",
    );
    using none = owned(tf.zeros<tf.Rank.R2>([0, 3]));
    assertThrows(
      () => rbfKernel(none.value, u.value, 1),
      RangeError,
      "number of vectors in u",
    );
    for (const sigma of [0, -1, NaN, Infinity]) {
      assertThrows(
        () => rbfKernel(u.value, u.value, sigma),
        RangeError,
        "sigma",
      );
    }
  },
);

import { assert, assertEquals } from "@std/assert";
import { smallestLatentDistance } from "../../src/brownian/mod.ts";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { normalTensor } from "../../src/nn/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends("smallestLatentDistance() passes over what coincides", () => {
  using w = owned(tf.tensor2d([[0, 0], [3, 4], [3, 4], [20, 20]]));
  assertClose(smallestLatentDistance(w.value), 5, 1e-5);
  using same = owned(tf.ones([3, 2]) as tf.Tensor2D);
  assertEquals(smallestLatentDistance(same.value), Infinity);
  using one = owned(tf.ones([1, 2]) as tf.Tensor2D);
  assertEquals(smallestLatentDistance(one.value), Infinity);
});

testOnBackends("smallestLatentDistance() looks into every tile", () => {
  // The nearest pair lies across the border of the first 1,024 rows.
  const values = randomStream(4).normals(1300 * 8);
  values.copyWithin(1290 * 8, 1000 * 8, 1001 * 8);
  values[1290 * 8] += 0.05;
  using w = owned(tf.tensor2d(values, [1300, 8]));
  assertClose(smallestLatentDistance(w.value), 0.05, 1e-3);
});

testOnBackends(
  "smallestLatentDistance() does not cancel far from the origin",
  () => {
    using w = owned(
      tf.tidy(() =>
        tf.add(
          1000,
          normalTensor(randomStream(4), "w", [2, 8], 1),
        ) as tf.Tensor2D
      ),
    );
    const [a, b] = w.value.arraySync();
    const length = Math.hypot(...a.map((x, k) => x - b[k]));
    assertClose(smallestLatentDistance(w.value), length, 1e-4);
  },
);

testOnBackends(
  "smallestLatentDistance() does not take rounding for a distance",
  () => {
    // About 32 apart, and so long that rounding alone makes a distance of 0.03.
    const values = randomStream(5).normals(1200 * 512);
    using w = owned(tf.tensor2d(values, [1200, 512]));
    const least = smallestLatentDistance(w.value);
    assert(least > 20 && least < 32, `${least}`);
  },
);

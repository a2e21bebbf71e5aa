import { assertThrows } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { upsampleNearest2x } from "../../../src/engine/ops/mod.ts";
import { assertClose } from "../../support/assert_close.ts";
import { testOnBackends } from "../../support/backends.ts";
import { testGolden } from "./golden.ts";

testGolden("upsampleNearest2x", ({ x }) => upsampleNearest2x(x));

testOnBackends(
  "upsampleNearest2x() repeats pixels and sums their slopes",
  () => {
    tf.tidy(() => {
      const x = tf.tensor4d([1, 2], [1, 1, 2, 1]);
      const slope = tf.tensor4d([1, 2, 3, 4, 10, 20, 30, 40], [1, 2, 4, 1]);
      const { value, grads } = tf.valueAndGrads((x) =>
        upsampleNearest2x(x as tf.Tensor4D)
      )([x], slope);
      assertClose(value, [[[[1], [1], [2], [2]], [[1], [1], [2], [2]]]]);
      // 1 + 2 + 10 + 20 and 3 + 4 + 30 + 40
      assertClose(grads[0], [[[[33], [77]]]]);
    });
  },
);

testOnBackends("upsampleNearest2x() refuses what is no batch of images", () => {
  tf.tidy(() => {
    assertThrows(
      () => upsampleNearest2x(tf.zeros([2, 2, 3]) as unknown as tf.Tensor4D),
      TypeError,
      "Cannot double images as 'x' must be of shape [any, any, any, any]: current value is shape [2, 2, 3]",
    );
  });
});

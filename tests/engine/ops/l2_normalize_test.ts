import { assertThrows } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { l2Normalize } from "../../../src/engine/ops/mod.ts";
import { assertClose } from "../../support/assert_close.ts";
import { testOnBackends } from "../../support/backends.ts";
import { testGolden } from "./golden.ts";

testGolden("l2Normalize", ({ x }, { options }) => l2Normalize(x, options));

testOnBackends(
  "l2Normalize() keeps the zero vector and its gradient finite",
  () => {
    tf.tidy(() => {
      const x = tf.tensor2d([[3, 4], [0, 0]]);
      const options = { epsilon: 0.5 };
      const slope = tf.tensor2d([[1, 0], [1, 2]]);
      const { value, grads } = tf.valueAndGrads((x) => l2Normalize(x, options))(
        [x],
        slope,
      );
      assertClose(value, [[0.6, 0.8], [0, 0]]);
      // (dy - y (y·dy)) / 5 = ([1, 0] - 0.6 [0.6, 0.8]) / 5, and dy / 0.5.
      assertClose(grads[0], [[0.128, -0.096], [2, 4]]);
    });
  },
);

testOnBackends("l2Normalize() refuses an axis that is not there", () => {
  tf.tidy(() => {
    const x = tf.zeros([2, 3]);
    assertThrows(
      () => l2Normalize(x, { axis: 2 }),
      RangeError,
      "Cannot normalise vectors as 'axis' must be an axis of [2, 3]: current value is 2",
    );
    assertThrows(
      () => l2Normalize(x, { epsilon: -1 }),
      RangeError,
      "Cannot normalise vectors as 'epsilon' must be positive and finite",
    );
  });
});

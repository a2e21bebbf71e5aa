import { tf } from "../../src/engine/mod.ts";
import { clamp } from "../../src/policy/clamp.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends("clamp() holds numbers within bounds and NaN outside", () => {
  tf.tidy(() => {
    const values = tf.tensor1d([-3, 0.5, 1, 2]);
    assertClose(clamp(values, -1, 1), [-1, 0.5, 1, 1], 0);
    const slope = tf.grad((x: tf.Tensor) => tf.sum(clamp(x, -1, 1)));
    assertClose(slope(values), [0, 1, 1, 0], 0);
    const broken = clamp(tf.tensor1d([NaN, Infinity, 0.5]), -1, 1);
    assertClose(tf.cast(tf.isNaN(broken), "float32"), [1, 1, 0], 0);
  });
});

import { tf } from "../../src/engine/mod.ts";
import { reinforceLoss } from "../../src/policy/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends("reinforceLoss() is -A log p, whatever the old density", () => {
  tf.tidy(() => {
    const loss = (logDensity: tf.Tensor) =>
      reinforceLoss()({
        logDensity: logDensity as tf.Tensor1D,
        oldLogDensity: tf.tensor1d([5, -7, 100]),
        advantage: tf.tensor1d([3, -1.5, 0]),
      });
    const at = tf.tensor1d([-1, -2, -3]);
    assertClose(loss(at), 0); // -(-3 + 3 + 0) / 3
    assertClose(tf.grad(loss)(at), [-1, 0.5, 0]); // -A / 3
  });
});

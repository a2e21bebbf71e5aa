import { tf } from "../../src/engine/mod.ts";
import { dpokLoss } from "../../src/policy/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends("dpokLoss() clamps hard, whatever the advantage's sign", () => {
  tf.tidy(() => {
    const loss = (logDensity: tf.Tensor) =>
      dpokLoss({ clip: 0.1, klWeight: 0 })({
        logDensity: logDensity as tf.Tensor1D,
        oldLogDensity: tf.zeros([5]),
        advantage: tf.tensor1d([2, -2, 2, -2, 2]),
      });
    const ratios = [1.5, 1.5, 0.5, 0.5, 1.05];
    const at = tf.tensor1d(ratios.map(Math.log));
    // 1.1 and 0.9 in both directions, and the one inside.
    assertClose(loss(at), -(2.2 - 2.2 + 1.8 - 1.8 + 2.1) / 5);
    // Even what would lead back is cut off; inside, -r A / 5.
    assertClose(tf.grad(loss)(at), [0, 0, 0, 0, -0.42]);
  });
});

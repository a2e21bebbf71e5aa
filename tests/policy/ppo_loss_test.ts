import { tf } from "../../src/engine/mod.ts";
import { ppoLoss } from "../../src/policy/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends("ppoLoss() clips to the pessimistic side", () => {
  tf.tidy(() => {
    const loss = (logDensity: tf.Tensor) =>
      ppoLoss({ clip: 0.1 })({
        logDensity: logDensity as tf.Tensor1D,
        oldLogDensity: tf.zeros([4]),
        advantage: tf.tensor1d([2, -2, 2, -2]),
      });
    const at = tf.tensor1d([1.5, 1.5, 0.5, 0.5].map(Math.log));
    // min(3, 2.2), min(-3, -2.2), min(1, 1.8), min(-1, -1.8)
    assertClose(loss(at), -(2.2 - 3 + 1 - 1.8) / 4);
    // Where the bound counts, nothing pulls any further; elsewhere -r A / 4.
    assertClose(tf.grad(loss)(at), [0, 0.75, -0.25, 0]);
  });
});

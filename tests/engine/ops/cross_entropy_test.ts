import { assertThrows } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { crossEntropy } from "../../../src/engine/ops/mod.ts";
import { assertClose } from "../../support/assert_close.ts";
import { testOnBackends } from "../../support/backends.ts";
import { testGolden } from "./golden.ts";

testGolden(
  "crossEntropy",
  ({ logits, labels }, { options }) => crossEntropy(logits, labels, options),
);

testOnBackends("crossEntropy() of hand-computed odds", () => {
  tf.tidy(() => {
    // Odds 1 : 3, label on either side: ln 4 and ln 4/3. Smoothing 0.2 over two
    // classes is the target (0.9, 0.1) resp. (0.1, 0.9).
    const logits = tf.tensor2d([[0, Math.log(3)], [0, Math.log(3)]]);
    const labels = tf.tensor1d([0, 1], "int32");
    const [rare, likely] = [Math.log(4), Math.log(4 / 3)];
    assertClose(crossEntropy(logits, labels), [rare, likely]);
    assertClose(
      crossEntropy(logits, labels, { labelSmoothing: 0.2 }),
      [0.9 * rare + 0.1 * likely, 0.1 * rare + 0.9 * likely],
    );
  });
});

testOnBackends("crossEntropy() stays finite for logits of any size", () => {
  tf.tidy(() => {
    const logits = tf.tensor2d([[1e4, -1e4], [1e4, -1e4]]);
    const labels = tf.tensor1d([0, 1], "int32");
    assertClose(crossEntropy(logits, labels), [0, 2e4]);
    const [slope] = tf.grads((z) => crossEntropy(z as tf.Tensor2D, labels))([
      logits,
    ]);
    assertClose(slope, [[0, 0], [1, -1]]);
  });
});

testOnBackends(
  "crossEntropy() refuses smoothing of 1 and labels of another length",
  () => {
    tf.tidy(() => {
      const logits = tf.zeros<tf.Rank.R2>([2, 3]);
      const act = "Cannot compute cross-entropy as";
      assertThrows(
        () =>
          crossEntropy(logits, tf.zeros([2], "int32"), { labelSmoothing: 1 }),
        RangeError,
        `${act} 'labelSmoothing' must be in [0, 1): current value is 1`,
      );
      assertThrows(
        () => crossEntropy(logits, tf.zeros([3], "int32")),
        TypeError,
        `${act} 'labels' must be of shape [2]: current value is shape [3]`,
      );
      assertThrows(
        () => crossEntropy(logits, tf.zeros([2])),
        TypeError,
        `${act} 'labels' must be int32: current value is float32`,
      );
    });
  },
);

import { assertThrows } from "@std/assert";
import { tf } from "../../src/engine/mod.ts";
import { policyLoss } from "../../src/policy/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

/** Loss of log-ratios under advantages, and its gradient by the log-densities. */
function lossAndSlope(
  logRatios: number[],
  advantages: number[],
  clip?: number,
): { loss: tf.Scalar; slope: tf.Tensor } {
  const oldLogDensity = tf.tensor1d(logRatios.map((_, i) => -1 - i));
  const options = clip === undefined ? {} : { clip };
  const loss = (logDensity: tf.Tensor) =>
    policyLoss({
      logDensity: logDensity as tf.Tensor1D,
      oldLogDensity,
      advantage: tf.tensor1d(advantages),
    }, options);
  const at = tf.add(oldLogDensity, tf.tensor1d(logRatios));
  return { loss: loss(at), slope: tf.grad(loss)(at) };
}

testOnBackends(
  "policyLoss() at ratio 1 has REINFORCE's gradient, -A / B",
  () => {
    tf.tidy(() => {
      for (const clip of [undefined, 0.1, 1e-4]) {
        const { loss, slope } = lossAndSlope([0, 0, 0], [3, -1.5, 0], clip);
        assertClose(loss, -0.5); // -(3 - 1.5 + 0) / 3
        assertClose(slope, tf.tensor1d([-1, 0.5, 0]));
      }
    });
  },
);

testOnBackends(
  "policyLoss() weighs by the importance ratio without a clip",
  () => {
    tf.tidy(() => {
      const { loss, slope } = lossAndSlope([Math.LN2, -Math.LN2], [3, -1]);
      // -(2 · 3 + 0.5 · -1) / 2, and -r A / 2 each
      assertClose(loss, -2.75);
      assertClose(slope, tf.tensor1d([-3, 0.25]));
    });
  },
);

testOnBackends("policyLoss() clips to the pessimistic side", () => {
  tf.tidy(() => {
    const [up, down] = [Math.log(1.5), Math.log(0.5)];
    const { loss, slope } = lossAndSlope(
      [up, up, down, down],
      [2, -2, 2, -2],
      0.1,
    );
    // min(3, 2.2), min(-3, -2.2), min(1, 1.8), min(-1, -1.8)
    assertClose(loss, -(2.2 - 3 + 1 - 1.8) / 4);
    // Where the bound counts, nothing pulls any further; elsewhere -r A / 4.
    assertClose(slope, tf.tensor1d([0, 0.75, -0.25, 0]));
  });
});

testOnBackends(
  "policyLoss() refuses a clip of 0 and values of other shapes",
  () => {
    tf.tidy(() => {
      const values = tf.tensor1d([1, 2]);
      const column = tf.tensor2d([[1], [2]]) as unknown as tf.Tensor1D;
      const input = {
        logDensity: values,
        oldLogDensity: values,
        advantage: values,
      };
      for (const clip of [0, -1, NaN]) {
        assertThrows(() => policyLoss(input, { clip }), RangeError, "'clip'");
      }
      // A column would be broadcast to a matrix: every sample by every advantage.
      for (const name of Object.keys(input)) {
        const wrong = { ...input, [name]: column };
        assertThrows(() => policyLoss(wrong), TypeError, `'${name}'`);
      }
    });
  },
);

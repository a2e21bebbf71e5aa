import { assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { transitionLogDensity } from "../../src/diffusion/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { gaussianKl } from "../../src/policy/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends("gaussianKl() is the mean of squared distances over 2σ²", () => {
  tf.tidy(() => {
    const mean = tf.tensor3d([[[1], [2]], [[-3], [5]]]);
    const other = tf.tensor3d([[[0], [0]], [[-3], [4]]]);
    // (1² + 2²) / 2 / (2 · 0.5²) = 5, and (0² + 1²) / 2 / 0.5 = 1.
    assertClose(gaussianKl(mean, other, 0.5), tf.tensor1d([5, 1]));
    assertClose(gaussianKl(mean, other, tf.scalar(0.5)), tf.tensor1d([5, 1]));
    assertClose(gaussianKl(mean, mean, 0.5), tf.tensor1d([0, 0]));
  });
});

// The log-densities' difference is linear in x, so the mean over x = μ ± σε is its expectation, whatever ε.
testOnBackends(
  "gaussianKl() is the expected difference of log-densities",
  () => {
    tf.tidy(() => {
      const random = randomStream(1, "gaussianKl");
      const draw = () =>
        tf.tensor4d(random.normals(3 * 2 * 2 * 4), [3, 2, 2, 4]);
      const [mean, other, noise] = [draw(), draw(), draw()];
      const step = {
        deviation: tf.scalar(0.7),
        logDeviation: tf.scalar(Math.log(0.7)),
      };
      const difference = (sign: number) => {
        const x = tf.add(mean, tf.mul(0.7 * sign, noise));
        return tf.sub(
          transitionLogDensity(x, mean, step),
          transitionLogDensity(x, other, step),
        );
      };
      const expected = tf.div(tf.add(difference(1), difference(-1)), 2);
      assertClose(gaussianKl(mean, other, step.deviation), expected, 1e-5);
    });
  },
);

testOnBackends("gaussianKl() has the gradient (μ - μ') / (σ² D)", () => {
  tf.tidy(() => {
    const other = tf.tensor2d([[0, 0]]);
    const slope = tf.grad((mean: tf.Tensor) =>
      tf.sum(gaussianKl(mean, other, 0.5))
    );
    // 1 / (0.25 · 2) and 2 / 0.5
    assertClose(slope(tf.tensor2d([[1, 2]])), [[2, 4]]);
  });
});

testOnBackends("gaussianKl() refuses other shapes and σ of 0", () => {
  tf.tidy(() => {
    const [two, one] = [tf.zeros([2, 3]), tf.zeros([1, 3])];
    assertThrows(() => gaussianKl(two, one, 1), TypeError, "'other'");
    assertThrows(() => gaussianKl(two, two, 0), RangeError, "'deviation'");
    assertThrows(() => gaussianKl(two, two, NaN), RangeError, "'deviation'");
  });
});

import { tf } from "../../src/engine/mod.ts";
import { assertClose } from "../support/assert_close.ts";

const STEP = 1e-2; // float32: rounding 1e-5, curvature 1e-4

/**
 * Asserts that the gradient of a function is that of central differences. Its
 * results are weighed with 1, 1/2, 1/3, ..., so that no two can be exchanged.
 *
 * @param fn Function of a matrix with a result of any shape.
 * @param at Where the gradient is taken.
 * @param tolerance As in assertClose().
 */
export function assertGradient(
  fn: (x: tf.Tensor2D) => tf.Tensor,
  at: number[][],
  tolerance = 2e-3,
): void {
  const weighed = (x: tf.Tensor): tf.Scalar =>
    tf.tidy(() => {
      const flat = tf.reshape(fn(x as tf.Tensor2D), [-1]);
      const count = tf.range(1, flat.size + 1, 1, "float32");
      return tf.sum(tf.div(flat, count)) as tf.Scalar;
    });
  const slopes = at.map((row, i) =>
    row.map((_, j) => {
      const [above, below] = [STEP, -STEP].map((step) => {
        const moved = at.map((values) => [...values]);
        moved[i][j] += step;
        return tf.tidy(() => weighed(tf.tensor2d(moved)).dataSync()[0]);
      });
      return (above - below) / (2 * STEP);
    })
  );
  tf.tidy(() => {
    assertClose(tf.grad(weighed)(tf.tensor2d(at)), slopes, tolerance);
  });
}

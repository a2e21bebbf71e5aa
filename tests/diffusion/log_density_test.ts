import { assert, assertThrows } from "@std/assert";
import { tf } from "../../src/engine/mod.ts";
import { transitionLogDensity } from "../../src/diffusion/mod.ts";
import golden from "../golden/diffusion.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends(
  "transitionLogDensity() is the mean of SciPy's log-densities",
  () => {
    const { next, mean, values } = golden.densities;
    for (const { deviation, mean: expected } of values) {
      tf.tidy(() => {
        const step = {
          deviation: tf.scalar(deviation),
          logDeviation: tf.scalar(Math.log(deviation)),
        };
        const [x, m] = [tf.tensor2d(next), tf.tensor2d(mean)];
        // z² in the thousands at deviation 0.01: relative single precision.
        assertClose(transitionLogDensity(x, m, step), expected, 1e-5);
        const images = (x: tf.Tensor) => tf.reshape(x, [3, 5, 1, 1]);
        assertClose(
          transitionLogDensity(images(x), images(m), step),
          expected,
          1e-5,
        );
      });
    }
  },
);

testOnBackends(
  "the slope of the log-density by the mean is the standardised noise",
  () => {
    tf.tidy(() => {
      // d/dμ mean_d(-(x - μ)² / 2σ²) = (x - μ) / (σ² D)
      const step = {
        deviation: tf.scalar(2),
        logDeviation: tf.scalar(Math.log(2)),
      };
      const x = tf.tensor2d([[1, 5]]);
      const slope = tf.grad((m) => tf.sum(transitionLogDensity(x, m, step)));
      assertClose(slope(tf.tensor2d([[0, 1]])), [[1 / 8, 4 / 8]]);
    });
  },
);

testOnBackends(
  "transitionLogDensity() with a deviation per dimension is SciPy's, as mean and as sum",
  () => {
    const { next, mean, deviation, meanOfMany, sumOfMany } = golden.densities;
    tf.tidy(() => {
      const images = (values: number[][]) =>
        tf.reshape(tf.tensor2d(values), [3, 1, 5, 1]);
      const step = {
        deviation: images(deviation),
        logDeviation: tf.log(images(deviation)),
      };
      const [x, m] = [images(next), images(mean)];
      assertClose(transitionLogDensity(x, m, step), meanOfMany, 1e-5);
      assertClose(
        transitionLogDensity(x, m, step, { reduce: "sum" }),
        sumOfMany,
        1e-5,
      );
    });
  },
);

testOnBackends("the sum is the mean times the number of dimensions", () => {
  tf.tidy(() => {
    const step = { deviation: tf.scalar(2), logDeviation: tf.scalar(0.693) };
    const [x, m] = [tf.tensor2d([[1, 5, 0]]), tf.tensor2d([[0, 1, 2]])];
    const mean = transitionLogDensity(x, m, step);
    const sum = transitionLogDensity(x, m, step, { reduce: "sum" });
    assertClose(sum, tf.mul(mean, 3));
  });
});

testOnBackends("the slope by log σ is (z² - 1) / D", () => {
  tf.tidy(() => {
    const slope = tf.grad((logDeviation: tf.Tensor) =>
      tf.sum(
        transitionLogDensity(tf.tensor2d([[3, 0]]), tf.zeros([1, 2]), {
          deviation: tf.exp(logDeviation),
          logDeviation,
        }),
      )
    );
    assertClose(slope(tf.zeros([1, 2])), [[(9 - 1) / 2, (0 - 1) / 2]]);
  });
});

testOnBackends("densities refuse tensors that would be broadcast", () => {
  tf.tidy(() => {
    const step = { deviation: tf.scalar(1), logDeviation: tf.scalar(0) };
    const two = tf.zeros([2, 3]);
    assertThrows(
      () => transitionLogDensity(two, tf.zeros([3]), step),
      TypeError,
      "Cannot take a log-density as 'mean' must be of shape [2, 3]: current value is [3]",
    );
    const row = { deviation: tf.ones([3]), logDeviation: tf.zeros([3]) };
    assertThrows(
      () => transitionLogDensity(two, two, row),
      TypeError,
      "'deviation' must be of shape [2, 3]",
    );
    assertThrows(
      () => transitionLogDensity(two, two, { ...step, deviation: two }),
      TypeError,
      "'logDeviation' must be of shape [2, 3]",
    );
    const reduce = "median" as "mean";
    assertThrows(
      () => transitionLogDensity(two, two, step, { reduce }),
      RangeError,
      "'reduce'",
    );
  });
});

testOnBackends("a transition without noise has no finite density", () => {
  tf.tidy(() => {
    const step = { deviation: tf.scalar(0), logDeviation: tf.scalar(0) };
    const [density] = transitionLogDensity(
      tf.ones([1, 2]),
      tf.ones([1, 2]),
      step,
    )
      .dataSync();
    assert(!Number.isFinite(density));
  });
});

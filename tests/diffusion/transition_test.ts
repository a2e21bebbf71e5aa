import { assertEquals, assertThrows } from "@std/assert";
import { jit, owned, tf } from "../../src/engine/mod.ts";
import {
  diffusionSchedule,
  samplingSteps,
  stepScalars,
  stepTensor,
  transitionLogDensity,
  transitionMean,
} from "../../src/diffusion/mod.ts";
import golden from "../golden/diffusion.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends("stepScalars() takes apart what stepTensor() packed", () => {
  const steps = samplingSteps(diffusionSchedule(), {
    count: 5,
    prediction: "velocity",
  });
  for (const step of steps) {
    using packed = owned(stepTensor(step));
    using scalars = owned({ ...stepScalars(packed.value) });
    const { time, stateWeight, predictionWeight } = scalars.value;
    const { deviation, logDeviation } = scalars.value;
    assertClose(time, step.time);
    assertClose(stateWeight, step.stateWeight);
    assertClose(predictionWeight, step.predictionWeight);
    assertClose(deviation, step.deviation);
    assertClose(
      logDeviation,
      step.deviation > 0 ? Math.log(step.deviation) : 0,
    );
  }
});

testOnBackends("transitionMean() is linear in state and prediction", () => {
  tf.tidy(() => {
    const step = {
      stateWeight: tf.scalar(2),
      predictionWeight: tf.scalar(-3),
    };
    const state = tf.tensor([[1, 0], [0, 2]]);
    const prediction = tf.tensor([[0, 1], [1, 1]]);
    assertClose(transitionMean(state, prediction, step), [[2, -3], [-3, 1]]);
    assertThrows(
      () => transitionMean(state, tf.zeros([1, 2]), step),
      TypeError,
      "Cannot step to a mean as 'prediction' must be of shape [2, 2]: current value is [1, 2]",
    );
  });
});

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

testOnBackends("one jitted function serves every step of a chain", () => {
  let traces = 0;
  const fn = jit((step: tf.Tensor1D, x: tf.Tensor, noise: tf.Tensor) => {
    traces++;
    const scalars = stepScalars(step);
    const mean = transitionMean(x, tf.neg(x), scalars);
    return tf.add(mean, tf.mul(noise, scalars.deviation));
  });
  const steps = samplingSteps(diffusionSchedule(), {
    count: 4,
    prediction: "noise",
  });
  tf.tidy(() => {
    for (const step of steps) {
      const x = fn(stepTensor(step), tf.tensor([2]), tf.tensor([3]));
      const { stateWeight, predictionWeight, deviation } = step;
      assertClose(x, [2 * stateWeight - 2 * predictionWeight + 3 * deviation]);
    }
  });
  assertEquals(traces, tf.getBackend() === "tensorflow" ? 1 : 4);
  fn.dispose();
});

testOnBackends("transitions refuse tensors that would be broadcast", () => {
  tf.tidy(() => {
    const step = { deviation: tf.scalar(1), logDeviation: tf.scalar(0) };
    assertThrows(
      () => transitionLogDensity(tf.zeros([2, 3]), tf.zeros([3]), step),
      TypeError,
      "Cannot take a log-density as 'mean' must be of shape [2, 3]: current value is [3]",
    );
    assertThrows(
      () => stepScalars(tf.zeros([6])),
      TypeError,
      "'step' must be of shape [5]: current value is [6]",
    );
  });
});

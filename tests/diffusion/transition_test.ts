import { assert, assertEquals, assertThrows } from "@std/assert";
import { jit, tf } from "../../src/engine/mod.ts";
import {
  denoisingTransition,
  diffusionSchedule,
  samplingSteps,
  stepScalars,
  stepTensor,
  transitionMean,
} from "../../src/diffusion/mod.ts";
import golden from "../golden/diffusion.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

type Shape = [number, number, number, number];

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

for (const { kind, steps, count, learned } of golden.variances) {
  testOnBackends(
    `a learned deviation is NumPy's on ${count} of ${steps} ${kind} steps`,
    () => {
      const plan = samplingSteps(
        diffusionSchedule({ kind: kind as "linear", steps }),
        { count, prediction: "noise", variance: "learned" },
      );
      const { ranges } = golden;
      const shape: Shape = [1, 1, 1, ranges.length];
      plan.forEach((step, i) => {
        tf.tidy(() => {
          const range = tf.tensor4d(ranges, shape);
          const output = tf.concat([tf.zeros(shape), range], 3) as tf.Tensor4D;
          const { deviation, logDeviation } = denoisingTransition(
            tf.zeros(shape),
            output,
            stepScalars(stepTensor(step)),
            { learnedVariance: true },
          );
          assertEquals(deviation.shape, shape);
          assertClose(deviation.flatten(), learned[i], 1e-6);
          const log = learned[i].map((s) => s > 0 ? Math.log(s) : 0);
          assertClose(logDeviation.flatten(), log, 1e-5);
        });
      });
    },
  );
}

/** A transition in the middle of a chain. */
function middle(options: { prediction?: "noise" | "velocity" } = {}) {
  const { prediction = "noise" } = options;
  const plan = samplingSteps(diffusionSchedule(), {
    count: 20,
    prediction,
    sampler: "ancestral",
  });
  return { step: plan[8], scalars: stepScalars(stepTensor(plan[8])) };
}

testOnBackends(
  "without learning, σ is the step's and a second half unused",
  () => {
    tf.tidy(() => {
      const { step, scalars } = middle();
      const state = tf.tensor4d([0.5, -2], [1, 1, 1, 2]);
      const output = tf.tensor4d([1, 0.1, 9, -9], [1, 1, 1, 4]);
      const transition = denoisingTransition(state, output, scalars);
      assertEquals(transition.deviation.shape, []);
      assertClose(transition.deviation, step.deviation, 1e-6);
      assertClose(transition.logDeviation, Math.log(step.deviation), 1e-5);
      const { stateWeight: a, predictionWeight: b } = step;
      const mean = [0.5 * a + b, -2 * a + 0.1 * b];
      assertClose(transition.mean.flatten(), mean, 1e-5);
      assertClose(transition.noise.flatten(), [1, 0.1]);
      const alone = tf.tensor4d([1, 0.1], [1, 1, 1, 2]);
      const same = denoisingTransition(state, alone, scalars);
      assertClose(same.mean, transition.mean, 0);
    });
  },
);

testOnBackends("a velocity tells the noise it sees", () => {
  tf.tidy(() => {
    const { step, scalars } = middle({ prediction: "velocity" });
    const alphaBar = diffusionSchedule().alphaBars[step.time];
    const [signal, spread] = [Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar)];
    const [clean, noise] = [0.3, -1.4];
    const one: Shape = [1, 1, 1, 1];
    const state = tf.fill(one, signal * clean + spread * noise) as tf.Tensor4D;
    const velocity = tf.fill(one, signal * noise - spread * clean);
    const seen = denoisingTransition(state, velocity as tf.Tensor4D, scalars);
    assertClose(seen.noise.flatten(), [noise], 1e-5);
  });
});

testOnBackends("clipping bounds the clean prediction before the mean", () => {
  tf.tidy(() => {
    for (const sampler of ["ddim", "ancestral"] as const) {
      const [step] = samplingSteps(diffusionSchedule(), {
        times: [600, 400],
        prediction: "noise",
        sampler,
      });
      const { alphaBars } = diffusionSchedule();
      const [from, to] = [alphaBars[600], alphaBars[400]];
      const [x, e] = [[2, 0.1, -3], [0.5, 0, 1]];
      const mean = x.map((x, i) => {
        const clean = (x - Math.sqrt(1 - from) * e[i]) / Math.sqrt(from);
        const clipped = Math.max(-1, Math.min(1, clean));
        const beta = 1 - from / to;
        const variance = beta * (1 - to) / (1 - from);
        return sampler === "ddim"
          ? Math.sqrt(to) * clipped + Math.sqrt(1 - to - variance) * e[i]
          : Math.sqrt(to) * beta / (1 - from) * clipped +
            Math.sqrt(1 - beta) * (1 - to) / (1 - from) * x;
      });
      const clipped = denoisingTransition(
        tf.tensor4d(x, [1, 1, 1, 3]),
        tf.tensor4d(e, [1, 1, 1, 3]),
        stepScalars(stepTensor(step)),
        { clip: 1 },
      );
      assertClose(clipped.mean.flatten(), mean, 1e-5);
    }
  });
});

testOnBackends(
  "a gradient goes into the variance only if it is asked to",
  () => {
    tf.tidy(() => {
      const { scalars } = middle();
      const state = tf.ones([1, 1, 1, 1]) as tf.Tensor4D;
      const slope = (varianceGradient: boolean) =>
        tf.grad((output: tf.Tensor) => {
          const { mean, logDeviation } = denoisingTransition(
            state,
            output as tf.Tensor4D,
            scalars,
            { learnedVariance: true, varianceGradient },
          );
          return tf.sum(tf.add(mean, logDeviation));
        })(tf.tensor4d([0.2, 0.4], [1, 1, 1, 2])).dataSync();
      const [mean, range] = slope(true);
      const { logForward, logPosterior, predictionWeight } = scalars;
      assertClose(mean, predictionWeight);
      // log σ = (v + 1)/4 log β + (1 - v)/4 log β̃
      assertClose(range, tf.div(tf.sub(logForward, logPosterior), 4), 1e-5);
      assert(range > 0);
      assertClose(slope(false), [mean, 0], 0);
    });
  },
);

testOnBackends("a transition's results are its own", () => {
  tf.tidy(() => {
    const { step, scalars } = middle();
    const x = tf.ones([1, 1, 1, 1]) as tf.Tensor4D;
    const transition = denoisingTransition(x, x, scalars);
    tf.dispose(transition);
    assertClose(scalars.deviation, step.deviation, 1e-6);
  });
});

testOnBackends("denoisingTransition() refuses outputs of other shapes", () => {
  tf.tidy(() => {
    const { scalars } = middle();
    const state = tf.zeros([2, 1, 1, 2]) as tf.Tensor4D;
    for (const shape of [[2, 1, 1, 3], [1, 1, 1, 2], [2, 1, 1, 8]] as Shape[]) {
      assertThrows(
        () => denoisingTransition(state, tf.zeros(shape), scalars),
        TypeError,
        "Cannot take a transition as 'output' must be of shape [2, 1, 1, ",
      );
    }
    const options = { learnedVariance: true };
    assertThrows(
      () => denoisingTransition(state, state, scalars, options),
      TypeError,
      "must be of shape [2, 1, 1, 4]: current value is [2, 1, 1, 2]",
    );
    for (const clip of [0, -1, NaN]) {
      assertThrows(
        () => denoisingTransition(state, state, scalars, { clip }),
        RangeError,
        "'clip'",
      );
    }
  });
});

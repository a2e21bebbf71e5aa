import { assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import {
  denoisingTransition,
  diffusionSchedule,
  sampleChain,
  type SampleChainOptions,
  samplingSteps,
  stepScalars,
  stepTensor,
  transitionLogDensity,
} from "../../src/diffusion/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const schedule = diffusionSchedule({ kind: "cosine" });
const random = randomStream(2, "sample chain test");
const SHAPE: [number, number, number, number] = [3, 2, 1, 2];

const draw = (name: string | number) =>
  tf.tensor4d(random.fork(name).normals(12), SHAPE);

/** A network with something of everything: prediction and range of the variance. */
const denoise = (x: tf.Tensor4D, times: tf.Tensor1D) =>
  tf.tidy(() => {
    const t = tf.div(tf.reshape(times, [-1, 1, 1, 1]), 1000);
    const prediction = tf.sin(tf.add(x, t));
    return tf.concat([prediction, tf.cos(x)], 3) as tf.Tensor4D;
  });

const options = (): SampleChainOptions => ({
  steps: samplingSteps(schedule, {
    count: 4,
    prediction: "velocity",
    variance: "learned",
  }),
  learnedVariance: true,
  start: draw("start"),
  noise: draw,
});

testOnBackends(
  "sampleChain() is a walk of transitions with their densities",
  () => {
    for (const density of ["mean", "sum"] as const) {
      tf.tidy(() => {
        const { steps, ...rest } = options();
        const drawn = sampleChain(denoise, { ...rest, steps, density });
        assertEquals([drawn.states.length, drawn.logDensities.length], [5, 3]);
        assertClose(drawn.states[0], draw("start"), 0);
        steps.forEach((step, i) => {
          const state = drawn.states[i];
          const times = tf.fill([3], step.time) as tf.Tensor1D;
          const own = denoisingTransition(
            state,
            denoise(state, times),
            stepScalars(stepTensor(step)),
            { learnedVariance: true },
          );
          const noise = tf.mul(own.deviation, draw(i));
          assertClose(drawn.states[i + 1], tf.add(own.mean, noise), 1e-5);
          if (i === 3) return;
          assertClose(
            drawn.logDensities[i],
            transitionLogDensity(drawn.states[i + 1], own.mean, own, {
              reduce: density,
            }),
            1e-5,
          );
        });
        assertClose(drawn.logDensity!, tf.addN(drawn.logDensities), 1e-5);
      });
    }
  },
);

testOnBackends("sampleChain() without densities draws the same states", () => {
  tf.tidy(() => {
    const { states, ...rest } = sampleChain(denoise, {
      ...options(),
      density: "none",
    });
    assertEquals(rest, { logDensities: [] });
    const last = sampleChain(denoise, options()).states[4];
    assertClose(states[4], last, 0);
  });
});

testOnBackends("sampleChain() owns its results and nothing else", () => {
  const borrowed = [0, 1, 2].map(draw);
  const given = { ...options(), noise: (i: number) => borrowed[i] };
  const before = tf.memory().numTensors;
  const drawn = sampleChain(denoise, given);
  // Five states, three densities and their sum.
  assertEquals(tf.memory().numTensors, before + 9);
  tf.dispose(drawn);
  assertEquals(tf.memory().numTensors, before);
  tf.dispose([borrowed, given.start]);
});

testOnBackends(
  "sampleChain() tells how far it is, and stops when asked to",
  () => {
    const given = options();
    const before = tf.memory().numTensors;
    const calls: [number, number][] = [];
    const controller = new AbortController();
    assertThrows(
      () =>
        sampleChain(denoise, {
          ...given,
          signal: controller.signal,
          onStep: (done, total) => {
            calls.push([done, total]);
            if (done === 2) controller.abort(new RangeError("enough"));
          },
        }),
      RangeError,
      "enough",
    );
    assertEquals(calls, [[1, 4], [2, 4]]);
    assertEquals(tf.memory().numTensors, before);
    given.start.dispose();
  },
);

testOnBackends("sampleChain() refuses what it cannot draw", () => {
  tf.tidy(() => {
    const deterministic = samplingSteps(schedule, {
      count: 4,
      prediction: "velocity",
      eta: 0,
    });
    const given = options();
    assertThrows(
      () => sampleChain(denoise, { ...given, steps: deterministic }),
      RangeError,
      "Cannot sample a chain as 'number of transitions with noise' must be",
    );
    assertThrows(
      () => sampleChain(denoise, { ...given, steps: [], density: "none" }),
      RangeError,
      "'number of steps'",
    );
    assertThrows(
      () => sampleChain(denoise, { ...given, noise: () => tf.zeros([1]) }),
      TypeError,
      "'noise' must be of shape [3, 2, 1, 2]: current value is [1]",
    );
    assertThrows(
      () => sampleChain(denoise, { ...given, density: "median" as "mean" }),
      RangeError,
      "'density'",
    );
  });
});

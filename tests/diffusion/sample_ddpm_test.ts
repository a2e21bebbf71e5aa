import { assertEquals, assertThrows } from "@std/assert";
import { tf } from "../../src/engine/mod.ts";
import {
  addNoise,
  diffusionSchedule,
  noiseLevels,
  sampleDdpm,
  type SampleDdpmOptions,
} from "../../src/diffusion/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import {
  dummyModel,
  dummyNoise,
  dummySample,
  SHAPE,
  sumOf,
} from "./dummy_model.ts";
import { torchNormals } from "./torch_normals.ts";

const linear = diffusionSchedule();

Deno.test("torchNormals() are torch.randn's for seed 0", () => {
  // torch.manual_seed(0); torch.randn(4, 3, 8, 8), PyTorch 2.13: the first five and the last three of the next call.
  const draw = torchNormals(0);
  const first = draw(768).subarray(0, 5);
  assertClose(first, [-1.1258, -1.1524, -0.2506, -0.4339, 0.8487], 1e-4);
  assertClose(draw(768).subarray(765), [-0.0363, 0.0981, 0.9636], 1e-4);
});

/** diffusers' "full loop": all 1000 steps, the posterior's variance, x̂_0 clipped to [-1, 1], noise of seed 0. */
function fullLoop(options: Partial<SampleDdpmOptions>): number {
  const draw = torchNormals(0);
  return tf.tidy(() => {
    const { states } = sampleDdpm(dummyModel, {
      schedule: linear,
      ...(options.times === undefined ? { count: 1000 } : {}),
      prediction: "noise",
      density: "none",
      clip: 1,
      start: dummySample(),
      noise: () => tf.tensor4d(draw(768), SHAPE),
      ...options,
    });
    return sumOf(states[states.length - 1]);
  });
}

testOnBackends(
  "sampleDdpm() has the published sums of diffusers' loops",
  () => {
    assertClose(fullLoop({}), 258.9606, 0.01 / 258);
    assertClose(fullLoop({ prediction: "velocity" }), 202.0296, 0.01 / 202);
  },
);

testOnBackends(
  "sampleDdpm() has the published sum of the loop from noise",
  () => {
    tf.tidy(() => {
      const levels = noiseLevels(linear, [1, 1, 1, 1]);
      const start = addNoise(dummySample(), dummyNoise(), levels);
      const sum = fullLoop({ start, times: [1, 0] });
      // Published is 387.9466 to 0.01; in float64 it is 387.9673: 1 - ᾱ has few digits in single precision at time 1.
      assertClose(sum, 387.9673, 0.001 / 387);
      assertClose(sum, 387.9466, 0.03 / 387);
    });
  },
);

testOnBackends(
  "sampleDdpm() has the published variances of single steps",
  () => {
    // test_scheduler_ddpm.py: 0.00979 at time 487, 0.02 at 999; to 1e-5.
    for (const [time, variance] of [[487, 0.00979], [999, 0.02]]) {
      tf.tidy(() => {
        const draw = (noise: number) =>
          sampleDdpm((x) => tf.zerosLike(x), {
            schedule: linear,
            times: [time, time - 1],
            prediction: "noise",
            density: "none",
            start: tf.zeros([1, 1, 1, 1]),
            noise: (_, shape) => tf.fill(shape, noise),
          }).states[1].dataSync()[0];
        assertClose((draw(1) - draw(0)) ** 2, variance, 1e-5);
      });
    }
  },
);

testOnBackends("sampleDdpm() draws with the variance it is told", () => {
  tf.tidy(() => {
    const [from, to] = [linear.alphaBars[800], linear.alphaBars[200]];
    const beta = 1 - from / to;
    const posterior = beta * (1 - to) / (1 - from);
    const expected = {
      posterior,
      forward: beta,
      learned: Math.sqrt(beta * posterior), // half way, v = 0
    };
    for (const variance of ["posterior", "forward", "learned"] as const) {
      const outputs = variance === "learned" ? 2 : 1;
      const { states, logDensities } = sampleDdpm(
        () => tf.zeros([1, 1, 1, outputs]),
        {
          schedule: linear,
          times: [800, 200],
          prediction: "velocity",
          variance,
          start: tf.zeros([1, 1, 1, 1]),
          noise: (_, shape) => tf.fill(shape, 2),
        },
      );
      const deviation = Math.sqrt(expected[variance]);
      assertClose(states[1].flatten(), [2 * deviation], 1e-5);
      assertEquals(logDensities.length, 1);
      assertClose(
        logDensities[0],
        [-2 - Math.log(deviation) - 0.5 * Math.log(2 * Math.PI)],
        1e-5,
      );
    }
  });
});

testOnBackends(
  "sampleDdpm() wants twice the channels for a learned variance",
  () => {
    tf.tidy(() => {
      assertThrows(
        () =>
          sampleDdpm((x) => tf.zerosLike(x), {
            schedule: linear,
            count: 3,
            prediction: "noise",
            variance: "learned",
            start: dummySample(),
            noise: () => dummyNoise(),
          }),
        TypeError,
        "'output' must be of shape [4, 3, 8, 16]: current value is [4, 3, 8, 8]",
      );
    });
  },
);

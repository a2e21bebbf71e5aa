import { assertEquals, assertThrows } from "@std/assert";
import { tf } from "../../src/engine/mod.ts";
import {
  addNoise,
  diffusionSchedule,
  noiseLevels,
  sampleDdim,
  type SampleDdimOptions,
  spacedTimes,
} from "../../src/diffusion/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { dummyModel, dummyNoise, dummySample, sumOf } from "./dummy_model.ts";

const linear = diffusionSchedule();
const leading = spacedTimes(1000, 10, { spacing: "leading" });

/** diffusers' "full loop": 10 steps, eta 0, x̂_0 clipped to [-1, 1]. */
function fullLoop(options: Partial<SampleDdimOptions>): number {
  return tf.tidy(() => {
    const { states } = sampleDdim(dummyModel, {
      schedule: linear,
      times: leading,
      prediction: "noise",
      eta: 0,
      density: "none",
      clip: 1,
      start: dummySample(),
      noise: () => {
        throw new Error("noise was asked for");
      },
      ...options,
    });
    return sumOf(states[states.length - 1]);
  });
}

testOnBackends(
  "sampleDdim() has the published sums of diffusers' loops",
  () => {
    assertClose(fullLoop({}), 172.0067, 0.01 / 172);
    assertClose(fullLoop({ prediction: "velocity" }), 52.5302, 0.01 / 52);
    // β from 0.01, "set alpha to one"
    const betas = Float64Array.from(
      { length: 1000 },
      (_, t) => 0.01 + 0.01 * t / 999,
    );
    const schedule = diffusionSchedule({ betas });
    assertClose(fullLoop({ schedule }), 149.8295, 0.01 / 149);
  },
);

testOnBackends(
  "sampleDdim() has the published sum of the loop from noise",
  () => {
    tf.tidy(() => {
      const levels = noiseLevels(linear, [100, 100, 100, 100]);
      const start = addNoise(dummySample(), dummyNoise(), levels);
      assertClose(fullLoop({ start, times: [100, 0] }), 354.5418, 0.01 / 354);
    });
  },
);

testOnBackends("sampleDdim() draws x_{t-1} = μ + η √β̃ ε", () => {
  tf.tidy(() => {
    // A network that sees no noise: x̂_0 = x_t / √ᾱ_t, and μ is √ᾱ_{t-1} x̂_0.
    const eta = 0.4;
    const { states, logDensities, logDensity } = sampleDdim(
      (x) => tf.zerosLike(x),
      {
        schedule: linear,
        times: [600, 300],
        prediction: "noise",
        eta,
        start: tf.fill([1, 1, 1, 2], 0.8),
        noise: (index, shape) => {
          assertEquals([index, shape], [0, [1, 1, 1, 2]]);
          return tf.tensor4d([2, -1], [1, 1, 1, 2]);
        },
      },
    );
    const [from, to] = [linear.alphaBars[600], linear.alphaBars[300]];
    const deviation = eta *
      Math.sqrt((1 - from / to) * (1 - to) / (1 - from));
    const mean = Math.sqrt(to / from) * 0.8;
    const next = [mean + 2 * deviation, mean - deviation];
    assertEquals(states.length, 3);
    assertClose(states[1].flatten(), next, 1e-5);
    assertClose(
      states[2].flatten(),
      next.map((x) => x / Math.sqrt(to)),
      1e-5,
    );
    // z is 2 and -1: mean (z²) / 2 = 1.25
    const density = -1.25 - Math.log(deviation) - 0.5 * Math.log(2 * Math.PI);
    assertEquals(logDensities.length, 1);
    assertClose(logDensities[0], [density], 1e-5);
    assertClose(logDensity!, [density], 1e-5);
  });
});

testOnBackends("sampleDdim() refuses densities where nothing is random", () => {
  tf.tidy(() => {
    const options = {
      schedule: linear,
      prediction: "noise",
      start: dummySample(),
      noise: () => dummyNoise(),
    } as const;
    assertThrows(
      () => sampleDdim(dummyModel, { ...options, count: 5, eta: 0 }),
      RangeError,
      `Cannot sample by DDIM as 'eta' must be above 0 unless 'density' is "none": current value is 0`,
    );
    assertThrows(
      () => sampleDdim(dummyModel, { ...options, count: 1 }),
      RangeError,
      "'number of transitions with noise' must be",
    );
    for (const eta of [-0.1, 1.5, NaN]) {
      assertThrows(
        () => sampleDdim(dummyModel, { ...options, count: 5, eta }),
        RangeError,
        "'eta' must be in [0, 1]",
      );
    }
  });
});

import { assertEquals, assertThrows } from "@std/assert";
import { tf } from "../../src/engine/mod.ts";
import {
  addNoise,
  denoisingLoss,
  type DiffusionSchedule,
  diffusionSchedule,
  noiseLevels,
} from "../../src/diffusion/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

/** √ᾱ is 0.8 and √(1 - ᾱ) 0.6 at time 0, the other way round at time 1. */
const schedule: DiffusionSchedule = {
  steps: 2,
  betas: Float64Array.of(0.36, 1 - 0.36 / 0.64),
  alphaBars: Float64Array.of(0.64, 0.36),
};
const image = (...values: number[]) =>
  tf.tensor4d(values, [values.length / 2, 1, 2, 1]);

testOnBackends(
  "noiseLevels() are the schedule's at the times of the samples",
  () => {
    tf.tidy(() => {
      const { times, signal, noise } = noiseLevels(schedule, [1, 0, 1]);
      assertEquals([times.dtype, signal.shape], ["float32", [3, 1, 1, 1]]);
      assertClose(times, [1, 0, 1]);
      assertClose(signal.reshape([3]), [0.6, 0.8, 0.6]);
      assertClose(noise.reshape([3]), [0.8, 0.6, 0.8]);
    });
  },
);

Deno.test("noiseLevels() refuses times that are not in the schedule", () => {
  for (const time of [-1, 2, 0.5, NaN]) {
    assertThrows(
      () => noiseLevels(schedule, [0, time]),
      RangeError,
      `Cannot look up noise levels as 'times[1]' must be a whole number at least 0 and at most 1: current value is ${time}`,
    );
  }
});

testOnBackends("addNoise() mixes each sample at its own level", () => {
  tf.tidy(() => {
    const levels = noiseLevels(schedule, [0, 1]);
    const noisy = addNoise(image(1, 0, 1, 0), image(0, 10, 0, 10), levels);
    assertClose(noisy.reshape([4]), [0.8, 6, 0.6, 8]);
    assertThrows(
      () => addNoise(image(1, 0), image(0, 1, 0, 1), levels),
      TypeError,
      "'noise' must be of shape [1, 1, 2, 1]",
    );
    assertThrows(
      () => addNoise(image(1, 0), image(0, 1), levels),
      TypeError,
      "'levels.times' must be of shape [1]: current value is [2]",
    );
  });
});

testOnBackends("denoisingLoss() compares the output with the noise", () => {
  tf.tidy(() => {
    const levels = noiseLevels(schedule, [0, 1]);
    const [clean, noise] = [image(1, 2, 0, 0), image(1, -1, 3, 0)];
    const loss = (prediction: "noise" | "velocity") =>
      denoisingLoss((x) => tf.zerosLike(x), clean, {
        noise,
        levels,
        prediction,
      });
    assertClose(loss("noise"), [1, 4.5]); // (1 + 1) / 2, (9 + 0) / 2
    // v = 0.8 (1, -1) - 0.6 (1, 2) = (0.2, -2) and 0.6 (3, 0) - 0.8 (0, 0) = (1.8, 0)
    assertClose(loss("velocity"), [2.02, 1.62]);
  });
});

testOnBackends("denoisingLoss() is nothing where the target is met", () => {
  tf.tidy(() => {
    const levels = noiseLevels(schedule, [1]);
    const [clean, noise] = [image(0.5, -2), image(1, 4)];
    let seen: tf.Tensor | undefined;
    const loss = denoisingLoss(
      (x, times) => {
        seen = x;
        assertClose(times, [1]);
        return noise;
      },
      clean,
      { noise, levels, prediction: "noise" },
    );
    assertClose(loss, [0]);
    assertEquals(seen?.shape, [1, 1, 2, 1]);
    const velocity = tf.sub(tf.mul(noise, 0.6), tf.mul(clean, 0.8));
    const none = denoisingLoss(() => velocity as tf.Tensor4D, clean, {
      noise,
      levels,
      prediction: "velocity",
    });
    assertClose(none, [0]);
  });
});

testOnBackends(
  "denoisingLoss() refuses a network that answers in another shape",
  () => {
    tf.tidy(() => {
      const levels = noiseLevels(diffusionSchedule(), [5]);
      const noise = image(0, 0);
      const twice = (x: tf.Tensor4D) => tf.concat([x, x], 3);
      assertThrows(
        () =>
          denoisingLoss(twice, noise, { noise, levels, prediction: "noise" }),
        TypeError,
        "Cannot score a denoiser as 'output' must be of shape [1, 1, 2, 1]: current value is [1, 1, 2, 2]",
      );
    });
  },
);

import { tf } from "../../src/engine/mod.ts";
import {
  diffusionSchedule,
  posteriorLevels,
  variationalBound,
} from "../../src/diffusion/mod.ts";
import diffusion from "../golden/diffusion.json" with { type: "json" };
import golden from "../golden/variational_bound.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

type Shape = [number, number, number, number];

testOnBackends(
  "variationalBound() agrees with SciPy at both ends and between",
  () => {
    tf.tidy(() => {
      const tensor = (values: number[]) =>
        tf.tensor4d(values, golden.shape as Shape);
      const bound = variationalBound({
        clean: tensor(golden.clean),
        state: tensor(golden.state),
        output: tensor(golden.output),
        range: tensor(golden.range),
        levels: posteriorLevels(diffusionSchedule(), golden.times),
        prediction: "noise",
      });
      // 3e-3 for the tanh approximation of the distribution function at t = 0.
      assertClose(bound, golden.bound, 3e-3);
    });
  },
);

testOnBackends("variationalBound() is the same for noise and velocity", () => {
  tf.tidy(() => {
    const shape: Shape = [2, 1, 1, 2];
    const schedule = diffusionSchedule();
    const levels = posteriorLevels(schedule, [10, 700]);
    const clean = tf.tensor4d([0.1, -0.4, 0.5, 0.2], shape);
    const state = tf.tensor4d([0.3, -0.2, -1, 0.8], shape);
    const noise = tf.tensor4d([0.2, -1, 0.4, 0.6], shape);
    const range = tf.tensor4d([-1, 0, 0.5, 1], shape);
    // v = √ᾱ ε - √(1-ᾱ) x̂_0 with x̂_0 = (x_t - √(1-ᾱ) ε) / √ᾱ
    const guess = tf.div(
      tf.sub(state, tf.mul(levels.noise, noise)),
      levels.signal,
    );
    const velocity = tf.sub(
      tf.mul(levels.signal, noise),
      tf.mul(levels.noise, guess),
    ) as tf.Tensor4D;
    const rest = { clean, state, range, levels };
    const one = variationalBound({
      ...rest,
      output: noise,
      prediction: "noise",
    });
    const other = variationalBound({
      ...rest,
      output: velocity,
      prediction: "velocity",
    });
    assertClose(other, one.arraySync(), 1e-3);
  });
});

testOnBackends(
  "variationalBound() teaches the variance and leaves the mean alone",
  () => {
    tf.tidy(() => {
      const shape: Shape = [1, 1, 1, 2];
      const levels = posteriorLevels(diffusionSchedule(), [300]);
      const clean = tf.tensor4d([0.5, -0.5], shape);
      const state = tf.tensor4d([1, 0], shape);
      const gradients = tf.grads((output, range) =>
        tf.sum(variationalBound({
          clean,
          state,
          output: output as tf.Tensor4D,
          range: range as tf.Tensor4D,
          levels,
          prediction: "noise",
        }))
      );
      const [ofOutput, ofRange] = gradients([
        tf.tensor4d([0.3, 0.3], shape),
        tf.tensor4d([0, 0], shape),
      ]);
      assertClose(ofOutput, [[[[0, 0]]]], 0);
      const moved = tf.min(tf.abs(ofRange)).arraySync() as number;
      if (!(moved > 0)) throw new Error("the variance has no gradient");
    });
  },
);

for (const { kind, steps, rows } of diffusion.posteriors) {
  testOnBackends(
    `posteriorLevels() is the product of two Gaussians, ${kind} schedule`,
    () => {
      const schedule = diffusionSchedule({ kind: kind as "linear", steps });
      tf.tidy(() => {
        const times = rows.map(({ time }) => time);
        const levels = posteriorLevels(schedule, times);
        const column = (x: tf.Tensor) => x.flatten();
        assertClose(
          column(levels.cleanWeight),
          rows.map(({ clean }) => clean),
          1e-6,
        );
        assertClose(
          column(levels.stateWeight),
          rows.map(({ state }) => state),
          1e-6,
        );
        // The variance of t = 1 stands in for the 0 of t = 0; relative, as they are small.
        const variances = [rows[1], ...rows.slice(1)].map((row) =>
          Math.log(row.variance)
        );
        assertClose(column(levels.logPosterior), variances, 1e-6);
      });
    },
  );
}

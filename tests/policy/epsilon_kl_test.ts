import { assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import {
  denoisingTransition,
  diffusionSchedule,
  samplingSteps,
  stepScalars,
  stepTensor,
} from "../../src/diffusion/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { epsilonKl, gaussianKl } from "../../src/policy/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends("epsilonKl() is the mean square per sample", () => {
  tf.tidy(() => {
    const noise = tf.tensor3d([[[1], [2]], [[-3], [5]]]);
    const other = tf.tensor3d([[[0], [0]], [[-3], [4]]]);
    assertClose(epsilonKl(noise, other), tf.tensor1d([2.5, 0.5]));
    assertThrows(
      () => epsilonKl(noise, tf.zeros([1, 2, 1])),
      TypeError,
      "Cannot compare predictions as 'other' must be of shape [2, 2, 1]",
    );
  });
});

// μ is linear in the prediction, so KL = B² MSE / (2σ²), whatever is predicted: in terms of ε, for a velocity v with
// ε = E x + F v, B / F in place of B.
for (const prediction of ["noise", "velocity"] as const) {
  testOnBackends(
    `gaussianKl() is epsilonKl() with the transition's weight, by ${prediction}`,
    () => {
      const random = randomStream(6, "epsilonKl");
      const steps = samplingSteps(diffusionSchedule({ kind: "cosine" }), {
        count: 8,
        prediction,
        eta: 0.6,
      });
      for (const step of steps.slice(0, -1)) {
        tf.tidy(() => {
          const draw = (name: string) =>
            tf.tensor4d(random.fork(name).normals(24), [2, 2, 2, 3]);
          const [now, cold] = ["now", "cold"].map((name) =>
            denoisingTransition(
              draw("state"),
              draw(name),
              stepScalars(stepTensor(step)),
            )
          );
          const weight = step.predictionWeight / step.noisePredictionWeight;
          const scale = weight ** 2 / (2 * step.deviation ** 2);
          const kl = gaussianKl(now.mean, cold.mean, now.deviation);
          const mse = tf.mul(scale, epsilonKl(now.noise, cold.noise));
          // At the noisiest times ε is all but x_t, and a velocity moves its last digits only.
          assertClose(tf.div(kl, mse), [1, 1], 5e-3);
        });
      }
    },
  );
}

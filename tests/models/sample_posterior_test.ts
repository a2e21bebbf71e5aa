import { samplePosterior } from "../../src/models/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const grid = (values: number[]) => tf.tensor4d(values, [1, 1, 1, 2]);

testOnBackends(
  "samplePosterior() is the mean, or the mean and noise times its deviation",
  () => {
    tf.tidy(() => {
      // Deviations: the roots of 4 and of 1 / 9.
      const posterior = {
        mean: grid([1, -2]),
        logVariance: grid([Math.log(4), -Math.log(9)]),
      };
      assertClose(samplePosterior(posterior), [1, -2]);
      assertClose(samplePosterior(posterior, grid([0.5, 6])), [2, 0]);
    });
  },
);

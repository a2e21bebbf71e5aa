import type { LatentModel } from "../../src/brownian/mod.ts";
import { randomStream } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { lightCovariates } from "../../src/stages/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

/** Pictures of 2 x 2 pixels: the four latents are the greys. */
const model: LatentModel = {
  dimensions: 4,
  mean: () => tf.zeros([4]),
  sample: (streams) =>
    tf.tensor2d(streams.map((stream) => Array.from(stream.normals(4)))),
  decode: (w) =>
    tf.tidy(() => {
      const grey = tf.reshape(tf.tanh(w), [-1, 2, 2, 1]);
      return tf.tile(grey, [1, 1, 1, 3]) as tf.Tensor4D;
    }),
};

testOnBackends(
  "lightCovariates() finds what makes pictures brighter, and brighter on the right",
  () => {
    const [bright, side] = lightCovariates(model, {
      random: randomStream(1),
      count: 400,
    });
    const unit = ({ direction }: { direction: ArrayLike<number> }) => {
      const values = Array.from(direction);
      const length = Math.hypot(...values);
      return values.map((v) => v / length);
    };
    assertClose(unit(bright), [0.5, 0.5, 0.5, 0.5], 0.15);
    assertClose(unit(side), [-0.5, 0.5, -0.5, 0.5], 0.15);
  },
);

import { tf } from "../../src/engine/mod.ts";
import { divergenceOf } from "../../src/stages/divergence.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

/** A transition whose mean and noise are constants. */
function at(mean: number, noise: number, deviation: number) {
  const fill = (value: number) => tf.fill([2, 1, 1, 3], value) as tf.Tensor4D;
  return {
    mean: fill(mean),
    noise: fill(noise),
    deviation: tf.scalar(deviation),
    logDeviation: tf.scalar(deviation > 0 ? Math.log(deviation) : 0),
  };
}

testOnBackends("the divergence is that of Gaussians, or of noises", () => {
  tf.tidy(() => {
    // (3 - 1)² / (2 · 0.5²) = 8
    assertClose(divergenceOf()(at(3, 0, 0.5), at(1, 9, 0.5)), [8, 8], 1e-5);
    // (0.5 - 2)² = 2.25
    const noises = divergenceOf("epsilon")(at(3, 0.5, 0.5), at(1, 2, 0.5));
    assertClose(noises, [2.25, 2.25], 1e-6);
  });
});

testOnBackends("where there is no noise the divergence is a distance", () => {
  tf.tidy(() => {
    // (3 - 1)² / 2
    assertClose(divergenceOf()(at(3, 0, 0), at(1, 0, 0)), [2, 2], 1e-5);
  });
});

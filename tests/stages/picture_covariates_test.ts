import { assert, assertEquals, assertThrows } from "@std/assert";
import type { LatentModel } from "../../src/brownian/mod.ts";
import { randomStream } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { pictureCovariates } from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";

/** Pictures of one pixel, the latents being red, green and blue about grey. */
const model: LatentModel = {
  dimensions: 3,
  mean: () => tf.zeros([3]),
  sample: (streams) =>
    tf.tensor2d(streams.map((stream) => Array.from(stream.normals(3)))),
  decode: (w) =>
    tf.tidy(() => tf.mul(0.2, tf.reshape(w, [-1, 1, 1, 3])) as tf.Tensor4D),
};

testOnBackends(
  "pictureCovariates() points to where a reading grows, a direction for each reader in their order",
  () => {
    const [red, dark] = pictureCovariates(model, [
      ({ pixels }) => pixels[0],
      ({ pixels }) => -pixels[0] - pixels[1] - pixels[2],
    ], { random: randomStream(3), count: 400, scale: 2, cost: 1 });
    assertEquals([red.scale, dark.scale], [2, 2]);
    const cosine = (v: ArrayLike<number>, u: number[]) => {
      const dot = u.reduce((sum, x, k) => sum + x * v[k], 0);
      return dot / Math.hypot(...u) / Math.hypot(...Array.from(v));
    };
    assert(cosine(red.direction, [1, 0, 0]) > 0.98);
    assert(cosine(dark.direction, [-1, -1, -1]) > 0.98);
    // Mean of the absolute value of a standard normal number.
    const length = Math.hypot(...Array.from(red.direction));
    assert(Math.abs(length - Math.sqrt(2 / Math.PI)) < 0.12, `${length}`);
  },
);

testOnBackends("pictureCovariates() refuses too few pictures", () => {
  assertThrows(
    () =>
      pictureCovariates(model, [() => 0], {
        random: randomStream(1),
        count: 3,
      }),
    RangeError,
    "'count'",
  );
});

import { assertThrows } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import { autoencoderLatents, encodeImages } from "../../src/stages/mod.ts";
import { latentSpread } from "../../src/stages/latent_spread.ts";
import { randomStream } from "../../src/core/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { tinyFaces, tinyGenerator } from "../support/tiny_prior.ts";

testOnBackends(
  "autoencoderLatents() decodes the mean of the encoded images at zero",
  async () => {
    const generator = tinyGenerator();
    const encoded = await encodeImages(generator, tinyFaces(2, 2));
    {
      using model = autoencoderLatents(generator, encoded);
      using zero = owned(tf.zeros([1, model.dimensions]) as tf.Tensor2D);
      using images = owned(model.decode(zero.value));
      using expected = owned(tf.tidy(() => {
        const grids = tf.tensor(encoded.values, [
          encoded.count,
          ...encoded.shape,
        ]);
        return generator.decode(tf.mean(grids, 0, true) as tf.Tensor4D);
      }));
      assertClose(images.value, expected.value, 1e-5);
    }
    assertThrows(
      () => autoencoderLatents(generator, { ...encoded, count: 3 }),
      TypeError,
      "'encoded.values'",
    );
    generator.dispose();
  },
);

testOnBackends(
  "latentSpread() samples with the covariance of its examples",
  () => {
    using examples = owned(tf.tensor2d([[3, 1], [5, 3], [1, -1]]));
    using spread = latentSpread(examples.value);
    const streams = Array.from(
      { length: 4000 },
      (_, i) => randomStream(2).fork(i),
    );
    using sample = owned(spread.sample(streams));
    using own = owned(spread.toOwn(sample.value));
    const covariance = tf.tidy(() => {
      const centred = tf.sub(own.value, tf.mean(own.value, 0));
      return tf.div(tf.matMul(centred, centred, true), 4000);
    });
    // Deviations (0, 2, -2) in both coordinates: 8 / 2 all over.
    assertClose(covariance, [[4, 4], [4, 4]], 0.06);
    using slopes = owned(spread.pullBack(sample.value));
    using doubled = owned(tf.mul(sample.value, 2));
    assertClose(slopes.value, doubled.value, 1e-6); // the deviation is 2
    covariance.dispose();
  },
);

testOnBackends("latentSpread() refuses examples without a spread", () => {
  using one = owned(tf.ones([1, 2]) as tf.Tensor2D);
  using same = owned(tf.ones([3, 2]) as tf.Tensor2D);
  assertThrows(() => latentSpread(one.value), RangeError, "at least two");
  assertThrows(() => latentSpread(same.value), RangeError, "must differ");
});

import { assert, assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { jit, owned, tf } from "../../src/engine/mod.ts";
import { autoencoder, smallAutoencoder } from "../../src/models/mod.ts";
import { valueAndGradients } from "../../src/optim/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

/** Higher than wide, so that no axis is taken for another. */
const model = autoencoder({
  height: 24,
  width: 16,
  latentChannels: 5,
  widths: [8, 16, 24],
  scale: 0.5,
});
const draw = (seed: number, shape: number[]) =>
  tf.tensor(randomStream(seed).normals(shape.reduce((a, b) => a * b)), shape);
const images = () =>
  tf.tidy(() => tf.tanh(draw(7, [2, 24, 16, 3])) as tf.Tensor4D);

testOnBackends("autoencoder() goes to an eighth of the size and back", () => {
  using params = owned(model.init(randomStream(1)));
  assertEquals(model.latentShape, [3, 2, 5]);
  tf.tidy(() => {
    const { mean, logVariance } = model.posterior(params.value, images());
    assertEquals([mean.shape, logVariance.shape], [[2, 3, 2, 5], [2, 3, 2, 5]]);
    const latents = model.encode(params.value, images());
    assertClose(latents, tf.mul(mean, 0.5), 1e-6); // scaled
    const decoded = model.decode(params.value, latents);
    assertEquals(decoded.shape, [2, 24, 16, 3]);
    assert(decoded.dataSync().every(Number.isFinite));
  });
});

testOnBackends("encoding and decoding are deterministic, traced or not", () => {
  using params = owned(model.init(randomStream(1)));
  using again = owned(model.init(randomStream(1)));
  const round = (p: { [name: string]: tf.Tensor }, x: tf.Tensor4D) =>
    model.decode(p, model.encode(p, x));
  const jitted = jit(round);
  tf.tidy(() => {
    const x = images();
    const y = round(params.value, x);
    assertEquals(round(again.value, x).dataSync(), y.dataSync());
    assertEquals(
      jitted(params.value, x).dataSync(),
      jitted(again.value, x).dataSync(),
    );
    assertClose(jitted(params.value, x), y, 1e-5);
  });
  jitted.dispose();
});

testOnBackends(
  "an image's latents do not depend on the rest of its batch",
  () => {
    using params = owned(model.init(randomStream(1)));
    tf.tidy(() => {
      const x = images();
      const alone = model.encode(params.value, tf.slice(x, [1], [1]));
      const both = model.encode(params.value, x);
      assertClose(alone, tf.slice(both, [1], [1]), 1e-5);
    });
  },
);

testOnBackends("the gradient of the training loss reaches every weight", () => {
  using params = owned(model.init(randomStream(1)));
  using x = owned(images());
  using result = owned(valueAndGradients((p) => {
    const { mean, logVariance } = model.posterior(p, x.value);
    // A sample of the posterior, as in training, so that its variance matters.
    const noise = draw(3, mean.shape);
    const deviation = tf.exp(tf.mul(logVariance, 0.5));
    const latents = tf.mul(tf.add(mean, tf.mul(deviation, noise)), 0.5);
    const decoded = model.decode(p, latents as tf.Tensor4D);
    return tf.mean(tf.square(tf.sub(decoded, x.value)));
  }, params.value));
  const { gradients } = result.value;
  assertEquals(
    Object.keys(gradients).toSorted(),
    Object.keys(params.value).toSorted(),
  );
  for (const [name, gradient] of Object.entries(gradients)) {
    const values = gradient.dataSync();
    assert(values.every(Number.isFinite), name);
    assert(values.some((v) => v !== 0), `${name} gets no gradient`);
  }
});

testOnBackends("the log-variance is kept within its bounds", () => {
  using params = owned(model.init(randomStream(1)));
  tf.tidy(() => {
    const huge = (sign: number) => ({
      ...params.value,
      "encoder.out.bias": tf.fill([10], sign * 1000),
    });
    const at = (sign: number) =>
      Array.from(model.posterior(huge(sign), images()).logVariance.dataSync());
    assertEquals(new Set(at(1)), new Set([6]));
    assertEquals(new Set(at(-1)), new Set([-20]));
  });
});

testOnBackends(
  "autoencoder() refuses images and latents of other sizes",
  () => {
    using params = owned(model.init(randomStream(1)));
    tf.tidy(() => {
      assertThrows(
        () => model.encode(params.value, tf.zeros([1, 16, 24, 3])),
        TypeError,
        "Cannot encode images as 'images' must be of shape [any, 24, 16, 3]: current value is [1, 16, 24, 3]",
      );
      assertThrows(
        () => model.decode(params.value, tf.zeros([1, 3, 2, 4])),
        TypeError,
        "Cannot decode latents as 'latents' must be of shape [any, 3, 2, 5]: current value is [1, 3, 2, 4]",
      );
    });
  },
);

Deno.test("autoencoder() refuses sizes that are no multiples of 8", () => {
  const refused: [Parameters<typeof smallAutoencoder>[0], string][] = [
    [{ height: 60 }, "'height' must be a multiple of 8: current value is 60"],
    [{ width: 0 }, "'width' must be a multiple of 8: current value is 0"],
    [
      { widths: [48, 90, 160] },
      "'widths[1]' must be a multiple of 8: current value is 90",
    ],
  ];
  for (const [options, says] of refused) {
    assertThrows(
      () => autoencoder(smallAutoencoder(options)),
      RangeError,
      says,
    );
  }
});

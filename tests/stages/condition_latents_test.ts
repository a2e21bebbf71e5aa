import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { embeddedLatents } from "../../src/brownian/mod.ts";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { conditionLatents } from "../../src/stages/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { tinyEmbedder, tinyGenerator } from "../support/tiny_prior.ts";

testOnBackends(
  "conditionLatents() draws what a class draws from its embedding",
  () => {
    const generator = tinyGenerator();
    {
      using model = conditionLatents(generator, { samplingSteps: 3 });
      const table = generator.params.dit["y_embedder.embedding_table.weight"];
      const w = tf.tidy(() => {
        const rows = tf.slice(table, [0, 0], [3, model.dimensions]);
        const centred = tf.sub(rows, tf.mean(rows, 0));
        const variance = tf.div(
          tf.sum(tf.square(centred)),
          2 * model.dimensions,
        );
        return tf.div(centred, tf.sqrt(variance)) as tf.Tensor2D;
      });
      // Two classes of equal embeddings draw the same, and others do not.
      const order = tf.tidy(() => tf.gather(w, [1, 0, 1]));
      const images = model.decode(order);
      const [a, b, c] = images.arraySync();
      assertClose(a.flat(2), c.flat(2), 1e-6);
      assertNotEquals(a, b);
      const again = model.decode(w);
      assertClose(again.arraySync()[1].flat(2), a.flat(2), 1e-5);
      tf.dispose([w, order, images, again]);
    }
    generator.dispose();
  },
);

for (const noise of ["fixed", "latent"] as const) {
  testOnBackends(
    `conditionLatents() pulls back what differences say, through all steps, its noise being ${noise}`,
    () => checkPullBack(noise),
  );
}

async function checkPullBack(noise: "fixed" | "latent"): Promise<void> {
  {
    const generator = tinyGenerator();
    const embedder = await tinyEmbedder();
    {
      using model = conditionLatents(generator, { samplingSteps: 3, noise });
      using latents = embeddedLatents(model, embedder);
      const random = randomStream(4);
      using w = owned(model.sample([random.fork(0), random.fork(1)]));
      using g = owned(tf.tensor2d(random.normals(16), [2, 8]));
      using shift = owned(
        tf.tensor2d(random.normals(2 * model.dimensions), w.value.shape),
      );
      const slope = latents.pullBack(w.value, g.value);
      const [expected, along] = tf.tidy(() => {
        const valueAt = (step: number) =>
          tf.sum(
            tf.mul(
              latents.embed(
                tf.add(w.value, tf.mul(step, shift.value)) as tf.Tensor2D,
              ),
              g.value,
            ),
            1,
          );
        return [
          tf.div(tf.sub(valueAt(0.0005), valueAt(-0.0005)), 0.001),
          tf.sum(tf.mul(slope, shift.value), 1),
        ].map((x) => Array.from(x.dataSync()));
      }) as unknown as number[][];
      const size = Math.max(...expected.map(Math.abs));
      assert(size > 1e-3);
      assertClose(
        along.map((x) => x / size),
        expected.map((x) => x / size),
        0.03,
      );
      slope.dispose();
    }
    embedder[Symbol.dispose]();
    generator.dispose();
  }
}

testOnBackends(
  "conditionLatents() with noise draws pictures of noise that only turns: its length says nothing",
  () => {
    const generator = tinyGenerator();
    {
      using model = conditionLatents(generator, {
        samplingSteps: 2,
        noise: "latent",
      });
      assertEquals(model.dimensions, 32 + 2 * 2 * 4);
      const [w] = tf.tidy(() => model.sample([randomStream(3)]).arraySync());
      const scaled = (condition: number, noise: number) =>
        w.map((x, k) => x * (k < 32 ? condition : noise));
      using latents = owned(
        tf.tensor2d([w, scaled(1, 3), scaled(1, -1), scaled(2, 1)]),
      );
      using images = owned(model.decode(latents.value));
      const [a, longer, other, condition] = images.value.arraySync()
        .map((image) => image.flat(2));
      assertClose(longer, a, 1e-4);
      assertNotEquals(other, a);
      assertNotEquals(condition, a);
      // No noise at all is no division by zero.
      using mean = owned(
        tf.tidy(() => model.decode(tf.expandDims(model.mean()) as tf.Tensor2D)),
      );
      assert(Array.from(mean.value.dataSync()).every(Number.isFinite));
    }
    generator.dispose();
  },
);

testOnBackends(
  "conditionLatents() samples about the mean with unit spread",
  () => {
    const generator = tinyGenerator();
    {
      using model = conditionLatents(generator);
      const streams = Array.from(
        { length: 200 },
        (_, i) => randomStream(1).fork(i),
      );
      using w = owned(model.sample(streams));
      const square = tf.tidy(() => tf.mean(tf.square(w.value)).dataSync()[0]);
      assertClose(square, 1, 0.2);
      using first = owned(
        model.sample(streams.slice(0, 1).map(() => randomStream(1).fork(0))),
      );
      assertClose(w.value.arraySync()[0], first.value.arraySync()[0], 1e-5);
      using mean = owned(model.mean());
      assertEquals(mean.value.shape, [model.dimensions]);
    }
    generator.dispose();
  },
);

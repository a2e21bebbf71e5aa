import { assert, assertEquals } from "@std/assert";
import { type Params, randomStream } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import {
  autoencoder,
  recognizer,
  smallAutoencoder,
  smallRecognizer,
} from "../../src/models/mod.ts";
import { trainAutoencoder } from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { TINY_SIZE, tinyFaces } from "../support/tiny_prior.ts";

const model = autoencoder(smallAutoencoder({
  height: TINY_SIZE,
  width: TINY_SIZE,
  widths: [8, 8, 8],
  latentChannels: 4,
  scale: 3, // latents are scaled for the denoiser, not here
}));

const changed = (found: Params, before: Params) =>
  Object.keys(before).filter((name) =>
    String(found[name].dataSync()) !== String(before[name].dataSync())
  );

testOnBackends("trainAutoencoder() learns to give images back", async () => {
  const first = model.init(randomStream(1));
  const differences: number[] = [];
  const trained = await trainAutoencoder(model, first, tinyFaces(3, 4), {
    steps: 50,
    batchSize: 8,
    rate: 3e-3,
    onStep: (_done, _steps, { absolute }) => void differences.push(absolute),
  });
  const [before, after] = [differences[0], differences[49]];
  assert(after < 0.7 * before, `${before} -> ${after}`);
  assertEquals(changed(trained, first).length, Object.keys(first).length);
  tf.dispose([first, trained]);
});

testOnBackends(
  "trainAutoencoder() of the decoder keeps the latent space bit for bit",
  async () => {
    const first = model.init(randomStream(1));
    const trained = await trainAutoencoder(model, first, tinyFaces(2, 2), {
      steps: 2,
      batchSize: 4,
      trainable: "decoder",
    });
    assertEquals(Object.keys(trained).sort(), Object.keys(first).sort());
    assertEquals(
      changed(trained, first).sort(),
      Object.keys(first).filter((name) => name.startsWith("decoder.")).sort(),
    );
    tf.dispose([first, trained]);
  },
);

testOnBackends(
  "trainAutoencoder() with a critic adds one less the cosine of its features, and leaves the critic alone",
  async () => {
    const network = recognizer(smallRecognizer({
      height: TINY_SIZE,
      width: TINY_SIZE,
      widths: [8, 8, 8, 32],
      features: 8,
    }));
    const judge = network.init(randomStream(2));
    const before = Object.values(judge).map((w) => String(w.dataSync()));
    const first = model.init(randomStream(1));
    const images = tinyFaces(2, 2);
    const losses: number[] = [];
    for (const criticWeight of [undefined, 1, 3]) {
      const trained = await trainAutoencoder(model, first, images, {
        steps: 1,
        batchSize: 4,
        onStep: (_done, _steps, { loss }) => void losses.push(loss),
        ...(criticWeight && {
          critic: { model: network, params: judge },
          criticWeight,
        }),
      });
      tf.dispose(trained);
    }
    const [plain, once, thrice] = losses;
    assert(once > plain && once - plain < 2);
    assert(Math.abs((thrice - plain) - 3 * (once - plain)) < 1e-4);
    assertEquals(Object.values(judge).map((w) => String(w.dataSync())), before);
    tf.dispose([first, judge]);
  },
);

testOnBackends(
  "trainAutoencoder() learns from images of two sizes with the same weights",
  async () => {
    const sizes = { ...model.config, width: TINY_SIZE / 2 };
    const narrow = autoencoder(sizes);
    const halves = tinyFaces(2, 2);
    const images = {
      ...halves,
      width: TINY_SIZE / 2,
      // The left halves of faces.
      images: halves.images.filter((_, i) =>
        Math.floor(i / 3) % TINY_SIZE < TINY_SIZE / 2
      ),
    };
    const first = model.init(randomStream(1));
    const step = (more: Partial<Parameters<typeof trainAutoencoder>[3]>) =>
      trainAutoencoder(model, first, tinyFaces(2, 2), {
        steps: 1,
        batchSize: 4,
        ...more,
      });
    const losses: number[] = [];
    const onStep = (_: number, __: number, { loss }: { loss: number }) =>
      void losses.push(loss);
    tf.dispose(await step({ onStep: onStep as never }));
    const alone = await trainAutoencoder(narrow, first, images, {
      steps: 1,
      batchSize: 4,
      onStep: onStep as never,
    });
    const both = await step({
      also: [{ model: narrow, images }],
      onStep: onStep as never,
    });
    assertEquals(changed(both, first).length, Object.keys(first).length);
    // The mean of the two, up to the second set's other draw of batch and noise.
    const [a, b, mean] = losses;
    assert(Math.abs(mean - (a + b) / 2) < 0.1 * mean, String(losses));
    tf.dispose([first, alone, both]);
  },
);

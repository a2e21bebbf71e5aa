import { assert, assertEquals } from "@std/assert";
import { type Params, randomStream } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { autoencoder, smallAutoencoder } from "../../src/models/mod.ts";
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

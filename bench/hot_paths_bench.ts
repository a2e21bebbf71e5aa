/**
 * The hot paths of a reproduction, at the sizes of the small preset and of the reward kernels in the wild.
 *
 * @module
 */
import { jit, tf, useBackend } from "../src/engine/mod.ts";
import { type Params, randomStream } from "../src/core/mod.ts";
import {
  autoencoder,
  dit,
  smallAutoencoder,
  smallDit,
} from "../src/models/mod.ts";
import { adam, valueAndGradients } from "../src/optim/mod.ts";
import { MemoryBank, scoreBatch } from "../src/rewards/mod.ts";
import { makeGenerator, makeSampler, sampleKeys } from "../src/stages/mod.ts";

await useBackend("auto");
const random = randomStream(1);
const optimizer = adam();
const BATCH = 128;

const vae = autoencoder(smallAutoencoder());
const denoiser = dit(smallDit({ classes: 20 }));
const generator = makeGenerator({
  schema: 1,
  autoencoder: vae.config,
  dit: denoiser.config,
  diffusion: { kind: "cosine", steps: 1000, prediction: "velocity" },
  identities: Array.from({ length: 20 }, (_, i) => `person ${i}`),
}, {
  autoencoder: vae.init(random),
  dit: denoiser.init(random),
});
const weights = generator.params.dit;
const moments = optimizer.init(weights);
const latents = tf.randomNormal([BATCH, 8, 8, 12]) as tf.Tensor4D;
const times = tf.fill([BATCH], 500) as tf.Tensor1D;
const labels = tf.fill([BATCH], 3, "int32") as tf.Tensor1D;
const images = tf.randomUniform([BATCH, 64, 64, 3], -1, 1) as tf.Tensor4D;

/** Runs a function and waits for the last of its results. */
function finish(run: () => tf.Tensor): void {
  tf.tidy(() => {
    run().dataSync();
  });
}

const forward = jit(denoiser.apply);
Deno.bench("DiT forward, 128 x 16 tokens, width 192", {
  group: "denoising",
  baseline: true,
}, () => finish(() => forward(weights, latents, times, labels)));

const step = jit((params: Params, state: Params, target: tf.Tensor4D) => {
  const { value, gradients } = valueAndGradients(
    (w) =>
      tf.mean(
        tf.square(
          tf.sub(denoiser.apply(w, latents, times, labels), target),
        ),
      ),
    params,
  );
  const next = optimizer.update(params, gradients, state, tf.scalar(1e-4));
  return { value, ...next };
});
Deno.bench(
  "DiT training step, the same",
  { group: "denoising" },
  () => finish(() => step(weights, moments, latents).value),
);

const sampler = makeSampler(generator, { samplingSteps: 50 });
const keys = sampleKeys([0, 1, 2, 3], 16, 7);
Deno.bench(
  "50 transitions of 64 samples",
  { group: "denoising" },
  () => finish(() => sampler.run(weights, keys)),
);

Deno.bench("decode 128 images of 64 x 64", {
  group: "autoencoder",
  baseline: true,
}, () => finish(() => generator.decode(latents)));
Deno.bench(
  "encode 128 images of 64 x 64",
  { group: "autoencoder" },
  () => finish(() => generator.encode(images)),
);

// 8 identities with 64 references each, 512 features.
const references = tf.randomNormal([512, 512]) as tf.Tensor2D;
const bank = MemoryBank.fromFeatures(
  references,
  Array.from({ length: 512 }, (_, i) => Math.floor(i / 64)),
  { fingerprint: "bench" },
);
for (const count of [64, 1024]) {
  const samplesPerIdentity = count / 8;
  const features = tf.randomNormal([count, 512]) as tf.Tensor2D;
  const owners = tf.tensor1d(
    Int32Array.from({ length: count }, (_, i) => i / samplesPerIdentity),
    "int32",
  );
  const score = jit((x: tf.Tensor2D, y: tf.Tensor1D) =>
    scoreBatch(x, y, bank, {
      samplesPerIdentity,
      baseline: "identity",
      coverage: { credit: "marginal" },
      expressive: { credit: "leaveOneOut" },
    }).total
  );
  Deno.bench(`rewards of ${count} samples, 8 x 64 references of width 512`, {
    group: "rewards",
    baseline: count === 64,
  }, () => finish(() => score(features, owners)));
}

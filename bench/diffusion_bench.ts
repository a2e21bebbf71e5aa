/** Denoising with the shipped prior: one forward pass, and whole chains of 50 transitions. */
import { jit, tf, useBackend } from "../src/engine/mod.ts";
import { type Params, randomStream } from "../src/core/mod.ts";
import { loadGenerator, makeSampler, priorUrl } from "../src/stages/mod.ts";
import { benchTensors } from "./bench_tensors.ts";

await useBackend("auto");
const SAMPLES = 64;
const random = randomStream(1);
const prior = await loadGenerator(priorUrl());
const params = prior.params.dit;
const { height, width, channels, classes } = prior.dit.config;
const keys = Array.from(
  { length: SAMPLES },
  (_, i) => ({ label: i % classes, random: random.fork("sample", i) }),
);
const labels = tf.tensor1d(keys.map(({ label }) => label), "int32");
const times = tf.fill([SAMPLES], 500) as tf.Tensor1D;
const latents = tf.tensor4d(
  random.normals(SAMPLES * height * width * channels),
  [SAMPLES, height, width, channels],
);

const forward = jit((params: Params) =>
  prior.dit.apply(params, latents, times, labels)
);
tf.dispose(forward(params));
const group = `denoising, ${SAMPLES} latents of the shipped prior`;
benchTensors("forward", () => forward(params), { group });

const samplers = {
  "50 transitions": makeSampler(prior, { samplingSteps: 50 }),
  "50 transitions, guided": makeSampler(prior, {
    samplingSteps: 50,
    guidance: 2,
  }),
};
for (const [name, sampler] of Object.entries(samplers)) {
  tf.dispose(sampler.run(params, keys));
  benchTensors(name, () => sampler.run(params, keys), { group, n: 4 });
}
const sampler = samplers["50 transitions"];
benchTensors(
  "50 transitions, all states and densities kept",
  () => sampler.trajectory(params, keys),
  { group, n: 4 },
);

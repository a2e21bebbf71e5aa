/** The transformer of the shipped prior: one prediction, one step of training, and a whole chain. */
import { jit, tf, useBackend } from "../src/engine/mod.ts";
import { type Params, randomStream } from "../src/core/mod.ts";
import {
  denoisingLoss,
  diffusionSchedule,
  noiseLevels,
} from "../src/diffusion/mod.ts";
import { dit, smallAutoencoder, smallDit } from "../src/models/mod.ts";
import { normalTensor } from "../src/nn/mod.ts";
import { adam, valueAndGradients } from "../src/optim/mod.ts";
import type { GeneratorConfig } from "../src/stages/mod.ts";
import { makeSampler } from "../src/stages/sampler.ts";
import { benchTensors } from "./bench_tensors.ts";

await useBackend("auto");
const BATCH = 128;
const SAMPLES = 64;
const random = randomStream(1);
const model = dit(smallDit());
const params = model.init(random);
const { height, width, channels, classes } = model.config;
const shape = [BATCH, height, width, channels];
const latents = normalTensor(random, "latents", shape, 1) as tf.Tensor4D;
const noise = normalTensor(random, "noise", shape, 1) as tf.Tensor4D;
const labels = tf.tensor1d(
  Array.from({ length: BATCH }, (_, i) => i % classes),
  "int32",
);
const schedule = diffusionSchedule({ kind: "cosine" });
const levels = noiseLevels(
  schedule,
  Array.from({ length: BATCH }, (_, i) => 7 * i),
);

const forward = (params: Params) =>
  model.apply(params, latents, levels.times, labels);
const jittedForward = jit(forward);
tf.dispose(jittedForward(params));
const group = `smallDit forward, ${BATCH} latents`;
benchTensors("one by one", () => forward(params), { group });
benchTensors("jitted", () => jittedForward(params), { group, baseline: true });

const optimizer = adam();
const state = optimizer.init(params);
const rate = tf.scalar(1e-4);
const step = jit((params: Params, state: Params) => {
  const { value, gradients } = valueAndGradients(
    (params) =>
      tf.mean(
        denoisingLoss(
          (x, times) => model.apply(params, x, times, labels),
          latents,
          { noise, levels, prediction: "velocity" },
        ),
      ),
    params,
  );
  return { value, ...optimizer.update(params, gradients, state, rate) };
});
tf.dispose(step(params, state));
benchTensors("jitted", () => step(params, state), {
  group: `smallDit step of training, ${BATCH} latents`,
});

const config: GeneratorConfig = {
  schema: 1,
  autoencoder: smallAutoencoder(),
  dit: model.config,
  diffusion: { kind: "cosine", steps: schedule.steps, prediction: "velocity" },
  identities: [],
};
const sampler = makeSampler({ config, dit: model, schedule }, {
  samplingSteps: 50,
});
const keys = Array.from(
  { length: SAMPLES },
  (_, i) => ({ label: i % classes, random: random.fork("sample", i) }),
);
tf.dispose(sampler.run(params, keys));
benchTensors("50 transitions", () => sampler.run(params, keys), {
  group: `smallDit sampling, ${SAMPLES} latents`,
  n: 4,
});

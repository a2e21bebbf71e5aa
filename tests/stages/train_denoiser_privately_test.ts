import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Params, randomStream } from "../../src/core/mod.ts";
import { noiseLevels } from "../../src/diffusion/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { valueAndGradients } from "../../src/optim/mod.ts";
import { renyiAccountant } from "../../src/privacy/mod.ts";
import { denoiserLoss } from "../../src/stages/denoiser_loss.ts";
import {
  type Generator,
  type LatentSet,
  type PrivacyOptions,
  privacyPlan,
  trainDenoiserPrivately,
  type TrainDenoiserPrivatelyOptions,
} from "../../src/stages/mod.ts";
import { gatherLatents } from "../../src/stages/encode_images.ts";
import { privateSamples } from "../../src/stages/private_samples.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { tinyGenerator } from "../support/tiny_prior.ts";

const TABLE = "y_embedder.embedding_table.weight";

/** Seven images of three people, and their mirror images. */
function latentsOf(seed = 1): LatentSet {
  const labels = [0, 0, 0, 1, 1, 2, 2];
  return {
    values: randomStream(seed, "latents").normals(14 * 16),
    shape: [2, 2, 4],
    count: 14,
    labels: Int32Array.from([...labels, ...labels]),
  };
}

interface Trial extends Partial<TrainDenoiserPrivatelyOptions> {
  privacy?: PrivacyOptions;
  planned?: number;
}

function train(
  generator: Generator,
  { privacy = {}, planned = 4, ...options }: Trial = {},
  latents: LatentSet = latentsOf(),
): Promise<Params> {
  const plan = privacyPlan(
    { noiseMultiplier: 1, delta: 1e-3, clip: 0.5, ...privacy },
    { labels: latents.labels.subarray(0, 7), batchSize: 3, steps: planned },
  );
  return trainDenoiserPrivately(generator, latents, {
    name: "a trial",
    steps: 4,
    rate: 1e-2,
    trainable: "labelEmbedding+adaLN",
    privateSeed: 5,
    plan,
    ...options,
  });
}

function bytes(params: Params): string {
  return Object.keys(params).sort()
    .map((name) => `${name} ${params[name].dataSync()}`).join("\n");
}

const units: ["image" | "identity", number][] = [["image", 1], [
  "image",
  3,
], ["identity", 2]];
for (const [unit, draws] of units) {
  testOnBackends(
    `a step's gradient is the mean of single gradients, clipped by ${unit}, of ${draws} draws each`,
    async () => {
      const generator = tinyGenerator();
      const latents = latentsOf();
      const clip = 0.1;
      const told: { [name: string]: number }[] = [];
      // All but no noise, all units in the batch.
      const trained = await train(generator, {
        steps: 1,
        trainable: "labelEmbedding",
        diagnostics: true,
        privacy: { noiseMultiplier: 1e-6, clip, sampleRate: 1, unit, draws },
        onStep: (_, __, metrics) => void told.push(metrics),
      });

      const count = unit === "image" ? 7 : 3;
      const random = randomStream(5, "private training").fork("step", 0);
      const samplesOf = privateSamples(latents, {
        plan: { unit, draws },
        labelDropout: 0.1,
        nullClass: 3,
        schedule: generator.schedule,
      });
      const { [TABLE]: table, ...frozen } = generator.params.dit;
      const sum = new Float64Array(table.size);
      let [clipped, losses] = [0, 0];
      for (let u = 0; u < count; u++) {
        const some = samplesOf([u], 1, random);
        const mean = new Float64Array(table.size);
        for (let k = 0; k < draws; k++) {
          const batch = {
            clean: gatherLatents(latents, [some.indices[k]]),
            labels: tf.tensor1d([some.labels[k]], "int32"),
            noise: tf.tensor4d(
              some.noise.subarray(k * 16, (k + 1) * 16),
              [1, 2, 2, 4],
            ),
            levels: { ...noiseLevels(generator.schedule, [some.times[k]]) },
          };
          const { value, gradients } = valueAndGradients(
            (own) =>
              tf.sum(denoiserLoss(generator, { ...frozen, ...own }, batch)),
            { [TABLE]: table },
          );
          gradients[TABLE].dataSync().forEach((g, i) => mean[i] += g / draws);
          losses += value.dataSync()[0] / draws;
          tf.dispose([batch, value, gradients]);
        }
        const norm = Math.hypot(...mean);
        if (norm > clip) clipped++;
        mean.forEach((g, i) => sum[i] += g * Math.min(1, clip / norm));
      }
      assert(clipped > 0, "nothing to clip");
      assertClose(told[0].norm, Math.hypot(...sum) / count, 5e-5);
      assertClose(told[0].clipped, clipped / count, 1e-6);
      assertClose(told[0].loss, losses / count, 1e-4);
      tf.dispose(trained);
      generator.dispose();
    },
  );
}

testOnBackends(
  "only what is trained changes, and epsilon is told at each step",
  async () => {
    const generator = tinyGenerator();
    const told: { [name: string]: number }[] = [];
    const trained = await train(generator, {
      rank: 2,
      onStep: (_, __, metrics) => void told.push(metrics),
    });
    const { dit } = generator.params;
    assertEquals(Object.keys(trained).sort(), Object.keys(dit).sort());
    const moved = Object.keys(dit).filter((name) =>
      String(dit[name].dataSync()) !== String(trained[name].dataSync())
    );
    assertEquals(moved.sort(), [
      "blocks.0.adaLN_modulation.1.weight",
      "final_layer.adaLN_modulation.1.weight",
      TABLE,
    ]);
    const accountant = renyiAccountant({ delta: 1e-3 });
    const step = { sampleRate: 3 / 7, noiseMultiplier: 1 };
    assertEquals(
      told.map(({ epsilon }) => epsilon),
      [1, 2, 3, 4].map((steps) =>
        accountant.spent([{ ...step, steps }]).epsilon
      ),
    );
    // What depends on the images without noise is not told.
    assertEquals(Object.keys(told[0]).sort(), ["epsilon", "norm"]);
    tf.dispose(trained);
    generator.dispose();
  },
);

testOnBackends(
  "a stopped training goes on to the same bits and the same epsilon",
  async () => {
    await using folder = await tempFolder();
    const generator = tinyGenerator();
    const checkpoint = `${folder.path}/state.safetensors`;
    const whole = await train(generator);
    const enough = new AbortController();
    await assertRejects(
      () =>
        train(generator, {
          checkpoint,
          signal: enough.signal,
          onStep: (done) => {
            if (done === 2) enough.abort(new Error("enough"));
          },
        }),
      Error,
      "enough",
    );
    const told: [number, number][] = [];
    const resumed = await train(generator, {
      checkpoint,
      onStep: (done, _, { epsilon }) => void told.push([done, epsilon]),
    });
    assertEquals(bytes(resumed), bytes(whole));
    const { spent } = renyiAccountant({ delta: 1e-3 });
    const step = { sampleRate: 3 / 7, noiseMultiplier: 1 };
    assertEquals(
      told,
      [3, 4].map((steps) => [steps, spent([{ ...step, steps }]).epsilon]),
    );
    // Steps behind a checkpoint were of its plan: another one would count them wrongly.
    await assertRejects(
      () => train(generator, { checkpoint, privacy: { noiseMultiplier: 2 } }),
      RangeError,
      "must be one of its checkpoints: current value belongs to a trial, privately: 7 units (image), rate 0.42857142857142855, noise 1, clip 0.5, delta 0.001",
    );
    tf.dispose([whole, resumed]);
    generator.dispose();
  },
);

testOnBackends(
  "without a seed the noise is fresh each time, with one it is the seed's",
  async () => {
    const generator = tinyGenerator();
    const run = (privateSeed?: number) =>
      train(generator, { steps: 1, privateSeed });
    const all = [await run(), await run(), await run(1), await run(1)];
    const [a, b, c, d] = all.map(bytes);
    assert(a !== b && b !== c);
    assertEquals(c, d);
    tf.dispose(all);
    generator.dispose();
  },
);

testOnBackends(
  "another image moves the noisy mean by no more than two clips over the expected units",
  async () => {
    const generator = tinyGenerator();
    const other = latentsOf();
    // Image 2 and its mirror image, and wildly.
    for (const i of [2, 9]) other.values.fill(50, i * 16, (i + 1) * 16);
    const norms: number[] = [];
    for (const latents of [latentsOf(), other]) {
      const params = await train(generator, {
        steps: 1,
        privacy: { noiseMultiplier: 1e-6, sampleRate: 1, clip: 0.05 },
        onStep: (_, __, { norm }) => void norms.push(norm),
      }, latents);
      tf.dispose(params);
    }
    const [one, two] = norms;
    assert(one !== two && Math.abs(one - two) <= 2 * 0.05 / 7 + 1e-6);
    generator.dispose();
  },
);

testOnBackends(
  "what is not finite ends the training, and batch normalisation does not begin one",
  async () => {
    const generator = tinyGenerator();
    const broken = latentsOf();
    broken.values[3] = NaN;
    await assertRejects(
      () => train(generator, { privacy: { sampleRate: 1, draws: 8 } }, broken),
      Error,
      "Cannot go on with a trial, privately: 7 units (image), rate 1, noise 1, clip 0.5, delta 0.001 as 'norm' must be finite: current value is NaN at step 1 of 4",
    );
    const statistics = tf.zeros([2]);
    const { dit, ...params } = generator.params;
    const mixed = {
      ...generator,
      params: { ...params, dit: { ...dit, "norm.running_mean": statistics } },
    };
    await assertRejects(
      () => train(mixed),
      RangeError,
      "Cannot train privately as the network must be without batch normalisation, which mixes the samples of a batch: current value has 1 such layers, 'norm' first",
    );
    statistics.dispose();
    generator.dispose();
  },
);

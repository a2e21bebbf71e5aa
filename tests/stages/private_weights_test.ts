import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Params, randomStream } from "../../src/core/mod.ts";
import { diffusionSchedule, noiseLevels } from "../../src/diffusion/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { valueAndGradients } from "../../src/optim/mod.ts";
import {
  type DenoiserBatch,
  denoiserLoss,
} from "../../src/stages/denoiser_loss.ts";
import {
  privateWeights,
  type PrivateWeightsOptions,
} from "../../src/stages/private_weights.ts";
import { sampleSlopes } from "../../src/stages/sample_slopes.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { tinyGenerator } from "../support/tiny_prior.ts";

const schedule = diffusionSchedule({ kind: "cosine", steps: 1000 });

/** Five samples: two of one class, one of nobody. */
const labels = [0, 2, 0, 3, 1];
const times = [10, 900, 500, 250, 700];

function batchOf(chosen: number[]): DenoiserBatch {
  const random = randomStream(4, "batch");
  const shape: [number, number, number, number] = [chosen.length, 2, 2, 4];
  const values = (name: string) =>
    tf.tensor4d(
      chosen.flatMap((i) => Array.from(random.fork(name, i).normals(16))),
      shape,
    );
  return {
    clean: values("clean"),
    noise: values("noise"),
    labels: tf.tensor1d(chosen.map((i) => labels[i]), "int32"),
    levels: noiseLevels(schedule, chosen.map((i) => times[i])),
  };
}

const choices: [string, Omit<PrivateWeightsOptions, "random">, number][] = [
  ["the class table", { trainable: "labelEmbedding" }, 1],
  ["class table and adaLN", { trainable: "labelEmbedding+adaLN" }, 5],
  ["class table and adapters", {
    trainable: "labelEmbedding+adaLN",
    rank: 2,
  }, 5],
];
/** The published form, and the shipped one: two blocks that share a layer. */
const forms = { "": {}, ", shared": { depth: 2, sharedModulation: true } };
const cases = choices.flatMap(([name, options, count]) =>
  Object.entries(forms).map(([form, sizes]) => ({
    name: name + form,
    options,
    count,
    sizes,
  }))
);
for (const { name, options, count, sizes } of cases) {
  testOnBackends(
    `gradients of single samples are those of a loop over them: ${name}`,
    () => {
      const generator = tinyGenerator(undefined, sizes);
      const own = privateWeights(generator.params.dit, {
        ...options,
        random: randomStream(2),
      });
      // Adapters begin with a half of zeros, which would hide the other.
      const weights = tf.tidy(() =>
        Object.fromEntries(
          Object.entries(own.start).map((
            [name, w],
          ) => [name, tf.add(w, 0.02)]),
        )
      );
      assertEquals(Object.keys(weights).length, count);
      const whole = batchOf([0, 1, 2, 3, 4]);
      const { gradients, losses } = tf.tidy(() => {
        const all = own.merge(own.frozen, weights);
        const found = sampleSlopes(generator, all, whole, own.layers);
        return {
          gradients: own.gradients(weights, found.slopes),
          losses: found.losses,
        };
      });
      assertEquals(Object.keys(gradients).sort(), Object.keys(weights).sort());
      const alone: number[] = [];
      for (const b of labels.keys()) {
        const one = batchOf([b]);
        const single = valueAndGradients(
          (weights: Params) =>
            tf.sum(
              denoiserLoss(generator, own.merge(own.frozen, weights), one),
            ),
          weights,
        );
        alone.push(single.value.dataSync()[0]);
        for (const [name, { left, right }] of Object.entries(gradients)) {
          const outer = tf.tidy(() =>
            tf.matMul(
              tf.slice(left, [b, 0], [1, -1]),
              tf.slice(right, [b, 0], [1, -1]),
              true,
            )
          );
          const expected = single.gradients[name].dataSync();
          assert(expected.some((x) => x !== 0), `${name} has no gradient`);
          assertClose(outer.dataSync(), expected, 2e-5);
          outer.dispose();
        }
        tf.dispose([{ ...one, levels: { ...one.levels } }, single]);
      }
      assertClose(losses, alone, 1e-5);
      tf.dispose([own.start, weights, gradients, losses]);
      tf.dispose({ ...whole, levels: { ...whole.levels } });
      generator.dispose();
    },
  );
}

testOnBackends("adapters of a rank that does not fit are refused", () => {
  const generator = tinyGenerator();
  assertThrows(
    () =>
      privateWeights(generator.params.dit, {
        trainable: "labelEmbedding+adaLN",
        rank: 33,
        random: randomStream(1),
      }),
    RangeError,
    "'rank' must be a whole number at least 1 and at most 32: current value is 33",
  );
  generator.dispose();
});

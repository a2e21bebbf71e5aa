import { assertEquals } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { stepTensor } from "../../src/diffusion/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { type Generator, makeSampler } from "../../src/stages/mod.ts";
import { predictionOf, type SampleKey } from "../../src/stages/sampler.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { tinyGenerator } from "../support/tiny_prior.ts";

const random = randomStream(3, "sampler test");

function keysOf(labels: number[]): SampleKey[] {
  return labels.map((label, i) => ({ label, random: random.fork(i) }));
}

/** The same start as another stream, but other noise on the way. */
function otherwise({ label, random }: SampleKey): SampleKey {
  const other = random.fork("other");
  const fork: typeof random.fork = (...keys) =>
    (keys[1] === "start" ? random : other).fork(...keys);
  return { label, random: { ...random, fork } };
}

/** Mean of a transition from the network itself: A x + B prediction, with guidance by hand. */
function meanByHand(
  generator: Generator,
  { time, stateWeight, predictionWeight }: {
    time: number;
    stateWeight: number;
    predictionWeight: number;
  },
  state: tf.Tensor4D,
  labels: number[],
  guidance: number,
): tf.Tensor4D {
  const { dit, params } = generator;
  const predict = (classes: number[]) =>
    dit.apply(
      params.dit,
      state,
      tf.fill([classes.length], time),
      tf.tensor1d(classes, "int32"),
    );
  const given = predict(labels);
  const nobody = predict(labels.map(() => dit.config.classes));
  const prediction = tf.add(nobody, tf.mul(guidance, tf.sub(given, nobody)));
  return tf.add(
    tf.mul(stateWeight, state),
    tf.mul(predictionWeight, prediction),
  );
}

for (const guidance of [1, 2.5]) {
  testOnBackends(
    `a sampler goes from x_T to x_0 by mean and noise, guidance ${guidance}`,
    () => {
      const generator = tinyGenerator();
      const sampler = makeSampler(generator, { samplingSteps: 4, guidance });
      tf.tidy(() => {
        const labels = [2, 0, 1];
        const keys = keysOf(labels);
        const states: tf.Tensor4D[] = [];
        const clean = sampler.run(generator.params.dit, keys, (state, i) => {
          assertEquals(i, states.length);
          states.push(tf.clone(state));
        });
        assertEquals(states.length, 4);
        const start = keys.map((
          { random },
        ) => [...random.fork("noise", "start").normals(2 * 2 * 4)]);
        assertClose(tf.reshape(states[0], [3, 16]), tf.tensor2d(start));
        sampler.steps.forEach((step, i) => {
          const mean = meanByHand(generator, step, states[i], labels, guidance);
          const ids = tf.tensor1d(labels, "int32");
          const same = sampler.mean(
            generator.params.dit,
            states[i],
            stepTensor(step),
            ids,
          );
          assertClose(same, mean, 1e-4);
          const noise = tf.mul(step.deviation, sampler.noise(keys, i));
          const next = [...states, clean][i + 1];
          assertClose(next, tf.add(mean, noise), 1e-4);
        });
        // No noise on the last transition.
        assertEquals(sampler.steps[3].deviation, 0);
      });
      sampler.dispose();
      generator.dispose();
    },
  );
}

testOnBackends(
  "a sampler with eta 0 follows from x_T alone, with eta 1 not",
  () => {
    const generator = tinyGenerator();
    const keys = keysOf([0, 1]);
    for (const eta of [0, 1]) {
      const sampler = makeSampler(generator, { samplingSteps: 3, eta });
      tf.tidy(() => {
        const { dit } = generator.params;
        const [plain, other] = [keys, keys.map(otherwise)].map((own) => [
          ...sampler.run(dit, own).dataSync(),
        ]);
        assertEquals(String(plain) === String(other), eta === 0);
      });
      sampler.dispose();
    }
    generator.dispose();
  },
);

testOnBackends("a sample depends on its own key, not on its neighbours", () => {
  const generator = tinyGenerator();
  const sampler = makeSampler(generator, { samplingSteps: 3 });
  tf.tidy(() => {
    const keys = keysOf([0, 1, 2, 0]);
    const { dit } = generator.params;
    const rows = (own: SampleKey[]) =>
      tf.unstack(sampler.run(dit, own)).map((row) => [...row.dataSync()]);
    const [a, b, c, d] = rows(keys);
    assertEquals(rows([keys[3], keys[1], keys[0], keys[2]]), [d, b, a, c]);
  });
  sampler.dispose();
  generator.dispose();
});

testOnBackends("predictionOf() leaves the learned variance out", () => {
  tf.tidy(() => {
    const x = tf.zeros([1, 1, 1, 2]) as tf.Tensor4D;
    const output = tf.tensor4d([[[[1, 2, 3, 4]]]]);
    assertClose(predictionOf(output, x), tf.tensor4d([[[[1, 2]]]]));
    assertEquals(predictionOf(x, x), x);
  });
});

import { assert, assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import {
  diffusionSchedule,
  samplingSteps,
  stepTensor,
  transitionLogDensity,
} from "../../src/diffusion/mod.ts";
import { jit, tf } from "../../src/engine/mod.ts";
import { dit, smallAutoencoder, smallDit } from "../../src/models/mod.ts";
import {
  type Generator,
  makeSampler,
  type SamplingOptions,
} from "../../src/stages/mod.ts";
import type { SampleKey } from "../../src/stages/sampler.ts";
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

testOnBackends("a trajectory is what run() draws, with its densities", () => {
  const generator = tinyGenerator();
  const { dit } = generator.params;
  const sampler = makeSampler(generator, { samplingSteps: 4, eta: 0.7 });
  tf.tidy(() => {
    const keys = keysOf([2, 0, 1]);
    const labels = tf.tensor1d([2, 0, 1], "int32");
    const { states, logDensities } = sampler.trajectory(dit, keys);
    assertEquals(states.length, 5);
    const clean = sampler.run(
      dit,
      keys,
      (state, i) => assertClose(states[i], state, 0),
    );
    assertClose(states[4], clean, 0);
    sampler.steps.forEach((step, i) => {
      const own = sampler.transition(dit, states[i], stepTensor(step), labels);
      assertClose(own.deviation, step.deviation, 1e-6);
      const density = logDensities[i];
      if (i === 3) return assertEquals(density, undefined);
      assertClose(
        density!,
        transitionLogDensity(states[i + 1], own.mean, own),
        1e-3,
      );
      // The noise that was drawn says the same: mean_d (-z² / 2) - log σ - log(2π) / 2.
      const noise = sampler.noise(keys, i);
      const squares = tf.mean(tf.square(noise), [1, 2, 3]);
      const constant = Math.log(step.deviation) + 0.5 * Math.log(2 * Math.PI);
      assertClose(density!, tf.sub(tf.mul(-0.5, squares), constant), 1e-3);
    });
  });
  sampler.dispose();
  generator.dispose();
});

/** A transformer that predicts the variance, too, with random weights everywhere. */
function learned() {
  const model = dit(smallDit({
    height: 2,
    width: 2,
    channels: 4,
    patch: 1,
    hidden: 32,
    depth: 1,
    heads: 2,
    classes: 3,
    learnSigma: true,
  }));
  const noise = randomStream(8, "learned");
  const params = tf.tidy(() =>
    Object.fromEntries(
      Object.entries(model.init(randomStream(7, "learned"))).map((
        [name, w],
      ) => [
        name,
        tf.add(
          w,
          tf.mul(0.1, tf.tensor(noise.fork(name).normals(w.size), w.shape)),
        ),
      ]),
    )
  );
  const prediction = "noise" as const;
  const config: Generator["config"] = {
    schema: 1,
    autoencoder: smallAutoencoder(),
    dit: model.config,
    diffusion: { kind: "linear", steps: 1000, prediction },
    identities: [],
  };
  const schedule = diffusionSchedule();
  return { generator: { config, dit: model, schedule }, params };
}

testOnBackends(
  "a learned variance lies between posterior and forward step",
  () => {
    const { generator, params } = learned();
    const sampler = makeSampler(generator, { samplingSteps: 5 });
    tf.tidy(() => {
      const keys = keysOf([0, 2]);
      const labels = tf.tensor1d([0, 2], "int32");
      const { states, logDensities } = sampler.trajectory(params, keys);
      const plan = samplingSteps(generator.schedule, {
        count: 5,
        prediction: "noise",
      });
      plan.forEach((step, i) => {
        const own = sampler.transition(
          params,
          states[i],
          stepTensor(sampler.steps[i]),
          labels,
        );
        assertEquals(own.deviation.shape, own.mean.shape);
        const noise = sampler.noise(keys, i);
        const next = tf.add(own.mean, tf.mul(own.deviation, noise));
        assertClose(states[i + 1], next, 1e-4);
        if (i === 4) return assertClose(tf.max(own.deviation), 0, 0);
        // log σ² = log β̃ + (v + 1)/2 (log β - log β̃), v the network's second half.
        const times = tf.fill([2], step.time) as tf.Tensor1D;
        const output = generator.dit.apply(params, states[i], times, labels);
        const v = tf.slice(output, [0, 0, 0, 4], [-1, -1, -1, 4]);
        const share = tf.div(tf.add(v, 1), 2);
        const logVariance = tf.add(
          step.logPosterior,
          tf.mul(share, step.logForward - step.logPosterior),
        );
        assertClose(own.logDeviation, tf.div(logVariance, 2), 1e-4);
        assertClose(
          logDensities[i]!,
          transitionLogDensity(states[i + 1], own.mean, own),
          1e-3,
        );
      });
    });
    sampler.dispose();
    tf.dispose(params);
  },
);

testOnBackends(
  "a learned variance can be left out, and below eta 1 has to be",
  () => {
    const { generator, params } = learned();
    const plain = tinyGenerator();
    tf.tidy(() => {
      const keys = keysOf([1]);
      const draw = (options: SamplingOptions) => {
        const sampler = makeSampler(generator, {
          samplingSteps: 3,
          ...options,
        });
        const drawn = sampler.run(params, keys).dataSync();
        sampler.dispose();
        return String(drawn);
      };
      assertEquals(draw({ variance: "learned" }), draw({}));
      assert(draw({ variance: "posterior" }) !== draw({}));
      assertEquals(
        draw({ variance: "posterior", eta: 0.5 }),
        draw({ eta: 0.5 }),
      );
      assertThrows(
        () => makeSampler(generator, { variance: "learned", eta: 0.5 }),
        RangeError,
        "'variance' must be \"posterior\" where DDIM's eta is not 1",
      );
      assertThrows(
        () => makeSampler(plain, { variance: "learned" }),
        RangeError,
        "'variance' must be \"posterior\" where the transformer has learned none",
      );
      for (const guidanceChannels of [0, 5, 1.5]) {
        assertThrows(
          () => makeSampler(plain, { guidanceChannels }),
          RangeError,
          "'guidanceChannels'",
        );
      }
    });
    plain.dispose();
    tf.dispose(params);
  },
);

testOnBackends(
  "a gradient goes into the variance only if it is asked to",
  () => {
    const { generator, params } = learned();
    const name = "final_layer.linear.weight";
    for (const varianceGradient of [false, true]) {
      const sampler = makeSampler(generator, {
        samplingSteps: 3,
        varianceGradient,
      });
      tf.tidy(() => {
        const step = stepTensor(sampler.steps[0]);
        const labels = tf.tensor1d([1], "int32");
        const state = sampler.noise(keysOf([1]), 0);
        const slope = jit((weights: tf.Tensor) =>
          tf.grad((w: tf.Tensor) => {
            const all = { ...params, [name]: w };
            const own = sampler.transition(all, state, step, labels);
            return tf.sum(own.logDeviation);
          })(weights)
        );
        const largest = tf.max(tf.abs(slope(params[name]))).dataSync()[0];
        assertEquals(largest > 0, varianceGradient);
        slope.dispose();
      });
      sampler.dispose();
    }
    tf.dispose(params);
  },
);

testOnBackends(
  "guidance of the first channels leaves the others, and the variance, to the class",
  () => {
    const { generator, params } = learned();
    tf.tidy(() => {
      const labels = tf.tensor1d([1], "int32");
      const of = (options: SamplingOptions) => {
        const sampler = makeSampler(generator, {
          samplingSteps: 3,
          ...options,
        });
        const state = sampler.noise(keysOf([1]), 0);
        const step = stepTensor(sampler.steps[0]);
        const own = sampler.transition(params, state, step, labels);
        sampler.dispose();
        return own;
      };
      const [none, all, three] = [
        of({}),
        of({ guidance: 3 }),
        of({ guidance: 3, guidanceChannels: 3 }),
      ];
      const first = (x: tf.Tensor) =>
        tf.slice(x, [0, 0, 0, 0], [-1, -1, -1, 3]);
      const rest = (x: tf.Tensor) => tf.slice(x, [0, 0, 0, 3], [-1, -1, -1, 1]);
      const distance = (a: tf.Tensor, b: tf.Tensor) =>
        tf.max(tf.abs(tf.sub(a, b))).dataSync()[0];
      assertClose(first(three.mean), first(all.mean), 1e-5);
      assertClose(rest(three.mean), rest(none.mean), 1e-5);
      assert(distance(first(all.mean), first(none.mean)) > 1e-3);
      assert(distance(rest(all.mean), rest(none.mean)) > 1e-3);
      for (const guided of [all, three]) {
        assertClose(guided.deviation, none.deviation, 1e-5);
      }
    });
    tf.dispose(params);
  },
);

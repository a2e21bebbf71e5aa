import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Params, randomStream } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { setRewards } from "../../src/rewards/mod.ts";
import type { ReinforceOptions } from "../../src/stages/mod.ts";
import type { Metrics } from "../../src/stages/objective.ts";
import { directGradient } from "../../src/stages/direct_gradient.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import {
  chainOf,
  flat,
  meanOf,
  mostBytes,
  type ObjectiveSetup,
  objectiveSetup,
  SAMPLES,
  statesOf,
} from "./objective_setup.ts";

const weights = { semantic: 1, coverage: 0.5, expressive: 0.25 };
const klWeight = 0.7;

const names = ["semantic", "coverage", "expressive"] as const;

/** Standard deviation of each set-level reward over the identities drawn, at the weights the gradient is taken at. */
function spreadsOf(
  { embedder, generator, labels, bank }: ObjectiveSetup,
  clean: tf.Tensor4D,
): Record<keyof typeof weights, number> {
  const sets = setRewards(
    embedder.embed(generator.decode(clean)),
    labels,
    bank,
  );
  const spread = (name: keyof typeof weights) => {
    const all = sets[name].dataSync();
    const [a, b] = [...new Set(labels)].map((label) => all[label]);
    return Math.abs(a - b) / 2; // of two values
  };
  const spreads = {
    semantic: spread("semantic"),
    coverage: spread("coverage"),
    expressive: spread("expressive"),
  };
  for (const name of names) {
    assert(
      spreads[name] > 1e-3,
      `${name}: ${spreads[name]} is below the floor`,
    );
  }
  return spreads;
}

/** What is minimised: the chain's end is run again from a given state on. */
function slowLoss(
  setup: ObjectiveSetup,
  current: Params,
  from: { state: tf.Tensor4D; index: number },
  spreads: Record<keyof typeof weights, number>,
): { loss: tf.Tensor; kl: tf.Tensor; semantic: tf.Tensor } {
  const { sampler, generator, embedder, bank, keys, labels, cold } = setup;
  let { state } = from;
  const divergences = sampler.steps.slice(from.index).map((step, k) => {
    const i = from.index + k;
    const mean = meanOf(setup, current, state, i);
    const away = tf.sub(mean, meanOf(setup, cold, state, i));
    state = tf.add(mean, tf.mul(step.deviation, sampler.noise(keys, i)));
    const scale = step.deviation > 0 ? step.deviation : 1;
    return tf.div(tf.mean(tf.square(away)), 2 * scale ** 2);
  });
  const kl = tf.div(tf.addN(divergences), divergences.length);
  const sets = setRewards(
    embedder.embed(generator.decode(state)),
    labels,
    bank,
  );
  const mean = (name: keyof typeof weights) =>
    tf.sum(tf.mul(sets[name], sets.share));
  const rewards = names.map((name) =>
    tf.mul(weights[name] / spreads[name], mean(name))
  );
  const loss = tf.sub(tf.mul(klWeight, kl), tf.addN(rewards));
  return { loss, kl, semantic: mean("semantic") };
}

/** What directGradient() gives at some weights. */
function drawn(
  setup: ObjectiveSetup,
  weights: Params,
  options: Partial<ReinforceOptions>,
): { gradients: Params; metrics: Metrics } {
  const { frozen, cold, keys, bank, embedder } = setup;
  const objective = directGradient(chainOf(setup), {
    bank,
    embedder,
    steps: 1,
    samples: SAMPLES,
    ...options,
  });
  const random = randomStream(3);
  const batch = objective.draw({ frozen, weights, cold, keys, random });
  const { gradients, metrics } = batch.gradients(weights);
  objective.dispose();
  return { gradients, metrics: { ...batch.metrics, ...metrics } };
}

/** A gradient at the moved weights, and all that it is compared with. */
function found(setup: ObjectiveSetup, lastSteps: number): {
  gradients: Params;
  metrics: { [name: string]: tf.Scalar };
  loss: (current: Params) => ReturnType<typeof slowLoss>;
} {
  const { sampler } = setup;
  const result = drawn(setup, setup.moved, {
    klWeight,
    weights,
    direct: { lastSteps },
  });
  const states = statesOf(setup, setup.moved);
  const index = sampler.steps.length - lastSteps;
  const from = { state: states[index], index };
  const spreads = spreadsOf(setup, states[states.length - 1]);
  return {
    ...result,
    loss: (current) => slowLoss(setup, current, from, spreads),
  };
}

for (const lastSteps of [1, 2]) {
  testOnBackends(
    `directGradient() is the gradient of rewards over spreads and divergence, through ${lastSteps} last steps`,
    async () => {
      using setup = await objectiveSetup(/./);
      tf.tidy(() => {
        const { gradients, metrics, loss } = found(setup, lastSteps);
        const here = loss(setup.moved);
        assertClose(metrics.kl, here.kl, 1e-5);
        assertClose(metrics.semantic, here.semantic, 1e-5);
        const order = Object.keys(setup.moved);
        const slopes = tf.grads((...values: tf.Tensor[]) =>
          loss(Object.fromEntries(order.map((name, i) => [name, values[i]])))
            .loss
        )(order.map((name) => setup.moved[name]));
        const expected = flat(
          Object.fromEntries(order.map((name, i) => [name, slopes[i]])),
        );
        const scale = tf.max(tf.abs(expected)).dataSync()[0];
        assert(scale > 1e-3, `a gradient of ${scale} shows nothing`);
        assertClose(
          tf.div(flat(gradients), scale),
          tf.div(expected, scale),
          2e-3,
        );
      });
    },
  );
}

testOnBackends(
  "directGradient() is the slope of finite differences",
  async () => {
    using setup = await objectiveSetup(/./);
    tf.tidy(() => {
      const { gradients, loss } = found(setup, 2);
      const norm = tf.norm(flat(gradients)).dataSync()[0];
      const random = randomStream(1, "directions");
      for (const turned of [0, 1]) {
        // Along the gradient, and turned by 45 degrees to somewhere.
        const along = Object.fromEntries(
          Object.entries(gradients).map(([name, g]) => {
            const noise = tf.tensor(random.fork(name).normals(g.size), g.shape);
            const size = turned / Math.sqrt(flat(gradients).size);
            return [name, tf.add(tf.div(g, norm), tf.mul(size, noise))];
          }),
        );
        const step = 2e-3;
        const [above, below] = [step, -step].map((size) =>
          loss(
            Object.fromEntries(
              Object.entries(setup.moved).map((
                [name, w],
              ) => [name, tf.add(w, tf.mul(size, along[name]))]),
            ),
          ).loss.dataSync()[0]
        );
        const slope = (above - below) / (2 * step);
        const expected = tf.dot(flat(gradients), flat(along)).dataSync()[0];
        assert(Math.abs(expected) > 0.1 * norm);
        assertClose(slope / norm, expected / norm, 0.03);
      }
    });
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "directGradient() has a gradient for the trained weights only, and tells the auditor",
  async () => {
    using setup = await objectiveSetup(/adaLN_modulation/);
    const { bank, embedder, cold } = setup;
    tf.tidy(() => {
      const { gradients, metrics } = drawn(setup, cold, {
        auditor: { bank, embedder },
      });
      assertEquals(Object.keys(gradients).sort(), Object.keys(cold).sort());
      assertEquals(
        Object.keys(metrics).sort(),
        [
          "auditor",
          "coverage",
          "coverageStandardized",
          "coverageWeight",
          "expressive",
          "expressiveStandardized",
          "expressiveWeight",
          "kl",
          "semantic",
          "semanticStandardized",
          "semanticWeight",
          "spread",
        ],
      );
      assertClose(metrics.auditor, metrics.semantic, 1e-6);
      assertClose(metrics.kl, 0);
    });
  },
);

testOnBackends(
  "directGradient() through more last steps needs the memory of their latents more",
  async () => {
    using setup = await objectiveSetup(/./, { samplingSteps: 20 });
    const { bank, embedder, frozen, moved: weights, cold, keys } = setup;
    const [one, many] = [1, 20].map((lastSteps) =>
      mostBytes(setup, (chain) => {
        const objective = directGradient(chain, {
          bank,
          embedder,
          steps: 1,
          samples: SAMPLES,
          direct: { lastSteps },
        });
        const random = randomStream(1);
        const batch = objective.draw({ frozen, weights, cold, keys, random });
        batch.gradients(weights);
        objective.dispose();
      })
    );
    // 8 samples of 2 x 2 x 4 float32 a transition, and its few numbers.
    const growth = (many - one) / 19;
    assert(growth < 1024, `${one}, ${many}: ${growth} a transition`);
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "directGradient() ascends an own reward, and adaptive weights that sum to the paper's",
  async () => {
    using setup = await objectiveSetup(/./);
    tf.tidy(() => {
      const own = drawn(setup, setup.moved, {
        klWeight: 0,
        reward: (features) => tf.sum(features, 1) as tf.Tensor1D,
      });
      const less = drawn(setup, setup.moved, {
        klWeight: 0,
        reward: (features) => tf.mul(-2, tf.sum(features, 1)) as tf.Tensor1D,
      });
      assertClose(less.metrics.own, tf.mul(-2, own.metrics.own), 1e-5);
      const scale = tf.max(tf.abs(flat(own.gradients))).dataSync()[0];
      assert(scale > 1e-4);
      assertClose(
        tf.div(flat(less.gradients), scale),
        tf.div(tf.mul(-2, flat(own.gradients)), scale),
        1e-3,
      );
      const { metrics, gradients } = drawn(setup, setup.moved, {
        klWeight: 0,
        weights: "adaptive",
      });
      const told = names.map((name) => metrics[`${name}Weight`].dataSync()[0]);
      assertClose(told.reduce((a, b) => a + b), 2, 1e-5);
      // The same as with those weights held fixed.
      const [semantic, coverage, expressive] = told;
      const fixed = drawn(setup, setup.moved, {
        klWeight: 0,
        weights: { semantic, coverage, expressive },
      });
      const size = tf.max(tf.abs(flat(fixed.gradients))).dataSync()[0];
      assertClose(
        tf.div(flat(gradients), size),
        tf.div(flat(fixed.gradients), size),
        1e-3,
      );
    });
  },
);

testOnBackends(
  "directGradient() of a single identity is finite, though it has no spread",
  async () => {
    using setup = await objectiveSetup(/^y_embedder\./);
    tf.tidy(() => {
      const keys = setup.keys.slice(0, SAMPLES);
      const { gradients } = drawn({ ...setup, keys }, setup.moved, {});
      const values = flat(gradients).dataSync();
      assert(values.every(Number.isFinite));
      assert(values.some((value) => value !== 0));
    });
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "directGradient() refuses more last steps than there are, and too few samples",
  async () => {
    using setup = await objectiveSetup(/./);
    const { bank, embedder } = setup;
    const make = (options: { lastSteps?: number; samples?: number }) => () =>
      directGradient(chainOf(setup), {
        bank,
        embedder,
        steps: 1,
        samples: options.samples ?? SAMPLES,
        direct: { lastSteps: options.lastSteps },
      });
    for (const lastSteps of [0, 5, 1.5, NaN]) {
      assertThrows(
        make({ lastSteps }),
        RangeError,
        `'lastSteps' must be a whole number in [1, 4]: current value is ${lastSteps}`,
      );
    }
    assertThrows(make({ samples: 1 }), RangeError, "'samples'");
    make({ lastSteps: 4 })().dispose();
  },
  { backends: ["wasm"] },
);

import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Params, randomStream } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { setRewards } from "../../src/rewards/mod.ts";
import { directGradient } from "../../src/stages/direct_gradient.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import {
  flat,
  meanOf,
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

/** A gradient at the moved weights, and all that it is compared with. */
function found(setup: ObjectiveSetup, lastSteps: number): {
  gradients: Params;
  metrics: { [name: string]: tf.Scalar };
  loss: (current: Params) => ReturnType<typeof slowLoss>;
} {
  const { generator, sampler, bank, embedder, keys, cold, frozen } = setup;
  const objective = directGradient(generator, sampler, {
    bank,
    embedder,
    steps: 1,
    samples: SAMPLES,
    klWeight,
    weights,
    direct: { lastSteps },
  });
  const at = { frozen, weights: setup.moved, cold, keys };
  const result = objective.gradients(at);
  objective.dispose();
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
    const { generator, sampler, bank, embedder, keys, cold, frozen } = setup;
    tf.tidy(() => {
      const objective = directGradient(generator, sampler, {
        bank,
        embedder,
        auditor: { bank, embedder },
        steps: 1,
        samples: SAMPLES,
      });
      const { gradients, metrics } = objective.gradients({
        frozen,
        weights: cold,
        cold,
        keys,
      });
      objective.dispose();
      assertEquals(Object.keys(gradients).sort(), Object.keys(cold).sort());
      assertEquals(
        Object.keys(metrics).sort(),
        ["auditor", "coverage", "expressive", "kl", "semantic"],
      );
      assertClose(metrics.auditor, metrics.semantic, 1e-6);
      assertClose(metrics.kl, 0);
    });
  },
);

testOnBackends(
  "directGradient() refuses more last steps than there are, and too few samples",
  async () => {
    using setup = await objectiveSetup(/./);
    const { generator, sampler, bank, embedder } = setup;
    const make = (options: { lastSteps?: number; samples?: number }) => () =>
      directGradient(generator, sampler, {
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

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

/** What is minimised, as a number: the chain's end is run again from a given state on. */
function slowLoss(
  setup: ObjectiveSetup,
  current: Params,
  from: { state: tf.Tensor4D; index: number },
  spreads: Record<keyof typeof weights, number>,
): { loss: number; kl: number; semantic: number } {
  const { sampler, generator, embedder, bank, keys, labels, cold } = setup;
  return tf.tidy(() => {
    let { state } = from;
    const divergences = sampler.steps.slice(from.index).map((step, k) => {
      const i = from.index + k;
      const mean = meanOf(setup, current, state, i);
      const away = tf.sub(mean, meanOf(setup, cold, state, i));
      state = tf.add(mean, tf.mul(step.deviation, sampler.noise(keys, i)));
      const scale = step.deviation > 0 ? step.deviation : 1;
      return tf.mean(tf.square(away)).dataSync()[0] / (2 * scale ** 2);
    });
    const kl = divergences.reduce((a, b) => a + b) / divergences.length;
    const features = embedder.embed(generator.decode(state));
    const sets = setRewards(features, labels, bank);
    const mean = (name: keyof typeof weights) =>
      tf.sum(tf.mul(sets[name], sets.share)).dataSync()[0];
    const reward = names
      .map((name) => weights[name] * mean(name) / spreads[name])
      .reduce((a, b) => a + b);
    return { loss: klWeight * kl - reward, kl, semantic: mean("semantic") };
  });
}

testOnBackends(
  "directGradient() is the slope of rewards over spreads and divergence",
  async () => {
    using setup = await objectiveSetup(/./);
    const { generator, sampler, bank, embedder, keys, cold, frozen } = setup;
    const lastSteps = 2;
    tf.tidy(() => {
      const objective = directGradient(generator, sampler, {
        bank,
        embedder,
        steps: 1,
        samples: SAMPLES,
        klWeight,
        weights,
        direct: { lastSteps },
      });
      const at = setup.moved;
      const { gradients, metrics } = objective.gradients({
        frozen,
        weights: at,
        cold,
        keys,
      });
      objective.dispose();
      const states = statesOf(setup, at);
      const index = sampler.steps.length - lastSteps;
      const from = { state: states[index], index };
      const spreads = spreadsOf(setup, states[states.length - 1]);
      const here = slowLoss(setup, at, from, spreads);
      assertClose(metrics.kl, here.kl, 1e-3);
      assertClose(metrics.semantic, here.semantic, 1e-4);

      const norm = tf.norm(flat(gradients)).dataSync()[0];
      const random = randomStream(1, "directions");
      for (const direction of [0, 1]) {
        // Along the gradient, and turned by 45 degrees to somewhere.
        const along = Object.fromEntries(
          Object.entries(gradients).map(([name, g]) => {
            const noise = random.fork(direction, name).normals(g.size);
            const size = direction / Math.sqrt(flat(gradients).size);
            return [
              name,
              tf.add(
                tf.div(g, norm),
                tf.mul(size, tf.tensor(noise, g.shape)),
              ),
            ];
          }),
        );
        const step = 2e-3;
        const [above, below] = [step, -step].map((size) =>
          slowLoss(
            setup,
            Object.fromEntries(
              Object.entries(at).map((
                [name, w],
              ) => [name, tf.add(w, tf.mul(size, along[name]))]),
            ),
            from,
            spreads,
          ).loss
        );
        const slope = (above - below) / (2 * step);
        const expected = tf.dot(flat(gradients), flat(along)).dataSync()[0];
        assert(Math.abs(expected) > 0.1 * norm);
        assertClose(slope / norm, expected / norm, 0.03);
      }
    });
  },
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

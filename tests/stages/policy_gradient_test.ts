import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Params } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { scoreBatch } from "../../src/rewards/mod.ts";
import { makeSampler, type PolicyOptions } from "../../src/stages/mod.ts";
import { policyGradient } from "../../src/stages/policy_gradient.ts";
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

/** What policyGradient() gives at some weights. */
function found(
  setup: ObjectiveSetup,
  weights: Params,
  options: { klWeight: number; policy?: PolicyOptions },
): { gradients: Params; metrics: { [name: string]: tf.Scalar } } {
  const { generator, sampler, bank, embedder } = setup;
  const objective = policyGradient(generator, sampler, {
    bank,
    embedder,
    steps: 1,
    samples: SAMPLES,
    ...options,
  });
  const { frozen, cold, keys } = setup;
  const result = objective.gradients({ frozen, weights, cold, keys });
  objective.dispose();
  return result;
}

/** Gradient of a function of the trained weights, by tf.grads, all values in a row. */
function slowGradient(
  weights: Params,
  loss: (weights: Params) => tf.Tensor,
): tf.Tensor1D {
  const names = Object.keys(weights);
  const slopes = tf.grads((...values: tf.Tensor[]) =>
    loss(Object.fromEntries(names.map((name, i) => [name, values[i]])))
  )(names.map((name) => weights[name]));
  return flat(Object.fromEntries(names.map((name, i) => [name, slopes[i]])));
}

/** -mean_b A_b Σ_t w_t log p(x_{t-1} | x_t), log p the mean over dimensions, all transitions in one go. */
function slowPolicyGradient(
  setup: ObjectiveSetup,
  weights: Params,
  policy: Required<PolicyOptions>,
): tf.Tensor1D {
  const { generator, embedder, bank, sampler, labels } = setup;
  const states = statesOf(setup, weights);
  const clean = states[states.length - 1];
  const batch = policy.baseline === "batch";
  const { total } = scoreBatch(
    embedder.embed(generator.decode(clean)),
    labels,
    bank,
    {
      baseline: policy.baseline,
      coverage: { credit: batch ? "mean" : "marginal" },
      expressive: { credit: batch ? "shared" : "leaveOneOut" },
    },
  );
  const noisy = sampler.steps.filter(({ deviation }) => deviation > 0);
  assertEquals(noisy.length, sampler.steps.length - 1);
  const average = noisy.reduce((sum, { deviation }) => sum + deviation, 0) /
    noisy.length;
  return slowGradient(weights, (current) => {
    const terms = noisy.map(({ deviation }, i) => {
      const away = tf.sub(states[i + 1], meanOf(setup, current, states[i], i));
      const logDensity = tf.sub(
        tf.div(tf.mean(tf.square(away), [1, 2, 3]), -2 * deviation ** 2),
        Math.log(deviation * Math.sqrt(2 * Math.PI)),
      );
      const weight = policy.timeWeights === "density" ? 1 : deviation / average;
      return tf.mul(weight, tf.mean(tf.mul(total, logDensity)));
    });
    return tf.neg(tf.addN(terms));
  });
}

/** Asserts closeness relative to the largest value. */
function assertCloseToScale(
  actual: tf.Tensor,
  expected: tf.Tensor,
  tolerance: number,
): void {
  const scale = tf.max(tf.abs(expected)).dataSync()[0];
  assert(scale > 1e-6, `a gradient of ${scale} shows nothing`);
  assertClose(tf.div(actual, scale), tf.div(expected, scale), tolerance);
}

for (const baseline of ["identity", "batch"] as const) {
  for (const timeWeights of ["density", "deviation"] as const) {
    testOnBackends(
      `policyGradient() adds up to eq. 1 over the chain, baseline ${baseline}, time weights ${timeWeights}`,
      async () => {
        using setup = await objectiveSetup(/./);
        tf.tidy(() => {
          const policy = { baseline, timeWeights };
          const { gradients } = found(setup, setup.moved, {
            klWeight: 0,
            policy,
          });
          const expected = slowPolicyGradient(setup, setup.moved, policy);
          assertCloseToScale(flat(gradients), expected, 2e-3);
        });
      },
    );
  }
}

testOnBackends(
  "policyGradient() does not pull towards the cold start at the cold start",
  async () => {
    using setup = await objectiveSetup(/./);
    tf.tidy(() => {
      const [free, held] = [0, 1].map((klWeight) =>
        found(setup, setup.cold, { klWeight })
      );
      // Within rounding: the two means take different ways through the engine.
      assertCloseToScale(flat(held.gradients), flat(free.gradients), 2e-4);
      assertClose(held.metrics.kl, 0);
    });
  },
);

testOnBackends(
  "policyGradient() adds the gradient of the divergence from the cold start",
  async () => {
    using setup = await objectiveSetup(/./);
    tf.tidy(() => {
      const [free, held] = [0, 3].map((klWeight) =>
        found(setup, setup.moved, { klWeight })
      );
      const states = statesOf(setup, setup.moved);
      const divergence = (current: Params) =>
        tf.addN(setup.sampler.steps.flatMap(({ deviation }, i) => {
          if (deviation === 0) return [];
          const away = tf.sub(
            meanOf(setup, current, states[i], i),
            meanOf(setup, setup.cold, states[i], i),
          );
          return [tf.div(tf.mean(tf.square(away)), 2 * deviation ** 2)];
        }));
      const pull = tf.sub(flat(held.gradients), flat(free.gradients));
      const expected = slowGradient(setup.moved, divergence);
      assertCloseToScale(pull, tf.mul(3, expected), 2e-3);
      // Told is the mean over transitions.
      const { kl } = held.metrics;
      assertClose(kl, tf.div(divergence(setup.moved), 3), 1e-4);
      assert(kl.dataSync()[0] > 1e-4);
    });
  },
);

testOnBackends(
  "policyGradient() has a gradient for the trained weights only",
  async () => {
    using setup = await objectiveSetup(/^y_embedder\./);
    tf.tidy(() => {
      const policy = { baseline: "identity", timeWeights: "density" } as const;
      const { gradients, metrics } = found(setup, setup.moved, {
        klWeight: 0,
        policy,
      });
      assertEquals(Object.keys(gradients), [
        "y_embedder.embedding_table.weight",
      ]);
      const expected = slowPolicyGradient(setup, setup.moved, policy);
      assertCloseToScale(flat(gradients), expected, 2e-3);
      // Rows 0 and 2 were drawn; 1 and the null class were not.
      const rows = tf.unstack(gradients["y_embedder.embedding_table.weight"]);
      assertEquals(
        rows.map((row) => tf.max(tf.abs(row)).dataSync()[0] > 0),
        [true, false, true, false],
      );
      assertEquals(
        Object.keys(metrics).sort(),
        ["coverage", "expressive", "kl", "reward", "semantic"],
      );
    });
  },
);

testOnBackends(
  "policyGradient() asks an auditor without listening to it",
  async () => {
    using setup = await objectiveSetup(/^y_embedder\./);
    const { bank, embedder, generator, sampler } = setup;
    tf.tidy(() => {
      const objective = policyGradient(generator, sampler, {
        bank,
        embedder,
        auditor: { bank, embedder },
        steps: 1,
        samples: SAMPLES,
        klWeight: 0,
      });
      const { frozen, cold, keys } = setup;
      const audited = objective.gradients({
        frozen,
        weights: cold,
        cold,
        keys,
      });
      const plain = found(setup, cold, { klWeight: 0 });
      assertClose(flat(audited.gradients), flat(plain.gradients), 0);
      // Here the auditor is the judge itself.
      assertClose(audited.metrics.auditor, audited.metrics.semantic, 1e-6);
      objective.dispose();
    });
  },
);

testOnBackends(
  "policyGradient() refuses chains without noise and batches too small",
  async () => {
    using setup = await objectiveSetup(/./);
    const { generator, bank, embedder, sampler } = setup;
    const options = { bank, embedder, steps: 1, samples: SAMPLES };
    const still = makeSampler(generator, { samplingSteps: 4, eta: 0 });
    assertThrows(
      () => policyGradient(generator, still, options),
      RangeError,
      "number of transitions with noise",
    );
    const cases: [object, string][] = [
      [{ samples: 2 }, "'samples' must be a whole number at least 3"],
      [{ samples: 1, policy: { baseline: "batch" } }, "at least 2"],
      [{ identities: 1, policy: { baseline: "batch" } }, "'identities'"],
    ];
    for (const [wrong, message] of cases) {
      assertThrows(
        () => policyGradient(generator, sampler, { ...options, ...wrong }),
        RangeError,
        message,
      );
    }
  },
  { backends: ["wasm"] },
);

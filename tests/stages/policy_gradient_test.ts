import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Params, randomStream } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { emptyRunningStatistics, scoreBatch } from "../../src/rewards/mod.ts";
import {
  makeSampler,
  type PolicyOptions,
  type ReinforceOptions,
} from "../../src/stages/mod.ts";
import type { Metrics } from "../../src/stages/objective.ts";
import { policyGradient } from "../../src/stages/policy_gradient.ts";
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

/** What policyGradient() gives at some weights. */
function found(
  setup: ObjectiveSetup,
  weights: Params,
  options: Partial<ReinforceOptions>,
): { gradients: Params; metrics: Metrics } {
  const { frozen, cold, keys, bank, embedder } = setup;
  const objective = policyGradient(chainOf(setup), {
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
  policy: {
    baseline: "batch" | "identity";
    timeWeights: "density" | "deviation";
  },
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
        [
          "clipFraction",
          "coverage",
          "coverageStandardized",
          "coverageWeight",
          "expressive",
          "expressiveStandardized",
          "expressiveWeight",
          "kl",
          "reward",
          "sampleSize",
          "semantic",
          "semanticStandardized",
          "semanticWeight",
          "spread",
        ],
      );
    });
  },
);

testOnBackends(
  "policyGradient() on a part of the transitions is right on average",
  async () => {
    using setup = await objectiveSetup(/^y_embedder\./);
    const { bank, embedder, frozen, moved: weights, cold, keys } = setup;
    tf.tidy(() => {
      const parts = new Map<string, tf.Tensor1D>();
      const objective = policyGradient(chainOf(setup), {
        bank,
        embedder,
        steps: 1,
        samples: SAMPLES,
        policy: { timeFraction: 1 / 3 },
      });
      // One of three transitions each time; in twelve draws every one of them comes up.
      for (let seed = 0; seed < 12; seed++) {
        const random = randomStream(seed);
        const batch = objective.draw({ frozen, weights, cold, keys, random });
        const gradient = flat(batch.gradients(weights).gradients);
        parts.set(String(gradient.dataSync()), gradient);
      }
      objective.dispose();
      assertEquals(parts.size, 3);
      const mean = tf.div(tf.addN([...parts.values()]), 3);
      const whole = found(setup, weights, {}).gradients;
      assertCloseToScale(mean, flat(whole), 1e-4);
    });
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "policyGradient() weighs samples by the advantages asked for",
  async () => {
    using setup = await objectiveSetup(/^y_embedder\./);
    tf.tidy(() => {
      const at = (
        policy: PolicyOptions,
        more: Partial<ReinforceOptions> = {},
      ) => found(setup, setup.moved, { klWeight: 0, policy, ...more });
      const total = at({});
      const relative = at({ advantages: "groupRelative" });
      const clipped = at({ advantageClip: 1e-3 });
      const plain = flat(total.gradients);
      for (const other of [relative, clipped]) {
        const away = tf.norm(tf.sub(flat(other.gradients), plain));
        assert(away.dataSync()[0] > 0.1 * tf.norm(plain).dataSync()[0]);
      }
      // Advantages of 0.001 with the signs of the total's.
      assert(
        tf.norm(flat(clipped.gradients)).dataSync()[0] <
          0.05 * tf.norm(plain).dataSync()[0],
      );
      // A reward that is the same for all has nothing to say to groups.
      const flatReward = at({ advantages: "groupRelative" }, {
        reward: (features) => tf.ones([features.shape[0]]),
      });
      assertClose(flat(flatReward.gradients), tf.zerosLike(plain), 1e-6);
      assertClose(flatReward.metrics.own, 1);
    });
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "policyGradient() tells adaptive weights, and keeps running statistics",
  async () => {
    using setup = await objectiveSetup(/^y_embedder\./);
    const { bank, embedder, frozen, moved: weights, cold, keys } = setup;
    tf.tidy(() => {
      const { metrics } = found(setup, weights, { weights: "adaptive" });
      const told = ["semantic", "coverage", "expressive"].map((name) =>
        metrics[`${name}Weight`].dataSync()[0]
      );
      assertClose(told.reduce((a, b) => a + b), 2, 1e-5); // the sum of the paper's
      assert(told.every((weight) => weight >= 0), `${told}`);

      const objective = policyGradient(chainOf(setup), {
        bank,
        embedder,
        steps: 1,
        samples: SAMPLES,
        policy: { statistics: "running" },
      });
      const batch = objective.draw({
        frozen,
        weights,
        cold,
        keys,
        random: randomStream(1),
        statistics: emptyRunningStatistics(3),
      });
      objective.dispose();
      // Identities 2 and 0 were drawn, four samples each.
      assertClose(batch.statistics!.weight, [SAMPLES, 0, SAMPLES]);
    });
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "policyGradient() of ten times as many transitions needs the memory of their latents more",
  async () => {
    const most: number[] = [];
    for (const samplingSteps of [10, 100]) {
      using setup = await objectiveSetup(/./, { samplingSteps });
      const { bank, embedder, frozen, moved: weights, cold, keys } = setup;
      most.push(mostBytes(setup, (chain) => {
        const objective = policyGradient(chain, {
          bank,
          embedder,
          steps: 1,
          samples: SAMPLES,
        });
        const random = randomStream(1);
        const batch = objective.draw({ frozen, weights, cold, keys, random });
        batch.gradients(weights);
        objective.dispose();
      }));
    }
    // 8 samples of 2 x 2 x 4 float32 a transition, and its few numbers. One network's activations are 100 times that.
    const growth = (most[1] - most[0]) / 90;
    assert(growth >= 512 && growth < 1024, `${most}: ${growth} a transition`);
    assert(most[0] > 50_000, `${most}`);
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "policyGradient() asks an auditor without listening to it",
  async () => {
    using setup = await objectiveSetup(/^y_embedder\./);
    const { bank, embedder, cold } = setup;
    tf.tidy(() => {
      const audited = found(setup, cold, {
        auditor: { bank, embedder },
        klWeight: 0,
      });
      const plain = found(setup, cold, { klWeight: 0 });
      assertClose(flat(audited.gradients), flat(plain.gradients), 0);
      // Here the auditor is the judge itself.
      assertClose(audited.metrics.auditor, audited.metrics.semantic, 1e-6);
    });
  },
);

testOnBackends(
  "policyGradient() refuses chains without noise and batches too small",
  async () => {
    using setup = await objectiveSetup(/./);
    const { generator, bank, embedder } = setup;
    const options = { bank, embedder, steps: 1, samples: SAMPLES };
    const still = makeSampler(generator, { samplingSteps: 4, eta: 0 });
    assertThrows(
      () => policyGradient({ ...chainOf(setup), sampler: still }, options),
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
        () => policyGradient(chainOf(setup), { ...options, ...wrong }),
        RangeError,
        message,
      );
    }
  },
  { backends: ["wasm"] },
);

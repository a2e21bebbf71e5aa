import { assert, assertEquals } from "@std/assert";
import { type Params, randomStream } from "../../src/core/mod.ts";
import { stepTensor } from "../../src/diffusion/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { epsilonKl } from "../../src/policy/mod.ts";
import type { ReinforceOptions } from "../../src/stages/mod.ts";
import { policyTransition } from "../../src/stages/policy_transition.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import {
  chainOf,
  flat,
  type ObjectiveSetup,
  objectiveSetup,
  statesOf,
} from "./objective_setup.ts";

/** Gradient and numbers of the chain's second transition, drawn with some weights, at others. */
function found(
  setup: ObjectiveSetup,
  options: Pick<ReinforceOptions, "policy" | "kl" | "klWeight">,
  weights: Params = setup.moved,
  drawn: Params = weights,
) {
  const { frozen, cold, sampler, labels } = setup;
  const states = statesOf(setup, drawn);
  const transition = policyTransition(chainOf(setup), options);
  const input = {
    state: states[1],
    next: states[2],
    step: stepTensor(sampler.steps[1]),
    labels: tf.tensor1d(labels, "int32"),
    advantage: tf.tensor1d(randomStream(2).normals(labels.length)),
    share: tf.scalar(1),
    klShare: tf.scalar(1),
  };
  const zeros = Object.fromEntries(
    Object.entries(weights).map(([name, w]) => [name, tf.zerosLike(w)]),
  );
  const oldLogDensity = drawn === weights
    ? undefined
    : transition(drawn, frozen, cold, input, zeros).logDensity;
  const result = transition(
    weights,
    frozen,
    cold,
    { ...input, oldLogDensity },
    zeros,
  );
  transition.dispose();
  return { ...result, input };
}

testOnBackends(
  "at ratio 1 every loss has the gradient of REINFORCE",
  async () => {
    using setup = await objectiveSetup(/./);
    tf.tidy(() => {
      const gradients = (["reinforce", "dpok", "ppo"] as const).map((loss) => {
        const { sums, metrics } = found(setup, {
          klWeight: 0,
          policy: { loss, clip: 0.1 },
        });
        assertClose(metrics.clipFraction, 0);
        assertClose(metrics.sampleSize, 1, 1e-6);
        return flat(sums);
      });
      const scale = tf.max(tf.abs(gradients[0])).dataSync()[0];
      assert(scale > 1e-3, `a gradient of ${scale} shows nothing`);
      for (const gradient of gradients.slice(1)) {
        assertClose(
          tf.div(gradient, scale),
          tf.div(gradients[0], scale),
          1e-4,
        );
      }
    });
  },
);

testOnBackends(
  "away from the weights that drew, clipped samples pull no further",
  async () => {
    using setup = await objectiveSetup(/./);
    tf.tidy(() => {
      const at = (loss: "reinforce" | "dpok" | "ppo", clip: number) =>
        found(
          setup,
          { klWeight: 0, policy: { loss, clip } },
          setup.moved,
          setup.cold,
        );
      // All ratios lie outside of so small a range: DPOK clamps them all.
      const clamped = at("dpok", 1e-6);
      assertClose(clamped.metrics.clipFraction, 1, 0.3);
      assert(clamped.metrics.sampleSize.dataSync()[0] < 1);
      assertClose(flat(clamped.sums), tf.zerosLike(flat(clamped.sums)), 1e-6);
      // Within a wide one none is clipped, and both are the plain ratio's.
      const [dpok, ppo] = [at("dpok", 100), at("ppo", 100)];
      assertClose(ppo.metrics.clipFraction, 0);
      const scale = tf.max(tf.abs(flat(ppo.sums))).dataSync()[0];
      assertClose(
        tf.div(flat(dpok.sums), scale),
        tf.div(flat(ppo.sums), scale),
        1e-4,
      );
      // By hand, from the densities under the weights that drew and the present ones.
      const old = found(setup, { klWeight: 0 }, setup.cold).logDensity;
      const ratio = tf.exp(tf.sub(ppo.logDensity, old));
      assert(tf.max(tf.abs(tf.sub(ratio, 1))).dataSync()[0] > 1e-3);
      const size = tf.div(
        tf.square(tf.sum(ratio)),
        tf.mul(ratio.size, tf.sum(tf.square(ratio))),
      );
      assertClose(ppo.metrics.sampleSize, size, 1e-5);
    });
  },
);

testOnBackends(
  "the divergence is what was asked for, and pulls with its weight",
  async () => {
    using setup = await objectiveSetup(/./);
    const { sampler, frozen, cold, moved } = setup;
    tf.tidy(() => {
      const free = found(setup, { kl: "epsilon", klWeight: 0 });
      const held = found(setup, { kl: "epsilon", klWeight: 3 });
      const noise = (weights: Params) =>
        sampler.transition(
          { ...frozen, ...weights },
          free.input.state,
          free.input.step,
          free.input.labels,
        ).noise;
      const expected = tf.mean(epsilonKl(noise(moved), noise(cold)));
      assert(expected.dataSync()[0] > 1e-5);
      assertClose(free.metrics.kl, expected, 1e-5);
      const pull = tf.sub(flat(held.sums), flat(free.sums));
      assert(tf.max(tf.abs(pull)).dataSync()[0] > 1e-4);
      const gaussian = found(setup, { klWeight: 0 });
      assert(gaussian.metrics.kl.dataSync()[0] !== expected.dataSync()[0]);
    });
  },
);

testOnBackends("gradients are added to those that are there", async () => {
  using setup = await objectiveSetup(/^y_embedder\./);
  const { frozen, cold, moved } = setup;
  tf.tidy(() => {
    const { sums, input } = found(setup, { klWeight: 0 });
    const transition = policyTransition(chainOf(setup), { klWeight: 0 });
    const twice = transition(moved, frozen, cold, input, sums).sums;
    transition.dispose();
    assertClose(flat(twice), tf.mul(2, flat(sums)), 1e-5);
    assertEquals(Object.keys(twice), Object.keys(moved));
  });
}, { backends: ["wasm"] });

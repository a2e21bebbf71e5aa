import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Embedder, plainPreprocessing } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { MemoryBank } from "../../src/rewards/mod.ts";
import {
  type Generator,
  reinforce,
  type ReinforceOptions,
  rewardMeter,
} from "../../src/stages/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { TINY_SIZE, tinyGenerator } from "../support/tiny_prior.ts";

/** An "embedder" of the mean colour: who is red can be told by hand. */
const colours: Embedder = {
  embed: (images) => tf.mean(images, [1, 2]) as tf.Tensor2D,
  width: 3,
  preprocessing: plainPreprocessing(TINY_SIZE, TINY_SIZE),
  fingerprint: "mean colour",
};

/** All people are red, each a little different. */
function colourBank(identities = ["ada", "bob", "cyd"]): MemoryBank {
  const features = tf.tensor2d(identities.flatMap((_, i) => [
    [1, -0.2 - 0.1 * i, -0.5],
    [1, -0.5, -0.2 - 0.1 * i],
  ]));
  const bank = MemoryBank.fromFeatures(
    features,
    identities.flatMap((_, i) => [i, i]),
    { identities, fingerprint: "mean colour" },
  );
  features.dispose();
  return bank;
}

function options(
  bank: MemoryBank,
  more: Partial<ReinforceOptions> = {},
): ReinforceOptions {
  return {
    bank,
    embedder: colours,
    steps: 2,
    samplingSteps: 3,
    identities: 2,
    samples: 4,
    rate: 1e-2,
    seed: 4,
    ...more,
  };
}

/** Mean semantic reward on fixed seeds. */
function semantic(generator: Generator, bank: MemoryBank): number {
  const meter = rewardMeter(generator, {
    bank,
    embedder: colours,
    samplingSteps: 3,
    samples: 8,
  });
  const { semantic } = meter.measure(generator.params.dit);
  meter.dispose();
  return semantic.reduce((a, b) => a + b) / semantic.length;
}

// Untrained, the generator draws blue: 0.18.
const toys = [
  { objective: "direct", steps: 4, least: 0.28 },
  { objective: "policy", steps: 8, least: 0.22 },
] as const;
for (const { objective, steps, least } of toys) {
  testOnBackends(
    `reinforce() makes pictures red where red is rewarded, objective ${objective}`,
    async () => {
      using bank = colourBank();
      const generator = tinyGenerator();
      const tuned = await reinforce(
        generator,
        options(bank, {
          objective,
          steps,
          identities: 3,
          samples: 8,
          klWeight: 0,
          weights: { semantic: 1, coverage: 0, expressive: 0 },
          policy: { timeWeights: "deviation" },
        }),
      );
      const [before, after] = [
        semantic(generator, bank),
        semantic(tuned, bank),
      ];
      assert(before < 0.2 && after > least, `${before} -> ${after}`);
      generator.dispose();
      tuned.dispose();
    },
  );
}

testOnBackends(
  "reinforce() changes the trained weights only, and never the generator it was given",
  async () => {
    using bank = colourBank();
    const generator = tinyGenerator();
    const before = Object.fromEntries(
      Object.entries(generator.params.dit).map((
        [name, w],
      ) => [name, w.dataSync().slice()]),
    );
    const tuned = await reinforce(
      generator,
      options(bank, { trainable: "labelEmbedding+adaLN", rate: 1e-3 }),
    );
    assertEquals(
      Object.keys(tuned.params.dit).sort(),
      Object.keys(before).sort(),
    );
    const changed = Object.keys(before).filter((name) =>
      String(tuned.params.dit[name].dataSync()) !== String(before[name])
    );
    for (const name of changed) {
      assert(/^y_embedder\.|adaLN_modulation/.test(name), name);
    }
    assert(changed.length >= 5, `${changed}`);
    for (const [name, w] of Object.entries(generator.params.dit)) {
      assertEquals(w.dataSync(), before[name], name);
    }
    for (const [name, w] of Object.entries(generator.params.autoencoder)) {
      assertClose(tuned.params.autoencoder[name], w, 0);
    }
    generator.dispose();
    // It stands on its own.
    assertEquals(tuned.config.identities, ["ada", "bob", "cyd"]);
    assert(Number.isFinite(semantic(tuned, bank)));
    tuned.dispose();
  },
);

testOnBackends(
  "reinforce() shows the whole transformer every so many iterations, and its numbers at each",
  async () => {
    using bank = colourBank();
    const generator = tinyGenerator();
    const looks: number[] = [];
    const steps: number[] = [];
    const names = Object.keys(generator.params.dit).sort();
    const tuned = await reinforce(
      generator,
      options(bank, {
        steps: 5,
        trainable: "labelEmbedding",
        inspect: {
          every: 2,
          look: (dit, done) => {
            assertEquals(Object.keys(dit).sort(), names);
            looks.push(done);
          },
        },
        onStep: (done, total, metrics) => {
          assertEquals(total, 5);
          assert(Object.values(metrics).every(Number.isFinite));
          assert("norm" in metrics && "kl" in metrics && "semantic" in metrics);
          steps.push(done);
        },
      }),
    );
    assertEquals([looks, steps], [[2, 4], [1, 2, 3, 4, 5]]);
    tuned.dispose();
    generator.dispose();
  },
);

testOnBackends(
  "reinforce() refuses a bank of other people, or of another embedder",
  async () => {
    const generator = tinyGenerator();
    using bank = colourBank();
    using fewer = colourBank(["ada", "bob"]);
    using others = colourBank(["ada", "cyd", "bob"]);
    const stranger = { ...colours, fingerprint: "another" };
    const cases: [Partial<ReinforceOptions>, string][] = [
      [{ bank: fewer }, "'bank' must stand for 3 identities"],
      [{ bank: others }, "'bob' in place 1: current value is 'cyd'"],
      [{ embedder: stranger }, "'embedder.fingerprint'"],
      [{ auditor: { bank: others, embedder: colours } }, "'auditor.bank'"],
      [{ auditor: { bank, embedder: stranger } }, "'embedder.fingerprint'"],
      [{ samples: 2 }, "'samples'"],
    ];
    for (const [wrong, message] of cases) {
      await assertRejects(
        () => reinforce(generator, options(bank, wrong)),
        RangeError,
        message,
      );
    }
    generator.dispose();
  },
  { backends: ["wasm"] },
);

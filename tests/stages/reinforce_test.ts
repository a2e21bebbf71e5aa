import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Embedder, plainPreprocessing } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { MemoryBank } from "../../src/rewards/mod.ts";
import {
  AlarmError,
  type Generator,
  reinforce,
  type ReinforceOptions,
  rewardMeter,
  type StepMetrics,
} from "../../src/stages/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { tempFolder } from "../support/temp_folder.ts";
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

/** Bytes of all weights of a transformer, by name. */
function bytesOf(generator: Generator): { [name: string]: string } {
  return Object.fromEntries(
    Object.entries(generator.params.dit).map((
      [name, w],
    ) => [name, String(w.dataSync())]),
  );
}

const resumed: [string, Partial<ReinforceOptions>][] = [
  ["PPO with three updates, running statistics, adaptive weights", {
    weights: "adaptive",
    policy: {
      loss: "ppo",
      clip: 0.1,
      updates: 3,
      statistics: "running",
      timeFraction: 0.5,
    },
  }],
  ["adapters and the direct gradient", {
    objective: "direct",
    trainable: { rank: 2 },
  }],
  ["a return to the last good checkpoint before the stop and after", {
    onAlarm: "rollback",
    health: { maxKl: 1e-3 },
  }],
];
for (const [sentence, more] of resumed) {
  testOnBackends(
    `reinforce() resumes to the same weights, bit for bit: ${sentence}`,
    async () => {
      await using folder = await tempFolder();
      using bank = colourBank();
      const generator = tinyGenerator();
      const told: { [run: string]: StepMetrics[] } = { whole: [], parts: [] };
      const alarms: number[] = [];
      const run = (name: string, signal?: AbortSignal) =>
        reinforce(
          generator,
          options(bank, {
            steps: 6,
            checkpoint: `${folder.path}/${name}.safetensors`,
            checkpointEvery: 2,
            ...more,
            signal,
            tellAlarm: ({ step }) => alarms.push(step),
            onStep: (_done, _steps, metrics) => {
              told[name].push(metrics);
              if (name === "parts" && signal && told.parts.length % 3 === 0) {
                stop.abort(new Error("stop"));
              }
            },
          }),
        );
      let stop = new AbortController();
      const whole = await run("whole");
      await assertRejects(() => run("parts", stop.signal), Error, "stop");
      stop = new AbortController();
      const parts = await run("parts");
      assertEquals(told.parts, told.whole);
      assertEquals(bytesOf(parts), bytesOf(whole));
      assert(
        JSON.stringify(bytesOf(whole)) !== JSON.stringify(bytesOf(generator)),
      );
      if (more.onAlarm === "rollback") assert(alarms.length > 2, `${alarms}`);
      for (const one of [generator, whole, parts]) one.dispose();
    },
  );
}

testOnBackends(
  "reinforce() logs the health of every step",
  async () => {
    using bank = colourBank();
    const generator = tinyGenerator();
    const told: StepMetrics[] = [];
    const tuned = await reinforce(
      generator,
      options(bank, {
        auditor: { embedder: colours, bank },
        policy: { loss: "dpok", updates: 2 },
        onStep: (_done, _steps, metrics) => void told.push(metrics),
      }),
    );
    const names = ["semantic", "coverage", "expressive"];
    assertEquals(
      Object.keys(told[1]).sort(),
      [
        ...names,
        ...names.map((name) => `${name}Standardized`),
        ...names.map((name) => `${name}Weight`),
        "alarm",
        "auditor",
        "clipFraction",
        "kl",
        "norm",
        "rate",
        "reward",
        "sampleSize",
        "spread",
      ].sort(),
    );
    // The second update's ratios are not 1 any more, and the paper's clip is small.
    assert(told[1].clipFraction > 0 && told[1].sampleSize < 1);
    assert(told[1].kl > 0 && told[1].norm > 0);
    assertEquals([told[1].semanticWeight, told[1].coverageWeight], [1, 0.75]);
    tuned.dispose();
    generator.dispose();
  },
);

/** An embedder that breaks when its weight says so; all else is the mean colour. */
function breaking(when: () => boolean): Embedder {
  return {
    ...colours,
    embed: (images) =>
      tf.tidy(() =>
        tf.mul(
          colours.embed(images),
          when() ? NaN : 1,
        ) as tf.Tensor2D
      ),
  };
}

testOnBackends(
  "reinforce() names what is not finite and the iteration",
  async () => {
    using bank = colourBank();
    const generator = tinyGenerator();
    const first = "y_embedder.embedding_table.weight";
    const broken = {
      ...generator,
      params: {
        ...generator.params,
        dit: { ...generator.params.dit, [first]: tf.fill([4, 32], NaN) },
      },
    };
    await assertRejects(
      () => reinforce(broken, options(bank)),
      AlarmError,
      "a value of the latents after 1 of 3 transitions is not finite at iteration 1",
    );
    broken.params.dit[first].dispose();
    await assertRejects(
      () =>
        reinforce(generator, options(bank, { embedder: breaking(() => true) })),
      AlarmError,
      "a value of the features is not finite at iteration 1",
    );
    generator.dispose();
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "reinforce() goes back where a number is not finite, and on from there",
  async () => {
    using bank = colourBank();
    const generator = tinyGenerator();
    let iteration = 0;
    const alarms: string[] = [];
    const rates: number[] = [];
    const tuned = await reinforce(
      generator,
      options(bank, {
        steps: 5,
        checkpointEvery: 1,
        onAlarm: "rollback",
        embedder: breaking(() => iteration === 2),
        health: { maxKl: Infinity },
        tellAlarm: ({ name, step }) => alarms.push(`${name} ${step}`),
        onStep: (done, _steps, metrics) => {
          iteration = done;
          rates.push(metrics.rate);
          assertEquals("semantic" in metrics, done !== 3);
          assert(Object.values(metrics).every(Number.isFinite));
        },
      }),
    );
    assertEquals(alarms, ["notFinite 3"]);
    assertClose(rates, [1e-2, 1e-2, 1e-2, 5e-3, 5e-3], 1e-8);
    assert(Number.isFinite(semantic(tuned, bank)));
    tuned.dispose();
    generator.dispose();
  },
  { backends: ["wasm"] }, // without graphs, so that the embedder can break in the middle
);

import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Params } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { renyiAccountant } from "../../src/privacy/mod.ts";
import {
  coldStart,
  type ColdStartOptions,
  type Generator,
  loadGenerator,
  saveGenerator,
  type Trainable,
} from "../../src/stages/mod.ts";
import { trainablePattern } from "../../src/stages/cold_start.ts";
import { testOnBackends } from "../support/backends.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { tinyFaces, tinyGenerator } from "../support/tiny_prior.ts";

const TABLE = "y_embedder.embedding_table.weight";

/** A prior of three people meets a target of two others. */
function start(
  prior: Generator,
  options: Partial<ColdStartOptions> = {},
): Promise<Generator> {
  const target = tinyFaces(2, 3, { names: ["eve", "fay"] });
  return coldStart(prior, target, {
    steps: 2,
    rate: 1e-2,
    batchSize: 32,
    ...options,
  });
}

/** Names of the weights that differ in a bit. */
function changed(found: Params, before: Params): string[] {
  assertEquals(Object.keys(found).sort(), Object.keys(before).sort());
  return Object.keys(before).filter((name) =>
    String(found[name].dataSync()) !== String(before[name].dataSync())
  );
}

testOnBackends(
  "coldStart() begins with a class table of zeros, a row per identity and one for nobody",
  async () => {
    const prior = tinyGenerator();
    const generator = await start(prior, { steps: 0 });
    const table = generator.params.dit[TABLE];
    assertEquals(table.shape, [3, 32]);
    assert(table.dataSync().every((x) => x === 0));
    assertEquals(prior.params.dit[TABLE].shape, [4, 32]);
    assertEquals(generator.config.identities, ["eve", "fay"]);
    assertEquals(generator.config.dit.classes, 2);
    assertEquals(generator.dit.config.classes, 2);
    assertEquals(prior.config.identities, ["ada", "bob", "cyd"]);
    // All else is the prior's.
    const { [TABLE]: _, ...others } = generator.params.dit;
    const { [TABLE]: __, ...before } = prior.params.dit;
    assertEquals(changed(others, before), []);
    assertEquals(
      changed(generator.params.autoencoder, prior.params.autoencoder),
      [],
    );
    generator.dispose();
    prior.dispose();
  },
);

const trained: [Trainable, RegExp][] = [
  ["labelEmbedding", /^y_embedder\./],
  ["labelEmbedding+adaLN", /^y_embedder\.|adaLN_modulation/],
  ["all", /./],
];
for (const [trainable, names] of trained) {
  testOnBackends(
    `coldStart() with "${trainable}" leaves everything else frozen bit for bit`,
    async () => {
      const prior = tinyGenerator();
      const { [TABLE]: _, ...backbone } = prior.params.dit;
      const generator = await start(prior, { trainable });
      const { [TABLE]: table, ...others } = generator.params.dit;
      const moved = changed(others, backbone);
      assert(moved.every((name) => names.test(name)), `${moved}`);
      const all = Object.keys(backbone).filter((name) => names.test(name));
      assertEquals(moved.length, all.length, `only ${moved}`);
      // Every row is learned, that of the null class included: guidance has something to compare with.
      for (const row of table.arraySync() as number[][]) {
        assert(row.some((x) => x !== 0));
      }
      generator.dispose();
      prior.dispose();
    },
  );
}

testOnBackends(
  "coldStart() teaches the decoder only, where it is asked to",
  async () => {
    const prior = tinyGenerator();
    const parts: string[] = [];
    const generator = await start(prior, {
      decoderSteps: 2,
      onStep: (part, done, total) =>
        void parts.push(`${part} ${done}/${total}`),
    });
    assertEquals(parts, [
      "decoder 1/2",
      "decoder 2/2",
      "denoiser 1/2",
      "denoiser 2/2",
    ]);
    const moved = changed(
      generator.params.autoencoder,
      prior.params.autoencoder,
    );
    assert(moved.length > 10 && moved.every((name) => /^decoder\./.test(name)));
    generator.dispose();
    prior.dispose();
  },
);

testOnBackends(
  "coldStart() refuses images of another size, and frees all when stopped",
  async () => {
    const prior = tinyGenerator();
    const large = { ...tinyFaces(2, 2), height: 32, width: 8 };
    await assertRejects(
      () => coldStart(prior, large, { steps: 1 }),
      TypeError,
      "'target' must be images of 16 x 16: current value is 32 x 8",
    );
    for (const part of ["decoder", "denoiser"]) {
      const controller = new AbortController();
      await assertRejects(
        () =>
          start(prior, {
            decoderSteps: 2,
            signal: controller.signal,
            onStep: (now) => {
              if (now === part) controller.abort(new Error("enough"));
            },
          }),
        Error,
        "enough",
      );
    }
    const stopped = AbortSignal.abort(new Error("at once"));
    await assertRejects(
      () => start(prior, { signal: stopped }),
      Error,
      "at once",
    );
    prior.dispose();
  },
);

Deno.test("trainablePattern() knows the names of the published model", () => {
  const names = [
    TABLE,
    "blocks.0.adaLN_modulation.1.bias",
    "final_layer.adaLN_modulation.1.weight",
    "blocks.0.attn.qkv.weight",
  ];
  const chosen = trained.map(([trainable]) =>
    names.filter((name) => trainablePattern(trainable).test(name)).length
  );
  assertEquals(chosen, [1, 3, 4]);
});

testOnBackends(
  "coldStart() on the same seed gives the same weights",
  async () => {
    const prior = tinyGenerator();
    const [a, b, other] = [
      await start(prior),
      await start(prior),
      await start(prior, { seed: 1 }),
    ];
    assertEquals(changed(a.params.dit, b.params.dit), []);
    assertEquals(changed(other.params.dit, a.params.dit), [TABLE]);
    for (const generator of [a, b, other]) generator.dispose();
    prior.dispose();
  },
);

testOnBackends(
  "coldStart() with privacy trains what it may, and its generator says what was promised",
  async () => {
    await using folder = await tempFolder();
    const prior = tinyGenerator();
    const told: number[] = [];
    const generator = await start(prior, {
      trainable: "labelEmbedding+adaLN",
      batchSize: 3,
      privacy: { noiseMultiplier: 1.5, delta: 1e-3, unit: "image", seed: 4 },
      onStep: (_, __, ___, { epsilon }) => void told.push(epsilon),
    });
    const { [TABLE]: _, ...backbone } = prior.params.dit;
    const { [TABLE]: __, ...others } = generator.params.dit;
    const moved = changed(others, backbone);
    assert(moved.length === 4 && moved.every((n) => /adaLN/.test(n)));
    assertEquals(
      changed(generator.params.autoencoder, prior.params.autoencoder),
      [],
    );
    const { privacy } = generator.config;
    const { spent } = renyiAccountant({ delta: 1e-3 });
    const step = { sampleRate: 0.5, noiseMultiplier: 1.5 };
    const expected = [1, 2].map((steps) => spent([{ ...step, steps }]).epsilon);
    assertEquals(told, expected);
    assertEquals(privacy?.epsilon, expected[1]);
    assertEquals([privacy?.units, privacy?.steps, privacy?.seeded], [
      6,
      2,
      true,
    ]);

    // It stays with the saved generator, and is no promise of what is made of it with other images.
    await saveGenerator(folder.path, generator);
    const loaded = await loadGenerator(folder.path);
    assertEquals(loaded.config.privacy, privacy);
    const next = await start(loaded);
    assertEquals(next.config.privacy, undefined);
    for (const one of [loaded, next, generator, prior]) one.dispose();
  },
);

testOnBackends(
  "coldStart() with privacy refuses by name what privacy does not cover",
  async () => {
    const prior = tinyGenerator();
    const privacy = { noiseMultiplier: 1, delta: 1e-3 };
    const act = "Cannot cold-start a generator privately as";
    await assertRejects(
      () => start(prior, { privacy, trainable: "all" }),
      RangeError,
      `${act} 'trainable' must be labelEmbedding or labelEmbedding+adaLN, whose gradients are clipped sample by sample: current value is all`,
    );
    await assertRejects(
      () => start(prior, { privacy, decoderSteps: 5 }),
      RangeError,
      `${act} 'decoderSteps' must be 0, since the decoder's training is not private: current value is 5`,
    );
    await assertRejects(
      () => start(prior, { privacy: { ...privacy, delta: 0.2 } }),
      RangeError,
      "'delta' must be a finite number above 0 and below 0.16666666666666666",
    );
    const { autoencoder, dit } = prior.params;
    const statistics = tf.zeros([2]);
    const mixed = {
      ...prior,
      params: {
        dit,
        autoencoder: { ...autoencoder, "encoder.norm.running_var": statistics },
      },
    };
    await assertRejects(
      () => start(mixed, { privacy }),
      RangeError,
      `${act} the network must be without batch normalisation, which mixes the samples of a batch: current value has 1 such layers, 'encoder.norm' first`,
    );
    statistics.dispose();
    prior.dispose();
  },
);

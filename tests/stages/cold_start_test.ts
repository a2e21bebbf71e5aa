import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Params } from "../../src/core/mod.ts";
import {
  coldStart,
  type ColdStartOptions,
  type Generator,
  type Trainable,
} from "../../src/stages/mod.ts";
import { trainablePattern } from "../../src/stages/cold_start.ts";
import { testOnBackends } from "../support/backends.ts";
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

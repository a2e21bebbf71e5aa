import { assert, assertEquals } from "@std/assert";
import { tf } from "../../src/engine/mod.ts";
import { setRewards } from "../../src/rewards/mod.ts";
import {
  buildMemoryBank,
  compareRewards,
  generate,
  rewardMeter,
} from "../../src/stages/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import {
  TINY_SIZE,
  tinyEmbedder,
  tinyFaces,
  tinyGenerator,
} from "../support/tiny_prior.ts";

const names = ["ada", "bob", "cyd"];

testOnBackends(
  "a reward meter measures what generate() draws, and always the same",
  async () => {
    using embedder = await tinyEmbedder();
    using bank = buildMemoryBank(embedder, tinyFaces(3, 3, { names }));
    const generator = tinyGenerator(names);
    // More samples than are computed together.
    const options = { samplingSteps: 2, seed: 77 };
    const meter = rewardMeter(generator, {
      bank,
      embedder,
      auditor: { embedder, bank },
      samples: 30,
      ...options,
    });
    const first = meter.measure(generator.params.dit);
    assertEquals(first.semantic.length, 3);
    const drawn = await generate(generator, {
      imagesPerIdentity: 30,
      ...options,
    });
    tf.tidy(() => {
      const images = tf.tensor4d(drawn.images, [90, TINY_SIZE, TINY_SIZE, 3]);
      const sets = setRewards(embedder.embed(images), [...drawn.labels], bank);
      assertClose(first.semantic, sets.semantic.dataSync(), 1e-4);
      assertClose(first.coverage, sets.coverage.dataSync(), 1e-4);
      assertClose(first.expressive, sets.expressive.dataSync(), 1e-4);
    });
    assertEquals(first.auditor, first.semantic);
    const again = meter.measure(generator.params.dit);
    assertEquals(again, first);
    for (const { change } of compareRewards(first, again)) {
      assertEquals([change.mean, change.standardError], [0, 0]);
    }

    const moved = tf.tidy(() =>
      Object.fromEntries(
        Object.entries(generator.params.dit).map((
          [name, w],
        ) => [name, tf.mul(w, 1.2)]),
      )
    );
    const other = meter.measure(moved);
    assert(other.semantic.some((value, i) => value !== first.semantic[i]));
    tf.dispose(moved);
    meter.dispose();
    generator.dispose();
  },
);

Deno.test("compareRewards() pairs identities with themselves", () => {
  const rewards = (semantic: number[]) => ({
    semantic: Float32Array.from(semantic),
    coverage: new Float32Array(2),
    expressive: new Float32Array(2),
  });
  const changes = compareRewards(rewards([0, 10]), rewards([1, 13]));
  assertEquals(
    changes.map(({ name }) => name),
    ["semantic", "coverage", "expressive"],
  );
  // Differences 1 and 3: mean 2, deviation √2, error √2 / √2.
  const [{ before, after, change }] = changes;
  assertEquals([before.mean, after.mean, change.mean], [5, 7, 2]);
  assertClose(change.standardError, 1);
  // Unpaired, the error would be that of the identities: 10 / 2 each.
  assertClose(before.standardError, 5);
});

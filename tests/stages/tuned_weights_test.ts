import { assert, assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { tunedWeights } from "../../src/stages/tuned_weights.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { tinyGenerator } from "../support/tiny_prior.ts";

const random = randomStream(1);
const backends = { backends: ["wasm"] } as const;

testOnBackends("a group and a pattern train the weights they name", () => {
  const generator = tinyGenerator();
  const { dit } = generator.params;
  for (
    const [trainable, pattern] of [
      ["labelEmbedding", /^y_embedder/],
      ["labelEmbedding+adaLN", /^y_embedder|adaLN/],
      ["all", /./],
      [/mlp\.fc1/, /mlp\.fc1/],
    ] as const
  ) {
    const { frozen, start, merge } = tunedWeights(dit, trainable, random);
    const names = Object.keys(dit);
    const own = names.filter((name) => pattern.test(name));
    assertEquals(Object.keys(start).sort(), own.sort());
    assertEquals(Object.keys(frozen).length, names.length - own.length);
    // A copy of its own, so that the generator stays as it is.
    assert(own.every((name) => start[name] !== dit[name]));
    assertEquals(Object.keys(merge(frozen, start)).sort(), names.sort());
    tf.dispose(start);
  }
  generator.dispose();
}, backends);

testOnBackends(
  "adapters begin at nothing and change their kernels alone",
  () => {
    const generator = tinyGenerator();
    const { dit } = generator.params;
    tf.tidy(() => {
      const { frozen, start, merge } = tunedWeights(
        dit,
        { rank: 2, pattern: "attn\\.qkv", scale: 0.5 },
        random,
      );
      const kernel = "blocks.0.attn.qkv.weight";
      assertEquals(Object.keys(start), [`${kernel}.down`, `${kernel}.up`]);
      const before = merge(frozen, start);
      for (const name of Object.keys(dit)) {
        assertClose(before[name], dit[name], 0);
      }
      const up = tf.ones(start[`${kernel}.up`].shape);
      const after = merge(frozen, { ...start, [`${kernel}.up`]: up });
      // Every column gets half the sum of `down` over the rank.
      const sums = tf.sum(start[`${kernel}.down`], 1, true);
      const change = tf.sub(after[kernel], dit[kernel]);
      assertClose(change, tf.tile(tf.mul(0.5, sums), [1, up.shape[1]!]), 1e-6);
      assert(
        Object.keys(dit).every((name) =>
          name === kernel || after[name] === dit[name]
        ),
      );
    });
    generator.dispose();
  },
  backends,
);

testOnBackends("what matches no weight is refused", () => {
  const generator = tinyGenerator();
  for (const wrong of [/nothing/, { rank: 2, pattern: "nothing" }]) {
    assertThrows(
      () => tunedWeights(generator.params.dit, wrong, random),
      RangeError,
      "'pattern'",
    );
  }
  generator.dispose();
}, backends);

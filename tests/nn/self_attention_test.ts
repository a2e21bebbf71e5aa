import { assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { selfAttention } from "../../src/nn/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends(
  "selfAttention() makes the weights whose shapes it tells",
  () => {
    const layer = selfAttention("attn", { width: 4, heads: 2 });
    using params = owned(layer.init(randomStream(1)));
    assertEquals(layer.shapes, {
      "attn.qkv.weight": [4, 12],
      "attn.qkv.bias": [12],
      "attn.proj.weight": [4, 4],
      "attn.proj.bias": [4],
    });
    const shapes = Object.entries(params.value).map(([name, w]) => [
      name,
      w.shape,
    ]);
    assertEquals(Object.fromEntries(shapes), layer.shapes);
  },
);

// Queries and keys are 0, so every token gets the mean of the values; these are the tokens, with the identity behind.
testOnBackends(
  "selfAttention() without keys takes the mean of all tokens",
  () => {
    const layer = selfAttention("attn", { width: 2, heads: 2 });
    tf.tidy(() => {
      const params = {
        "attn.qkv.weight": tf.tensor2d([
          [0, 0, 0, 0, 1, 0],
          [0, 0, 0, 0, 0, 1],
        ]),
        "attn.qkv.bias": tf.zeros([6]),
        "attn.proj.weight": tf.eye(2),
        "attn.proj.bias": tf.tensor1d([0, 100]),
      };
      const x = tf.tensor3d([[[1, 10], [3, 30]]]);
      assertClose(layer.apply(params, x), [[[2, 120], [2, 120]]], 1e-5);
    });
  },
);

// One head of width 1 with keys and queries that are the tokens: weights exp(q k) over their sum.
testOnBackends("selfAttention() weighs by queries and keys", () => {
  const layer = selfAttention("attn", { width: 1, heads: 1 });
  tf.tidy(() => {
    const params = {
      "attn.qkv.weight": tf.tensor2d([[1, 1, 10]]),
      "attn.qkv.bias": tf.zeros([3]),
      "attn.proj.weight": tf.ones([1, 1]),
      "attn.proj.bias": tf.zeros([1]),
    };
    const x = tf.tensor3d([[[1], [2]]]);
    const mean = (q: number) =>
      (Math.exp(q) * 10 + Math.exp(2 * q) * 20) /
      (Math.exp(q) + Math.exp(2 * q));
    assertClose(layer.apply(params, x), [[[mean(1)], [mean(2)]]], 1e-4);
  });
});

Deno.test("selfAttention() refuses heads that do not divide the width", () => {
  assertThrows(
    () => selfAttention("attn", { width: 8, heads: 3 }),
    RangeError,
    "'heads' must be a divisor of the width (8): current value is 3",
  );
});

import { assertThrows } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { attention } from "../../../src/engine/ops/mod.ts";
import { assertClose } from "../../support/assert_close.ts";
import { testOnBackends } from "../../support/backends.ts";
import { testGolden } from "./golden.ts";

testGolden("attention", ({ q, k, v }) => attention(q, k, v));

testOnBackends("attention() of two hand-computed tokens", () => {
  tf.tidy(() => {
    // D = 4, so scores are q·k / 2: q [2 ln 3, 0, 0, 0] against keys with first
    // entries 1 and 0 gives ln 3 and 0: weights 3/4 and 1/4.
    const q = tf.tensor4d([2 * Math.log(3), 0, 0, 0], [1, 1, 1, 4]);
    const k = tf.tensor4d([1, 0, 0, 0, 0, 5, 5, 5], [1, 1, 2, 4]);
    const v = tf.tensor4d([8, 4], [1, 1, 2, 1]);
    assertClose(attention(q, k, v), [[[[7]]]]);
  });
});

testOnBackends(
  "attention() follows a permutation of queries and ignores one of keys",
  () => {
    tf.tidy(() => {
      const draw = (seed: number) =>
        tf.randomNormal<tf.Rank.R4>([2, 3, 4, 5], 0, 1, "float32", seed);
      const [q, k, v] = [draw(1), draw(2), draw(3)];
      const flip = (x: tf.Tensor4D) => tf.reverse(x, 2);
      const y = attention(q, k, v);
      assertClose(attention(flip(q), k, v), flip(y));
      assertClose(attention(q, flip(k), flip(v)), y);
    });
  },
);

testOnBackends("attention() stays finite for scores of any size", () => {
  tf.tidy(() => {
    const q = tf.tensor4d([1e4, -1e4], [1, 1, 2, 1]);
    const v = tf.tensor4d([3, 7], [1, 1, 2, 1]);
    assertClose(attention(q, q, v), [3, 7]);
    const [dq] = tf.grads((q, k, v) =>
      attention(q as tf.Tensor4D, k as tf.Tensor4D, v as tf.Tensor4D)
    )([q, q, v], v);
    assertClose(dq, [0, 0]);
  });
});

testOnBackends("attention() refuses shapes that do not fit", () => {
  tf.tidy(() => {
    const of = (...shape: [number, number, number, number]) =>
      tf.zeros<tf.Rank.R4>(shape);
    const q = of(2, 3, 4, 5);
    assertThrows(
      () => attention(q, of(2, 3, 4, 6), q),
      TypeError,
      "Cannot attend as 'k' must be of shape [2, 3, any, 5]: current value is shape [2, 3, 4, 6]",
    );
    assertThrows(
      () => attention(q, q, of(2, 3, 6, 5)),
      TypeError,
      "Cannot attend as 'v' must be of shape [2, 3, 4, any]",
    );
    assertThrows(
      () => attention(tf.zeros([3, 4, 5]) as unknown as tf.Tensor4D, q, q),
      TypeError,
      "Cannot attend as 'q' must be",
    );
  });
});

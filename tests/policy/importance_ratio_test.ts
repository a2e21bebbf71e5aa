import { assert, assertThrows } from "@std/assert";
import { tf } from "../../src/engine/mod.ts";
import { importanceRatio } from "../../src/policy/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends("importanceRatio() is the quotient of the densities", () => {
  tf.tidy(() => {
    const log = (...densities: number[]) =>
      tf.tensor1d(densities.map(Math.log));
    assertClose(importanceRatio(log(3, 1, 2), log(1, 4, 2)), [3, 0.25, 1]);
  });
});

testOnBackends(
  "importanceRatio() of sums that are far apart stays finite",
  () => {
    tf.tidy(() => {
      const [sums, old] = [
        tf.tensor1d([500, -500]),
        tf.zeros([2]) as tf.Tensor1D,
      ];
      const ratio = importanceRatio(sums, old);
      // e^20 and e^-20, relative
      assertClose(tf.log(ratio), [20, -20], 1e-5);
      const slope = tf.grad((sums: tf.Tensor) =>
        tf.sum(importanceRatio(sums as tf.Tensor1D, old))
      );
      assertClose(slope(sums), [0, 0], 0);
      assertClose(slope(tf.zeros([2])), [1, 1]);
      const [broken] = importanceRatio(tf.tensor1d([NaN, 0]), old).dataSync();
      assert(Number.isNaN(broken));
    });
  },
);

testOnBackends(
  "importanceRatio() refuses shapes that would be broadcast",
  () => {
    tf.tidy(() => {
      const two = tf.tensor1d([1, 2]);
      assertThrows(
        () => importanceRatio(two, tf.tensor1d([1])),
        TypeError,
        "Cannot take an importance ratio as 'oldLogDensity' must be of shape [2]: current value is [1]",
      );
      assertThrows(
        () => importanceRatio(tf.ones([2, 1]) as unknown as tf.Tensor1D, two),
        TypeError,
        "'logDensity' must be of shape [any]",
      );
    });
  },
);

import { assertEquals, assertStrictEquals } from "@std/assert";
import { jit, tf } from "../../src/engine/mod.ts";
import { guided } from "../../src/diffusion/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

/** Answers 100 · time + 10 · label + x, so that each input shows. */
function predict(x: tf.Tensor4D, times: tf.Tensor1D, labels: tf.Tensor1D) {
  const column = (y: tf.Tensor) =>
    tf.reshape(tf.cast(y, "float32"), [-1, 1, 1, 1]);
  return tf.addN([
    x,
    tf.mul(tf.mul(tf.onesLike(x), column(times)), 100),
    tf.mul(tf.mul(tf.onesLike(x), column(labels)), 10),
  ]) as tf.Tensor4D;
}

testOnBackends(
  "guided() moves away from the null class, each sample from its own",
  () => {
    tf.tidy(() => {
      const x = tf.tensor4d([1, 2], [2, 1, 1, 1]);
      const times = tf.tensor1d([3, 4]);
      const labels = tf.tensor1d([0, 7], "int32");
      for (const scale of [0, 0.5, 4]) {
        const network = guided(predict, { scale, nullLabel: 9 });
        const y = network(x, times, labels).reshape([2]);
        assertClose(y, [
          1 + 300 + 90 + scale * (0 - 90),
          2 + 400 + 90 + scale * (70 - 90),
        ]);
      }
      const jitted = jit(guided(predict, { scale: 4, nullLabel: 9 }));
      assertClose(jitted(x, times, labels).reshape([2]), [31, 412]);
      jitted.dispose();
    });
  },
);

testOnBackends("guided() asks once, for both halves together", () => {
  const batches: number[] = [];
  const counting = (...args: Parameters<typeof predict>) => {
    batches.push(args[0].shape[0]);
    assertEquals(args[2].dtype, "int32");
    return predict(...args);
  };
  tf.tidy(() => {
    const network = guided(counting, { scale: 2, nullLabel: 1 });
    network(tf.zeros([3, 1, 1, 1]), tf.zeros([3]), tf.zeros([3], "int32"));
  });
  assertEquals(batches, [6]);
});

Deno.test("guided() with scale 1 is the network itself", () => {
  assertStrictEquals(guided(predict, { scale: 1, nullLabel: 0 }), predict);
});

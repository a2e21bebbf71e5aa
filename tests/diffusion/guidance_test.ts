import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
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

/** Answers 10 · label + channel in as many channels as asked for. */
function inChannels(count: number) {
  return (_x: tf.Tensor4D, _: tf.Tensor1D, labels: tf.Tensor1D) =>
    tf.tidy(() => {
      const column = tf.reshape(tf.cast(labels, "float32"), [-1, 1, 1, 1]);
      const own = tf.reshape(tf.range(0, count), [1, 1, 1, count]);
      return tf.add(tf.mul(column, 10), own) as tf.Tensor4D;
    });
}

testOnBackends("guided() leaves the channels alone that it is told to", () => {
  tf.tidy(() => {
    const x = tf.zeros([1, 1, 1, 4]) as tf.Tensor4D;
    const times = tf.tensor1d([0]);
    const labels = tf.tensor1d([3], "int32");
    const guide = (outputs: number, channels?: number) =>
      guided(inChannels(outputs), { scale: 2, nullLabel: 1, channels })(
        x,
        times,
        labels,
      ).flatten();
    // Guided: 10 + 2 (30 - 10) + channel = 50 + channel; else 30 + channel.
    assertClose(guide(4), [50, 51, 52, 53]);
    assertClose(guide(4, 4), [50, 51, 52, 53]);
    assertClose(guide(4, 3), [50, 51, 52, 33]); // the published DiT
    // A learned variance, channels 4 to 7, is the class's own.
    assertClose(guide(8), [50, 51, 52, 53, 34, 35, 36, 37]);
    assertClose(guide(8, 3), [50, 51, 52, 33, 34, 35, 36, 37]);
    for (const channels of [0, 5, 1.5]) {
      assertThrows(() => guide(4, channels), RangeError, "'channels'");
    }
  });
});

testOnBackends("guided() has the guided slope in the guided channels", () => {
  tf.tidy(() => {
    // A network that answers with weight · label: slope null + scale (class - null).
    const slope = tf.grad((weight: tf.Tensor) => {
      const predict = (x: tf.Tensor4D, _: tf.Tensor1D, labels: tf.Tensor1D) => {
        const column = tf.reshape(tf.cast(labels, "float32"), [-1, 1, 1, 1]);
        return tf.mul(tf.mul(tf.onesLike(x), column), weight) as tf.Tensor4D;
      };
      const options = { scale: 4, nullLabel: 1, channels: 1 };
      const y = guided(predict, options)(
        tf.zeros([1, 1, 1, 2]),
        tf.tensor1d([0]),
        tf.tensor1d([3], "int32"),
      );
      return tf.sum(y);
    });
    assertClose(slope(tf.tensor1d([1, 1])), [1 + 4 * (3 - 1), 3]);
  });
});

Deno.test("guided() refuses a scale that is no number", () => {
  for (const scale of [NaN, Infinity]) {
    assertThrows(
      () => guided(predict, { scale, nullLabel: 0 }),
      RangeError,
      `Cannot guide as 'scale' must be a finite number: current value is ${scale}`,
    );
  }
});

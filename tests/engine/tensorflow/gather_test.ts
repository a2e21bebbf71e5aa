import { assertThrows } from "@std/assert";
import { jit, tf } from "../../../src/engine/mod.ts";
import { assertClose } from "../../support/assert_close.ts";
import { testOnBackends } from "../../support/backends.ts";

testOnBackends("gather takes rows and columns", () => {
  tf.tidy(() => {
    const x = tf.tensor2d([[1, 2, 3], [4, 5, 6]]);
    const ids = (values: number[]) => tf.tensor1d(values, "int32");
    assertClose(tf.gather(x, ids([1, 0, 1])), [
      [4, 5, 6],
      [1, 2, 3],
      [4, 5, 6],
    ]);
    assertClose(tf.gather(x, ids([2, 0]), 1), [[3, 1], [6, 4]]);
  });
});

testOnBackends("gather takes one column per row", () => {
  tf.tidy(() => {
    const x = tf.tensor2d([[1, 2, 3], [4, 5, 6]]);
    const perRow = tf.tensor2d([[2], [0]], [2, 1], "int32");
    assertClose(tf.gather(x, perRow, 1, 1), [[3], [4]]);
  });
}, { backends: ["tensorflow"] });

testOnBackends("gather runs inside jit, with its gradient", () => {
  const gradient = jit((x: tf.Tensor, ids: tf.Tensor1D, weight: tf.Tensor) =>
    tf.grad((x) => tf.sum(tf.mul(tf.gather(x, ids), weight)))(x)
  );
  tf.tidy(() => {
    const ids = tf.tensor1d([2, 0, 2], "int32");
    const weight = tf.tensor2d([[1], [10], [100]]);
    // Row 2 is taken twice: 1 + 100.
    assertClose(gradient(tf.zeros([3, 2]), ids, weight), [
      [10, 10],
      [0, 0],
      [101, 101],
    ]);
  });
  gradient.dispose();
});

testOnBackends("a row that is not there is refused when it is taken", () => {
  const gather = jit((x: tf.Tensor, ids: tf.Tensor1D) => tf.gather(x, ids));
  const x = tf.zeros([2, 2]);
  const ids = tf.tensor1d([5], "int32");
  assertThrows(() => gather(x, ids), Error, "indices[0] = 5 is not in [0, 2)");
  assertThrows(() => tf.gather(x, ids), Error, "GatherV2");
  tf.dispose([x, ids]);
  gather.dispose();
}, { backends: ["tensorflow"] });

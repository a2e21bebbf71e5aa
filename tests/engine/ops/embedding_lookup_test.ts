import { assertEquals, assertThrows } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { embeddingLookup } from "../../../src/engine/ops/mod.ts";
import { assertClose } from "../../support/assert_close.ts";
import { testOnBackends } from "../../support/backends.ts";
import { testGolden } from "./golden.ts";

testGolden("embeddingLookup", ({ table, ids }) => embeddingLookup(table, ids));

testOnBackends(
  "embeddingLookup() adds up the slopes of a row picked twice",
  () => {
    tf.tidy(() => {
      const table = tf.tensor2d([[1, 2], [3, 4], [5, 6]]);
      const ids = tf.tensor1d([2, 0, 2], "int32");
      const slope = tf.tensor2d([[1, 10], [2, 20], [4, 40]]);
      const { value, grads } = tf.valueAndGrads((table) =>
        embeddingLookup(table as tf.Tensor2D, ids)
      )([table], slope);
      assertClose(value, [[5, 6], [1, 2], [5, 6]]);
      // Row 0: second slope; row 1: never; row 2: first + third.
      assertClose(grads[0], [[2, 20], [0, 0], [5, 50]]);
    });
  },
);

testOnBackends(
  "embeddingLookup() has the same gradient where a backend cannot add rows up",
  (backend) => {
    const kernel = tf.getKernel("UnsortedSegmentSum", backend)!;
    const gradient = () =>
      tf.tidy(() => {
        const ids = tf.tensor1d([3, 1, 3], "int32");
        const slope = tf.tensor2d([[1, 10], [2, 20], [4, 40]]);
        return tf.grad((table) => embeddingLookup(table as tf.Tensor2D, ids))(
          tf.zeros([4, 2]),
          slope,
        ).dataSync();
      });
    const expected = gradient();
    tf.unregisterKernel("UnsortedSegmentSum", backend);
    try {
      assertEquals(gradient(), expected);
    } finally {
      tf.registerKernel(kernel);
    }
  },
);

testOnBackends("embeddingLookup() refuses an id out of range", () => {
  const table = tf.zeros<tf.Rank.R2>([3, 2]);
  const ids = tf.tensor1d([0, 3], "int32");
  assertThrows(() => embeddingLookup(table, ids), Error, "3");
  tf.dispose([table, ids]);
});

testOnBackends("embeddingLookup() refuses ids that are no integers", () => {
  tf.tidy(() => {
    assertThrows(
      () => embeddingLookup(tf.zeros([3, 2]), tf.tensor1d([0])),
      TypeError,
      "Cannot look up embeddings as 'ids' must be int32: current value is float32",
    );
  });
});

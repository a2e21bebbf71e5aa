import { assertEquals, assertThrows } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { startWasm } from "../../../src/engine/wasm/backend.ts";
import { assertNothingLeft } from "./reference.ts";

await startWasm();

const x = () => tf.tensor2d([[1, 2], [3, 4], [5, 6], [7, 8]]);

Deno.test("unsortedSegmentSum() adds up the rows of each segment, and leaves out negative ones", () => {
  assertNothingLeft(() =>
    tf.tidy(() => {
      const segments = tf.tensor1d([2, 0, 2, -1], "int32");
      assertEquals(
        tf.unsortedSegmentSum(x(), segments, 3).arraySync(),
        [[3, 4], [0, 0], [6, 8]],
      );
    })
  );
});

Deno.test("unsortedSegmentSum() of whole numbers is whole", () => {
  const sums = tf.tidy(() => {
    const y = tf.unsortedSegmentSum(
      tf.tensor1d([1, 2, 3], "int32"),
      tf.tensor1d([1, 1, 0], "int32"),
      2,
    );
    return [y.dtype, ...y.dataSync()];
  });
  assertEquals(sums, ["int32", 3, 3]);
});

// An embedding table's row gets the slope of every place it was looked up for.
Deno.test("gather() has the sum over its copies as gradient", () => {
  assertNothingLeft(() =>
    tf.tidy(() => {
      const ids = tf.tensor1d([3, 0, 3], "int32");
      const slope = tf.tensor2d([[1, 10], [2, 20], [4, 40]]);
      const f = (table: tf.Tensor) =>
        tf.sum(tf.mul(tf.gather(table, ids), slope));
      assertEquals(
        tf.grad(f)(x()).arraySync(),
        [[2, 20], [0, 0], [0, 0], [5, 50]],
      );
    })
  );
});

Deno.test("unsortedSegmentSum() refuses a segment that does not exist", () => {
  assertNothingLeft(() =>
    tf.tidy(() => {
      assertThrows(
        () => tf.unsortedSegmentSum(x(), tf.tensor1d([0, 1, 3, 0], "int32"), 3),
        RangeError,
        "Cannot sum segments as 'segmentIds' must be below 3: current value is 3",
      );
    })
  );
});

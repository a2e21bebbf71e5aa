import { assertEquals, assertThrows } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { startWasm } from "../../../src/engine/wasm/backend.ts";
import {
  assertClose,
  assertNothingLeft,
  onBackend,
  randomTensor,
} from "./reference.ts";

await startWasm();

// [1 2] [5 6]   [19 22]
// [3 4] [7 8] = [43 50]; with either or both transposed accordingly.
Deno.test("matMul() of two matrices, each as it is and transposed", () => {
  const product = (transposeA: boolean, transposeB: boolean) =>
    assertNothingLeft(() =>
      tf.tidy(() => {
        const a = tf.tensor2d([[1, 2], [3, 4]]);
        const b = tf.tensor2d([[5, 6], [7, 8]]);
        return [...tf.matMul(a, b, transposeA, transposeB).dataSync()];
      })
    );
  assertEquals(product(false, false), [19, 22, 43, 50]);
  assertEquals(product(true, false), [26, 30, 38, 44]);
  assertEquals(product(false, true), [17, 23, 39, 53]);
  assertEquals(product(true, true), [23, 31, 34, 46]);
});

Deno.test("matMul() multiplies by the same numbers under two shapes", () => {
  assertNothingLeft(() =>
    tf.tidy(() => {
      const b = tf.tensor2d([[1, 2, 3], [4, 5, 6]]);
      const wide = tf.matMul(tf.tensor2d([[1, 1]]), b);
      const tall = tf.matMul(tf.tensor2d([[1, 1, 1]]), tf.reshape(b, [3, 2]));
      assertEquals([...wide.dataSync()], [5, 7, 9]);
      assertEquals([...tall.dataSync()], [9, 12]);
    })
  );
});

for (
  const [a, b, shape] of [
    [[3, 2, 4], [1, 4, 5], [3, 2, 5]],
    [[1, 2, 4], [3, 4, 5], [3, 2, 5]],
    [[2, 1, 2, 4], [1, 3, 4, 5], [2, 3, 2, 5]],
    [[2, 3, 1, 4], [2, 3, 4, 1], [2, 3, 1, 1]],
    [[0, 4], [4, 5], [0, 5]],
  ]
) {
  Deno.test(`matMul() of [${a}] and [${b}] broadcasts the batch`, () => {
    assertNothingLeft(() =>
      tf.tidy(() => {
        const left = randomTensor(a, 1);
        const right = randomTensor(b, 2);
        // The same by a sum over broadcast products.
        const expected = tf.sum(
          tf.mul(tf.expandDims(left, -1), tf.expandDims(right, -3)),
          -2,
        );
        const actual = tf.matMul(left, right);
        assertEquals(actual.shape, shape);
        assertClose(actual.dataSync(), expected.dataSync());
      })
    );
  });
}

Deno.test("matMul() over an empty inner dimension is 0", () => {
  const values = tf.tidy(() => {
    tf.fill([2, 3], 7); // what its memory may hold before
    return [...tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 3])).dataSync()];
  });
  assertEquals(values, [0, 0, 0, 0, 0, 0]);
});

for (
  const [transposeA, transposeB] of [[false, false], [true, false], [
    false,
    true,
  ], [true, true]]
) {
  Deno.test(`matMul() has the cpu backend's gradient (transposed: ${transposeA}, ${transposeB})`, async () => {
    const compute = () =>
      tf.tidy(() => {
        const a = randomTensor(transposeA ? [3, 4, 2] : [3, 2, 4], 1);
        const b = randomTensor(transposeB ? [3, 5, 4] : [3, 4, 5], 2);
        const slope = randomTensor([3, 2, 5], 3);
        const gradients = tf.grads((a, b) =>
          tf.sum(tf.mul(tf.matMul(a, b, transposeA, transposeB), slope))
        )([a, b]);
        return gradients.map((x) => x.dataSync());
      });
    const actual = assertNothingLeft(compute);
    const expected = await onBackend("cpu", compute);
    expected.forEach((values, i) => assertClose(actual[i], values));
  });
}

Deno.test("matMul() refuses whole numbers", () => {
  const x = tf.tensor2d([[1]], [1, 1], "int32");
  assertThrows(
    () => tf.matMul(x, x),
    TypeError,
    "Cannot multiply matrices on wasm as 'a' must be float32: current value is int32",
  );
  x.dispose();
});

Deno.test("matMul() refuses inner sizes that differ", () => {
  const x = tf.zeros([2, 3]);
  assertThrows(
    () => tf.matMul(x, x),
    TypeError,
    "the inner size of 'b' must be 3: current value is 2",
  );
  x.dispose();
});

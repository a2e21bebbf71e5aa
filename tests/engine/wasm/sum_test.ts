import { assertEquals } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { startWasm } from "../../../src/engine/wasm/backend.ts";
import { assertClose, assertNothingLeft, normals } from "./reference.ts";

await startWasm();

Deno.test("sum() does not lose a one beside 2^24, in rows or in columns", () => {
  const count = 2 ** 24 + 4; // where float32 stops counting
  assertNothingLeft(() =>
    tf.tidy(() => {
      const ones = tf.ones([count]);
      assertEquals(tf.sum(ones).dataSync()[0], count);
      assertEquals(tf.mean(ones).dataSync()[0], 1);
      const columns = tf.sum(tf.reshape(ones, [count / 2, 2]), 0);
      assertEquals([...columns.dataSync()], [count / 2, count / 2]);
    })
  );
});

for (
  const axes of [
    [],
    [0],
    [1],
    [2],
    [3],
    [0, 1],
    [1, 2],
    [2, 3],
    [0, 2],
    [
      1,
      3,
    ],
    [3, 0],
    [0, 1, 2, 3],
  ]
) {
  Deno.test(`sum() and mean() over the dimensions [${axes}] add up the right numbers`, () => {
    const shape = [3, 5, 1, 6];
    const values = normals(90, 1);
    // By hand: the place of each number among the kept dimensions.
    const kept = shape.map((size, axis) => axes.includes(axis) ? 1 : size);
    const sums = new Float64Array(kept.reduce((a, b) => a * b));
    values.forEach((value, flat) => {
      let place = 0;
      let rest = flat;
      const position = shape.toReversed().map((size) => {
        const at = rest % size;
        rest = (rest - at) / size;
        return at;
      }).toReversed();
      kept.forEach((size, axis) =>
        place = place * size + (size === 1 ? 0 : position[axis])
      );
      sums[place] += value;
    });
    assertNothingLeft(() =>
      tf.tidy(() => {
        const x = tf.tensor(values, shape);
        const sum = tf.sum(x, axes);
        assertEquals(sum.shape, shape.filter((_, i) => !axes.includes(i)));
        assertEquals(tf.sum(x, axes, true).shape, kept);
        assertClose(sum.dataSync(), sums, 1e-6);
        const count = 90 / sums.length;
        const means = sums.map((sum) => sum / count);
        assertClose(tf.mean(x, axes, true).dataSync(), means, 1e-6);
      })
    );
  });
}

Deno.test("sum() of whole numbers is a whole number", () => {
  const sum = tf.tidy(() => {
    const sum = tf.sum(tf.tensor2d([[1, 2, 3], [4, 5, 6]], [2, 3], "int32"), 0);
    return [sum.dtype, ...sum.dataSync()];
  });
  assertEquals(sum, ["int32", 5, 7, 9]);
});

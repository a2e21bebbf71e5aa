import { assertEquals } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { startWasm } from "../../../src/engine/wasm/backend.ts";
import { assertNothingLeft, onBackend } from "./reference.ts";

await startWasm();

// [1 2] twice down and three times across.
Deno.test("tile() repeats along every dimension", () => {
  assertNothingLeft(() =>
    tf.tidy(() => {
      const x = tf.tensor2d([[1, 2]]);
      assertEquals(tf.tile(x, [2, 3]).arraySync(), [
        [1, 2, 1, 2, 1, 2],
        [1, 2, 1, 2, 1, 2],
      ]);
      assertEquals(tf.tile(x, [1, 1]).arraySync(), [[1, 2]]);
    })
  );
});

for (
  const [shape, reps] of [
    [[5], [3]],
    [[2, 1, 3], [1, 4, 1]],
    [[2, 3, 2], [3, 2, 5]],
    [[2, 60], [7, 3]],
    [[3, 1], [1, 1000]],
    [[0, 2], [3, 2]],
  ]
) {
  for (const dtype of ["float32", "int32", "bool"] as const) {
    Deno.test(`tile() of ${dtype} [${shape}] by [${reps}] is the cpu backend's`, async () => {
      const compute = () =>
        tf.tidy(() => {
          const size = tf.util.sizeFromShape(shape);
          const x = tf.mod(tf.range(0, size, 1, "int32"), 5);
          const y = tf.tile(tf.cast(tf.reshape(x, shape), dtype), reps);
          return [y.dtype, y.shape, ...y.dataSync()];
        });
      const actual = assertNothingLeft(compute);
      assertEquals(actual, await onBackend("cpu", compute));
    });
  }
}

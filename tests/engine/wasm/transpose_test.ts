import { assertEquals } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { startWasm } from "../../../src/engine/wasm/backend.ts";
import { assertNothingLeft, onBackend } from "./reference.ts";

await startWasm();

Deno.test("transpose() puts rows where the columns were", () => {
  assertNothingLeft(() =>
    tf.tidy(() => {
      const x = tf.tensor2d([[1, 2, 3], [4, 5, 6]]);
      assertEquals([...tf.transpose(x).dataSync()], [1, 4, 2, 5, 3, 6]);
    })
  );
});

for (
  const [shape, perm] of [
    [[20, 35], [1, 0]],
    [[1, 5], [1, 0]],
    [[2, 3, 4, 5], [0, 2, 1, 3]],
    [[2, 3, 4, 5], [3, 1, 0, 2]],
    [[2, 3, 4, 5], [0, 3, 2, 1]],
    [[3, 1, 4, 1, 5], [4, 1, 0, 3, 2]],
    [[2, 3, 4, 2, 3], [0, 3, 1, 4, 2]],
    [[2, 3, 2, 2, 3, 50], [0, 1, 3, 2, 4, 5]],
    [[2, 2, 3, 2, 2, 2], [5, 4, 3, 2, 1, 0]],
    [[0, 3], [1, 0]],
  ]
) {
  for (const dtype of ["float32", "int32", "bool"] as const) {
    Deno.test(`transpose() of ${dtype} [${shape}] by [${perm}] is the cpu backend's`, async () => {
      const compute = () =>
        tf.tidy(() => {
          const size = tf.util.sizeFromShape(shape);
          const x = tf.cast(tf.reshape(tf.range(0, size), shape), "int32");
          const y = tf.transpose(tf.cast(tf.mod(x, 7), dtype), perm);
          return [y.dtype, y.shape, ...y.dataSync()];
        });
      const actual = assertNothingLeft(compute);
      assertEquals(actual, await onBackend("cpu", compute));
    });
  }
}

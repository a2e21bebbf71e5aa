import { assertEquals } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { startWasm } from "../../../src/engine/wasm/backend.ts";
import { assertNothingLeft, onBackend } from "./reference.ts";

await startWasm();

Deno.test("stridedSlice() takes every second number, and backwards", () => {
  assertNothingLeft(() =>
    tf.tidy(() => {
      const x = tf.tensor1d([0, 1, 2, 3, 4, 5]);
      const slice = (begin: number, end: number, stride: number) => [
        ...tf.stridedSlice(x, [begin], [end], [stride]).dataSync(),
      ];
      assertEquals(slice(1, 6, 2), [1, 3, 5]);
      assertEquals(slice(4, 0, -1), [4, 3, 2, 1]);
      assertEquals(slice(2, 2, 1), []);
    })
  );
});

for (const dtype of ["float32", "int32", "bool"] as const) {
  for (
    const [begin, end, strides, masks] of [
      [[0, 0, 0], [2, 3, 4], [1, 2, 3], [0, 0, 0, 0, 0]],
      [[1, 0, 3], [0, 3, -5], [-1, 1, -2], [0, 1, 0, 0, 0]],
      [[1, 1], [2, 3], [1, 1], [1, 0, 0, 0, 0]],
      [[0, 1], [0, 2], [1, 1], [0, 0, 1, 0, 2]], // [..., 1]
      [[0, 1], [0, 2], [1, 1], [0, 0, 0, 1, 0]], // [newAxis, 1:2]
    ]
  ) {
    const name = `[${begin}] to [${end}] by [${strides}], masks ${masks}`;
    Deno.test(`stridedSlice() of ${dtype} is the cpu backend's: ${name}`, async () => {
      const compute = () =>
        tf.tidy(() => {
          const x = tf.mod(tf.range(0, 24, 1, "int32"), 5);
          const y = tf.stridedSlice(
            tf.cast(tf.reshape(x, [2, 3, 4]), dtype),
            begin,
            end,
            strides,
            ...masks,
          );
          return [y.dtype, y.shape, ...y.dataSync()];
        });
      const actual = assertNothingLeft(compute);
      assertEquals(actual, await onBackend("cpu", compute));
    });
  }
}

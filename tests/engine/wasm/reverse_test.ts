import { assertEquals } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { startWasm } from "../../../src/engine/wasm/backend.ts";
import { assertNothingLeft } from "./reference.ts";

await startWasm();

Deno.test("reverse() turns the dimensions named, and only those", () => {
  assertNothingLeft(() =>
    tf.tidy(() => {
      const x = tf.tensor3d([[[1, 2], [3, 4]], [[5, 6], [7, 8]]]);
      const turned = (axes: number[]) => [...tf.reverse(x, axes).dataSync()];
      assertEquals(turned([]), [1, 2, 3, 4, 5, 6, 7, 8]);
      assertEquals(turned([0]), [5, 6, 7, 8, 1, 2, 3, 4]);
      assertEquals(turned([1]), [3, 4, 1, 2, 7, 8, 5, 6]);
      assertEquals(turned([-1]), [2, 1, 4, 3, 6, 5, 8, 7]);
      assertEquals(turned([0, 2]), [6, 5, 8, 7, 2, 1, 4, 3]);
      assertEquals(turned([0, 1, 2]), [8, 7, 6, 5, 4, 3, 2, 1]);
    })
  );
});

Deno.test("reverse() of whole numbers and conditions keeps their type", () => {
  const types = tf.tidy(() =>
    (["int32", "bool"] as const).map((dtype) => {
      const y = tf.reverse(tf.tensor1d([1, 0, 0], dtype), 0);
      return [y.dtype, ...y.dataSync()];
    })
  );
  assertEquals(types, [["int32", 0, 0, 1], ["bool", 0, 0, 1]]);
});

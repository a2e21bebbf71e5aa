import { assertEquals } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { startWasm } from "../../../src/engine/wasm/backend.ts";
import { assertNothingLeft } from "./reference.ts";

await startWasm();

const cast = (values: number[], from: tf.NumericDataType, to: tf.DataType) =>
  assertNothingLeft(() =>
    tf.tidy(() => [...tf.cast(tf.tensor1d(values, from), to).dataSync()])
  );

Deno.test("cast() to bool is true for every number but 0", () => {
  assertEquals(cast([0, 0.5, -0.5, 256, -0], "float32", "bool"), [
    0,
    1,
    1,
    1,
    0,
  ]);
  assertEquals(cast([0, 256, -1], "int32", "bool"), [0, 1, 1]);
});

Deno.test("cast() to whole numbers cuts off what follows the point", () => {
  assertEquals(cast([1.9, -1.9, 0.5, 7], "float32", "int32"), [1, -1, 0, 7]);
});

Deno.test("cast() to float32 and to the same type keeps the numbers", () => {
  assertEquals(cast([1, 0, 1], "bool", "float32"), [1, 0, 1]);
  assertEquals(cast([-3, 4], "int32", "float32"), [-3, 4]);
  assertEquals(cast([1.5, 2.5], "float32", "float32"), [1.5, 2.5]);
});

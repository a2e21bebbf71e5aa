import { assertThrows } from "@std/assert";
import { tf } from "../../src/engine/mod.ts";
import { assertClose, type Numbers } from "./assert_close.ts";

// tolerance * max(1, |expected|): 0.01 around 0.5, 1 around 100.
const close: [Numbers, Numbers][] = [
  [0.509, 0.5],
  [[100.9], [100]],
  [new Float32Array([0.5, 1]), [0.5, 1]],
  [[Infinity, -Infinity], [Infinity, -Infinity]],
  [[[1, 2], [3, 4]], [1, 2, 3, 4]],
  [[], []],
];
const apart: [Numbers, Numbers][] = [
  [0.511, 0.5],
  [[101.1], [100]],
  [[0.5, NaN], [0.5, 0.5]],
  [[0.5], [NaN]],
  [[Infinity], [-Infinity]],
  [[1, 2, 3], [1, 2]],
  [[1], [1, 1]],
  [[[1, 2], [3, 4]], [[1, 2, 3, 4]]],
  [[], [1]],
];

Deno.test("assertClose() accepts what lies within the tolerance", () => {
  for (const [actual, expected] of close) assertClose(actual, expected, 0.01);
});

Deno.test("assertClose() refuses what lies outside, NaN and other shapes", () => {
  for (const [actual, expected] of apart) {
    assertThrows(() => assertClose(actual, expected, 0.01), Error, "Expected");
  }
});

Deno.test("assertClose() compares the shapes of tensors without broadcasting", () => {
  const [row, column] = [tf.tensor([[1, 1]]), tf.tensor([[1], [1]])];
  assertClose(row, [[1, 1]]);
  assertClose(row, [1, 1]);
  assertThrows(() => assertClose(row, column), Error, "Expected shape [2,1]");
  tf.dispose([row, column]);
});

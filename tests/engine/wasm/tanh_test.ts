import { assert, assertEquals } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { startWasm } from "../../../src/engine/wasm/backend.ts";
import { assertNothingLeft } from "./reference.ts";

await startWasm();

Deno.test("tanh() is right to a float32 step, near 0 and far from it", () => {
  const values = Float32Array.from({ length: 20_001 }, (_, i) => {
    const exponent = (Math.abs(i - 10_000) - 8_000) / 1_600; // 1e-5 to 18
    return Math.sign(i - 10_000) * 10 ** exponent;
  });
  const actual = assertNothingLeft(() =>
    tf.tidy(() => tf.tanh(tf.tensor1d(values)).dataSync())
  );
  values.forEach((x, i) => {
    const difference = Math.abs(actual[i] - Math.tanh(x));
    const step = 2 ** -23 * Math.abs(Math.tanh(x));
    assert(difference <= step, `tanh(${x}) is ${actual[i]}`);
  });
});

Deno.test("tanh() of what is no number", () => {
  const values = tf.tidy(() => [
    ...tf.tanh(tf.tensor1d([NaN, Infinity, -Infinity, 0])).dataSync(),
  ]);
  assertEquals(values, [NaN, 1, -1, 0]);
});

import { assert, assertEquals } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { startWasm } from "../../../src/engine/wasm/backend.ts";
import { assertNothingLeft } from "./reference.ts";

await startWasm();

/** The Taylor series in float64: good to 1e-9 for |x| < 4, where its terms stay below 1e6. */
function erfBySeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 120; n++) {
    term *= -x * x / n;
    sum += term / (2 * n + 1);
  }
  return 2 / Math.sqrt(Math.PI) * sum;
}

Deno.test("erf() is right to a float32 step, near 0 and far from it", () => {
  const values = Float32Array.from({ length: 8_001 }, (_, i) => {
    const exponent = (Math.abs(i - 4_000) - 3_500) / 850; // 1e-4 to 3.9
    return Math.sign(i - 4_000) * 10 ** exponent;
  });
  const actual = assertNothingLeft(() =>
    tf.tidy(() => tf.erf(tf.tensor1d(values)).dataSync())
  );
  values.forEach((x, i) => {
    const expected = erfBySeries(x);
    const difference = Math.abs(actual[i] - expected);
    const step = 2 ** -23 * Math.abs(expected) + 1e-9;
    assert(difference <= step, `erf(${x}) is ${actual[i]}, not ${expected}`);
  });
});

Deno.test("erf() of what is no number, and far out", () => {
  const values = tf.tidy(() => [
    ...tf.erf(tf.tensor1d([NaN, Infinity, -Infinity, 0, 5, -20])).dataSync(),
  ]);
  assertEquals(values, [NaN, 1, -1, 0, 1, -1]);
});

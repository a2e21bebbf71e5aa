/**
 * What the tests of the wasm kernels share: numbers to compute with, and comparisons with tfjs's `cpu` backend and with
 * the transpose of a linear function.
 */
import { assert, assertEquals } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";

// Keeps the cpu backend from advertising another one.
tf.env().set("PROD", true);

/** Standard normal numbers, always the same for a seed. */
export function normals(length: number, seed: number): Float32Array {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return Float32Array.from(
    { length },
    () =>
      Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
}

/** A tensor of standard normal numbers. */
export function randomTensor<R extends tf.Rank = tf.Rank>(
  shape: tf.ShapeMap[R],
  seed: number,
): tf.Tensor<R> {
  return tf.tensor(normals(tf.util.sizeFromShape(shape), seed), shape);
}

/** Asserts that numbers agree within `tolerance * (1 + |expected|)`. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance = 2e-6,
  what = "values",
): void {
  assertEquals(actual.length, expected.length, `number of ${what}`);
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i] - expected[i]);
    assert(
      difference <= tolerance * (1 + Math.abs(expected[i])) ||
        Object.is(actual[i], expected[i]),
      `${what}[${i}] is ${actual[i]}, not ${expected[i]}`,
    );
  }
}

/** Runs a function with another backend. */
export async function onBackend<Result>(
  name: string,
  run: () => Result,
): Promise<Result> {
  const before = tf.getBackend();
  await tf.setBackend(name);
  try {
    return run();
  } finally {
    await tf.setBackend(before);
  }
}

/**
 * Asserts that the gradient of a linear function is its transpose: <f(x), y> = <x, f'(y)> for any x and y, which holds
 * whatever a reference implementation gets wrong.
 */
export function assertTransposed(
  f: (x: tf.Tensor) => tf.Tensor,
  shape: number[],
  what: string,
): void {
  tf.tidy(() => {
    const x = randomTensor(shape, 1);
    const fx = f(x);
    const y = randomTensor(fx.shape, 2);
    const transposed = tf.grad((x) => tf.sum(tf.mul(f(x), y)))(x);
    const [left] = tf.sum(tf.mul(fx, y)).dataSync();
    const [right] = tf.sum(tf.mul(x, transposed)).dataSync();
    assertClose([right], [left], 1e-5 * Math.sqrt(y.size), what);
  });
}

/** Asserts that a computation leaves no tensor behind, nor values on the backend's heap that no tensor owns. */
export function assertNothingLeft<Result>(compute: () => Result): Result {
  const before = [tf.memory().numTensors, tf.backend().numDataIds()];
  const result = compute();
  assertEquals([tf.memory().numTensors, tf.backend().numDataIds()], before);
  return result;
}

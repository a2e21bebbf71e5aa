import { assertEquals } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { startWasm } from "../../../src/engine/wasm/backend.ts";
import {
  assertClose,
  assertNothingLeft,
  assertTransposed,
  onBackend,
  randomTensor,
} from "./reference.ts";

await startWasm();

const gradientOf = (
  f: (x: tf.Tensor4D) => tf.Tensor,
  x: tf.Tensor4D,
) => [...tf.grad((x) => f(x as tf.Tensor4D))(x).dataSync()];

// Windows of 2 x 2 at stride 1 over [1 3 2], with slope 1 each: the 3 is the largest of both windows above, and
//                                   [4 3 5]
// of the two windows 4 and 5 are the largest. So 4 and 5 get 1 each, and nothing is lost where windows overlap below.
Deno.test("maxPool() passes the slope of every window to its largest number", () => {
  assertNothingLeft(() =>
    tf.tidy(() => {
      const x = tf.tensor4d([1, 3, 2, 4, 3, 5], [1, 2, 3, 1]);
      const pool = (x: tf.Tensor4D) => tf.maxPool(x, 2, 1, "valid");
      assertEquals(gradientOf(pool, x), [0, 0, 0, 1, 0, 1]);
      const peak = tf.tensor4d([1, 2, 1, 2, 9, 2, 1, 2, 1], [1, 3, 3, 1]);
      assertEquals(gradientOf(pool, peak), [0, 0, 0, 0, 4, 0, 0, 0, 0]);
    })
  );
});

Deno.test("maxPool() passes the slope to the first of equals", () => {
  const gradient = tf.tidy(() =>
    gradientOf(
      (x) => tf.maxPool(x, 2, 1, "valid"),
      tf.zeros<tf.Rank.R4>([1, 3, 3, 1]),
    )
  );
  assertEquals(gradient, [1, 1, 0, 1, 1, 0, 0, 0, 0]);
});

// [1 2 3], windows of 3 around every number: means over 2, 3 and 2 numbers.
Deno.test("avgPool() shares the slope among the numbers inside the image", () => {
  assertNothingLeft(() =>
    tf.tidy(() => {
      const x = tf.tensor4d([1, 2, 3], [1, 1, 3, 1]);
      const pool = (x: tf.Tensor4D) => tf.avgPool(x, [1, 3], 1, "same");
      assertEquals([...pool(x).dataSync()], [1.5, 2, 2.5]);
      const expected = [1 / 2 + 1 / 3, 1 / 2 + 1 / 3 + 1 / 2, 1 / 3 + 1 / 2];
      assertClose(gradientOf(pool, x), expected);
    })
  );
});

for (
  const [shape, size, stride, pad] of [
    [[2, 4, 6, 3], 2, 2, "valid"],
    [[2, 5, 6, 3], 3, 2, "same"],
    [[2, 6, 7, 3], 3, 2, 1],
    [[1, 7, 7, 1], 3, 1, 1],
    [[1, 8, 5, 2], 2, 3, 0],
  ] as const
) {
  const name =
    `images [${shape}], windows of ${size}, stride ${stride}, padding ${pad}`;

  Deno.test(`maxPool() has the cpu backend's gradient: ${name}`, async () => {
    const compute = () =>
      tf.tidy(() => {
        const x = randomTensor<tf.Rank.R4>([...shape], 1);
        const pool = (x: tf.Tensor4D) => tf.maxPool(x, size, stride, pad);
        const slope = randomTensor(pool(x).shape, 2);
        return gradientOf((x) => tf.sum(tf.mul(pool(x), slope)), x);
      });
    const actual = assertNothingLeft(compute);
    assertClose(actual, await onBackend("cpu", compute));
  });

  Deno.test(`avgPool() has its transpose as gradient: ${name}`, () => {
    assertNothingLeft(() =>
      assertTransposed(
        (x) => tf.avgPool(x as tf.Tensor4D, size, stride, pad),
        [...shape],
        name,
      )
    );
  });
}

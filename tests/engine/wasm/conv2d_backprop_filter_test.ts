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

// A filter tap sees every pixel it is laid on: with dY = 1 each tap's gradient is the sum of those, here
// [1 2 3]                          [1+2+4+5 2+3+5+6]
// [4 5 6] and a 2 x 2 filter:      [4+5+7+8 5+6+8+9]
// [7 8 9]
Deno.test("The filter's gradient is the sum of what each tap saw", () => {
  const gradient = assertNothingLeft(() =>
    tf.tidy(() => {
      const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
      const filter = tf.zeros<tf.Rank.R4>([2, 2, 1, 1]);
      const f = (k: tf.Tensor) => tf.conv2d(x, k as tf.Tensor4D, 1, "valid");
      return [...tf.grad(f)(filter).dataSync()];
    })
  );
  assertEquals(gradient, [12, 16, 24, 28]);
});

const cases: [
  image: number[],
  filter: number[],
  stride: number | [number, number],
  pad: number | "same" | "valid",
][] = [
  [[2, 5, 6, 3], [3, 3, 3, 4], 1, "same"],
  [[2, 5, 6, 3], [3, 2, 3, 4], 1, "valid"],
  [[2, 7, 6, 3], [3, 3, 3, 4], 2, "same"],
  [[2, 8, 8, 3], [4, 4, 3, 4], 2, 1],
  [[2, 7, 7, 3], [1, 1, 3, 4], 2, "valid"],
  [[2, 7, 7, 3], [1, 1, 3, 4], 1, 0],
  [[2, 7, 9, 1], [3, 5, 1, 2], [3, 2], "valid"],
  [[1, 6, 6, 2], [2, 2, 2, 1], 3, 0],
  [[2, 5, 5, 2], [7, 7, 2, 3], 2, 3],
  [[2, 5, 5, 2], [2, 2, 2, 3], 1, 2],
  // More than one product's worth of positions, not evenly divided.
  [[5, 33, 33, 2], [3, 3, 2, 3], 1, 1],
  [[1, 65, 65, 1], [3, 3, 1, 1], 1, 1],
];

for (const [image, filter, stride, pad] of cases) {
  const name =
    `images [${image}], filter [${filter}], stride ${stride}, padding ${pad}`;

  Deno.test(`The filter's gradient is the transpose of the convolution: ${name}`, () => {
    const x = randomTensor<tf.Rank.R4>(
      image as [number, number, number, number],
      4,
    );
    assertNothingLeft(() =>
      assertTransposed(
        (k) => tf.conv2d(x, k as tf.Tensor4D, stride, pad),
        filter,
        name,
      )
    );
    x.dispose();
  });

  Deno.test(`Both gradients are the cpu backend's: ${name}`, async () => {
    const compute = () =>
      tf.tidy(() => {
        const f = (x: tf.Tensor, k: tf.Tensor) =>
          tf.conv2d(x as tf.Tensor4D, k as tf.Tensor4D, stride, pad);
        const inputs = [randomTensor(image, 1), randomTensor(filter, 2)];
        const slope = randomTensor(f(inputs[0], inputs[1]).shape, 3);
        return tf.grads((x, k) => tf.sum(tf.mul(f(x, k), slope)))(inputs)
          .map((gradient) => gradient.dataSync());
      });
    const actual = assertNothingLeft(compute);
    const expected = await onBackend("cpu", compute);
    assertClose(actual[0], expected[0], 1e-5, "gradient for the images");
    assertClose(actual[1], expected[1], 1e-4, "gradient for the filter");
  });
}

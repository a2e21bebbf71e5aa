import { assertEquals } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { startWasm } from "../../../src/engine/wasm/backend.ts";
import {
  assertNothingLeft,
  assertTransposed,
  randomTensor,
} from "./reference.ts";

await startWasm();

// One pixel of value v turns into v times the filter, laid down at twice its place.
Deno.test("conv2dTranspose() lays the filter down at every pixel", () => {
  const values = assertNothingLeft(() =>
    tf.tidy(() => {
      const x = tf.tensor4d([1, 10], [1, 1, 2, 1]);
      const filter = tf.tensor4d([1, 2, 3, 4], [2, 2, 1, 1]);
      return [
        ...tf.conv2dTranspose(x, filter, [1, 2, 4, 1], 2, "valid").dataSync(),
      ];
    })
  );
  assertEquals(values, [1, 2, 10, 20, 3, 4, 30, 40]);
});

for (
  const [image, filter, stride, pad] of [
    [[2, 5, 6, 3], [3, 3, 3, 4], 1, "same"],
    [[2, 5, 6, 3], [4, 2, 3, 4], 1, 0],
    [[2, 5, 5, 2], [2, 2, 2, 3], 1, 2], // padded by more than the filter reaches
    [[2, 7, 6, 3], [3, 3, 3, 4], 2, "same"],
    [[2, 8, 8, 3], [2, 2, 3, 4], 3, 1], // some pixels are never seen
    [[3, 64, 64, 1], [9, 9, 1, 2], 2, 4], // more than one product
  ] as const
) {
  const name =
    `images [${image}], filter [${filter}], stride ${stride}, padding ${pad}`;
  Deno.test(`The images' gradient is the transpose of the convolution: ${name}`, () => {
    const k = randomTensor<tf.Rank.R4>([...filter], 4);
    assertNothingLeft(() =>
      assertTransposed(
        (x) => tf.conv2d(x as tf.Tensor4D, k, stride, pad),
        [...image],
        name,
      )
    );
    k.dispose();
  });
}

import { assertEquals } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { startWasm } from "../../../src/engine/wasm/backend.ts";
import {
  assertNothingLeft,
  assertTransposed,
  onBackend,
  randomTensor,
} from "./reference.ts";

await startWasm();

Deno.test("resizeNearestNeighbor() repeats pixels, and its gradient adds up over the copies", () => {
  assertNothingLeft(() =>
    tf.tidy(() => {
      const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
      const double = (x: tf.Tensor) =>
        tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [4, 4]);
      assertEquals(
        [...double(x).dataSync()],
        [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4],
      );
      assertEquals([...tf.grad(double)(x).dataSync()], [4, 4, 4, 4]);
    })
  );
});

const sizes = [
  [[2, 3, 4, 2], [6, 8]],
  [[2, 6, 4, 2], [3, 2]],
  [[1, 5, 5, 3], [7, 3]],
  [[2, 4, 4, 1], [1, 9]],
  [[1, 3, 3, 50], [6, 6]],
] as const;

for (const [shape, size] of sizes) {
  for (
    const [alignCorners, halfPixelCenters] of [
      [false, false],
      [true, false],
      [false, true],
    ]
  ) {
    const name =
      `[${shape}] to [${size}], alignCorners ${alignCorners}, halfPixelCenters ${halfPixelCenters}`;
    const resize = (x: tf.Tensor) =>
      tf.image.resizeNearestNeighbor(
        x as tf.Tensor4D,
        [...size],
        alignCorners,
        halfPixelCenters,
      );

    Deno.test(`resizeNearestNeighbor() takes the pixels the cpu backend takes: ${name}`, async () => {
      const compute = () =>
        tf.tidy(() => [...resize(randomTensor([...shape], 1)).dataSync()]);
      const actual = assertNothingLeft(compute);
      assertEquals(actual, await onBackend("cpu", compute));
    });

    Deno.test(`resizeNearestNeighbor() has its transpose as gradient: ${name}`, () => {
      assertNothingLeft(() => assertTransposed(resize, [...shape], name));
    });
  }
}

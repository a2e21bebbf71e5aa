import { tf } from "../../../src/engine/tf.ts";
import { startWasm } from "../../../src/engine/wasm/backend.ts";
import {
  assertClose,
  assertNothingLeft,
  assertTransposed,
} from "./reference.ts";

await startWasm();

// From 2 to 4 pixels with centres at -1/4, 1/4, 3/4, 5/4 of the original's: parts of the left one 1, 3/4, 1/4, 0.
Deno.test("resizeBilinear() gives the slope back in the parts the pixels were mixed in", () => {
  assertNothingLeft(() =>
    tf.tidy(() => {
      const x = tf.tensor4d([1, 5], [1, 1, 2, 1]);
      const slope = tf.tensor4d([1, 10, 100, 1000], [1, 1, 4, 1]);
      const widen = (x: tf.Tensor) =>
        tf.image.resizeBilinear(x as tf.Tensor4D, [1, 4], false, true);
      assertClose(widen(x).dataSync(), [1, 2, 4, 5]);
      assertClose(
        tf.grad((x) => tf.sum(tf.mul(widen(x), slope)))(x).dataSync(),
        [1 + 7.5 + 25, 2.5 + 75 + 1000],
      );
    })
  );
});

for (
  const [shape, size] of [
    [[2, 3, 4, 2], [6, 8]],
    [[2, 6, 4, 2], [3, 2]],
    [[1, 5, 5, 3], [7, 3]],
    [[2, 4, 4, 1], [1, 9]],
  ] as const
) {
  for (
    const [alignCorners, halfPixelCenters] of [
      [false, false],
      [true, false],
      [false, true],
    ]
  ) {
    const name =
      `[${shape}] to [${size}], alignCorners ${alignCorners}, halfPixelCenters ${halfPixelCenters}`;
    Deno.test(`resizeBilinear() has its transpose as gradient: ${name}`, () => {
      assertNothingLeft(() =>
        assertTransposed(
          (x) =>
            tf.image.resizeBilinear(
              x as tf.Tensor4D,
              [...size],
              alignCorners,
              halfPixelCenters,
            ),
          [...shape],
          name,
        )
      );
    });
  }
}

import { assertEquals, assertThrows } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { startWasm } from "../../../src/engine/wasm/backend.ts";
import { assertNothingLeft } from "./reference.ts";

await startWasm();

// tfjs alone computes 7 - 5 + 1 = 3 columns, and the compiled kernel writes 6 into them.
Deno.test("A filter that is not square keeps to its output where the padding is a number", () => {
  assertNothingLeft(() =>
    tf.tidy(() => {
      const x = tf.ones<tf.Rank.R4>([1, 7, 7, 1]);
      const filter = tf.ones<tf.Rank.R4>([5, 2, 1, 1]);
      const y = tf.conv2d(x, filter, 1, 0);
      assertEquals(y.shape, [1, 3, 6, 1]);
      const fused = tf.fused.conv2d({ x, filter, strides: 1, pad: 0 });
      assertEquals(fused.shape, [1, 3, 6, 1]);
      assertEquals([...y.dataSync()], Array(18).fill(10));
      const f = (x: tf.Tensor, k: tf.Tensor) =>
        tf.conv2d(x as tf.Tensor4D, k as tf.Tensor4D, 1, 0);
      const [, gradient] = tf.grads(f)([x, filter]);
      assertEquals([...gradient.dataSync()], Array(10).fill(18));
    })
  );
});

Deno.test("Convolutions and their gradients refuse channels-first images", () => {
  const x = tf.zeros([1, 1, 3, 3]);
  const attributes = {
    strides: 1,
    pad: "valid",
    dataFormat: "NCHW",
    filterShape: [2, 2, 1, 1],
    inputShape: [1, 1, 3, 3],
  };
  for (
    const [kernel, inputs] of [
      ["Conv2D", { x, filter: x }],
      ["Conv2DBackpropFilter", { x, dy: x }],
      ["Conv2DBackpropInput", { dy: x, filter: x }],
    ] as const
  ) {
    assertThrows(
      () => tf.engine().runKernel(kernel, inputs, attributes),
      RangeError,
      "'dataFormat' must be NHWC: current value is NCHW",
    );
  }
  x.dispose();
});

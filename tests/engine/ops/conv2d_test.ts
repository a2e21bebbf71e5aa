import { assertEquals, assertThrows } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { conv2d } from "../../../src/engine/ops/mod.ts";
import { assertClose } from "../../support/assert_close.ts";
import { testOnBackends } from "../../support/backends.ts";
import { testGolden } from "./golden.ts";

testGolden(
  "conv2d",
  ({ x, kernel, bias }, { options }) => conv2d(x, kernel, { ...options, bias }),
);

testOnBackends("conv2d() of a hand-computed image", () => {
  tf.tidy(() => {
    // 1 2    kernel 1  0     with one zero around and stride 2: the four windows
    // 3 4           0 -1     hold one corner each, at the kernel's other corner.
    const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
    const kernel = tf.tensor4d([1, 0, 0, -1], [2, 2, 1, 1]);
    const y = conv2d(x, kernel, {
      stride: 2,
      padding: 1,
      bias: tf.tensor1d([10]),
    });
    assertClose(y, [[[[10 - 1], [10]], [[10], [10 + 4]]]]);
  });
});

testOnBackends("conv2d() with a centred unit kernel is the identity", () => {
  tf.tidy(() => {
    const x = tf.randomNormal<tf.Rank.R4>([2, 5, 4, 3], 0, 1, "float32", 1);
    const middle = tf.pad(tf.eye(3).reshape([1, 1, 3, 3]), [
      [1, 1],
      [1, 1],
      [0, 0],
      [0, 0],
    ]) as tf.Tensor4D;
    assertClose(conv2d(x, middle, { padding: 1 }), x);
  });
});

testOnBackends("conv2d() drops what no whole window covers", () => {
  tf.tidy(() => {
    const x = tf.zeros<tf.Rank.R4>([1, 8, 7, 1]);
    const kernel = tf.zeros<tf.Rank.R4>([3, 3, 1, 1]);
    // ⌊(8 - 3) / 2⌋ + 1 = 3, ⌊(7 - 3) / 2⌋ + 1 = 3
    assertEquals(conv2d(x, kernel, { stride: 2 }).shape, [1, 3, 3, 1]);
  });
});

testOnBackends("conv2d() refuses wrong strides, paddings and kernels", () => {
  tf.tidy(() => {
    const x = tf.zeros<tf.Rank.R4>([1, 4, 4, 2]);
    const kernel = tf.zeros<tf.Rank.R4>([3, 3, 2, 5]);
    assertThrows(
      () => conv2d(x, kernel, { stride: 0 }),
      RangeError,
      "Cannot convolve as 'stride' must be a whole number above 0: current value is 0",
    );
    assertThrows(
      () => conv2d(x, kernel, { padding: 0.5 }),
      RangeError,
      "Cannot convolve as 'padding' must be a whole number, 0 or more: current value is 0.5",
    );
    assertThrows(
      () => conv2d(x, tf.zeros([3, 3, 3, 5])),
      TypeError,
      "Cannot convolve as 'kernel' must be of shape [any, any, 2, any]: current value is shape [3, 3, 3, 5]",
    );
    assertThrows(
      () => conv2d(x, tf.zeros([7, 1, 2, 5]), { padding: 1 }),
      TypeError,
      "Cannot convolve as 'kernel' must be no larger than the padded images, [6, 6]: current value is shape [7, 1, 2, 5]",
    );
    assertThrows(
      () => conv2d(x, kernel, { bias: tf.zeros([2]) }),
      TypeError,
      "Cannot convolve as 'bias' must be of shape [5]: current value is shape [2]",
    );
  });
});

// TensorFlow's own gradient writes past its memory here: oneDNN, one pixel, stride 2, even sizes, fewer than 16 channels.
testOnBackends(
  "conv2d() of one pixel and stride 2 sums every second pixel for its kernel",
  () => {
    tf.tidy(() => {
      const x = tf.randomNormal<tf.Rank.R4>([3, 32, 32, 4], 0, 1, "float32", 1);
      const slope = tf.randomNormal([3, 16, 16, 2], 0, 1, "float32", 2);
      const score = (kernel: tf.Tensor) =>
        tf.sum(tf.mul(conv2d(x, kernel as tf.Tensor4D, { stride: 2 }), slope));
      const gradient = tf.grad(score)(tf.ones([1, 1, 4, 2]));
      const pixels = tf.stridedSlice(x, [0, 0, 0, 0], x.shape, [1, 2, 2, 1]);
      const expected = tf.matMul(
        tf.reshape(pixels, [-1, 4]),
        tf.reshape(slope, [-1, 2]),
        true,
      );
      assertClose(tf.reshape(gradient, [4, 2]), expected, 1e-4);
    });
  },
);

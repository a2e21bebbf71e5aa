import { assertThrows } from "@std/assert";
import { jit, relu, tf } from "../../../src/engine/mod.ts";
import { assertClose } from "../../support/assert_close.ts";
import { testOnBackends } from "../../support/backends.ts";

testOnBackends("relu() is 0 below 0, and so is its gradient", () => {
  tf.tidy(() => {
    const { value, grad } = tf.valueAndGrad(relu)(
      tf.tensor([[-2, -0.5], [0, 3]]),
      tf.tensor([[5, 6], [7, 8]]),
    );
    assertClose(value, [[0, 0], [0, 3]]);
    assertClose(grad, [[0, 0], [0, 8]]);
  });
});

testOnBackends("relu() is the same inside a jitted function", () => {
  const both = jit((x: tf.Tensor) => tf.valueAndGrad(relu)(x));
  tf.tidy(() => {
    const { value, grad } = both(tf.tensor([-1, 4]));
    assertClose(value, [0, 4]);
    assertClose(grad, [0, 1]);
  });
  both.dispose();
});

testOnBackends("relu() refuses whole numbers", () => {
  tf.tidy(() => {
    assertThrows(
      () => relu(tf.tensor([1], [1], "int32")),
      TypeError,
      "Cannot rectify as 'x' must be float32: current value is int32",
    );
  });
});

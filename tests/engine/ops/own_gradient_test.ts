import { assert, assertFalse } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import {
  isTakingGradient,
  stopGradient,
  sumTo,
  withGradient,
} from "../../../src/engine/ops/own_gradient.ts";
import { assertClose } from "../../support/assert_close.ts";
import { testOnBackends } from "../../support/backends.ts";

testOnBackends("withGradient() takes the gradient it is given", () => {
  tf.tidy(() => {
    // "Twice x", that claims a slope of 7 times what it saved.
    const odd = (x: tf.Tensor) =>
      withGradient([x], () => ({
        value: tf.mul(x, 2),
        saved: [x],
        gradient: (slope, [x]) => [tf.mul(slope, tf.mul(x, 7))],
      }));
    const { value, grad } = tf.valueAndGrad(odd)(
      tf.tensor1d([1, 2]),
      tf.tensor1d([10, 100]),
    );
    assertClose(value, [2, 4]);
    assertClose(grad, [70, 1400]);
  });
});

testOnBackends("stopGradient() lets values through and gradients not", () => {
  tf.tidy(() => {
    // d/dx x · stop(x²) = x² where it would be 3 x².
    const slope = tf.grad((x) => tf.mul(x, stopGradient(tf.square(x))));
    assertClose(slope(tf.tensor1d([3])), [9]);
  });
});

testOnBackends(
  "isTakingGradient() holds only while a gradient is taken",
  () => {
    tf.tidy(() => {
      assertFalse(isTakingGradient());
      tf.grad((x) => {
        assert(isTakingGradient());
        return tf.square(x);
      })(tf.scalar(1));
      assertFalse(isTakingGradient());
    });
  },
);

testOnBackends("sumTo() sums over the axes that were broadcast", () => {
  tf.tidy(() => {
    const x = tf.tensor3d([[[1, 2], [3, 4]], [[10, 20], [30, 40]]]);
    assertClose(sumTo(x, [2]), [44, 66]);
    assertClose(sumTo(x, [2, 1, 2]), [[[4, 6]], [[40, 60]]]);
    assertClose(sumTo(x, [1, 2, 1]), [[[33], [77]]]);
    assertClose(sumTo(x, []), 110);
    assertClose(sumTo(x, [2, 2, 2]), x);
  });
});

import { assertThrows } from "@std/assert";
import { jit, silu, tf } from "../../../src/engine/mod.ts";
import { assertClose } from "../../support/assert_close.ts";
import { testOnBackends } from "../../support/backends.ts";

// σ(1) = 0.7310586 and σ' (1) = σ (1 - σ) = 0.1966119; y = x σ, dy/dx = σ + x σ'.
const VALUES = [-0.2689414, 0, 0.7310586];
const SLOPES = [0.2689414 - 0.1966119, 0.5, 0.7310586 + 0.1966119];

testOnBackends("silu() is x σ(x), and its gradient σ + x σ'", () => {
  tf.tidy(() => {
    const { value, grad } = tf.valueAndGrad(silu)(
      tf.tensor([-1, 0, 1]),
      tf.tensor([1, 2, 3]),
    );
    assertClose(value, VALUES, 1e-6);
    assertClose(grad, [SLOPES[0], 2 * SLOPES[1], 3 * SLOPES[2]], 1e-6);
  });
});

testOnBackends("silu() is the same inside a jitted function", () => {
  const both = jit((x: tf.Tensor) => tf.valueAndGrad(silu)(x));
  tf.tidy(() => {
    const { value, grad } = both(tf.tensor([-1, 0, 1]));
    assertClose(value, VALUES, 1e-6);
    assertClose(grad, SLOPES, 1e-6);
  });
  both.dispose();
});

testOnBackends("silu() refuses whole numbers", () => {
  tf.tidy(() => {
    assertThrows(
      () => silu(tf.tensor([1], [1], "int32")),
      TypeError,
      "Cannot apply SiLU as 'x' must be float32: current value is int32",
    );
  });
});

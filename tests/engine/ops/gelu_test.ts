import { assertThrows } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { gelu } from "../../../src/engine/ops/mod.ts";
import { assertClose } from "../../support/assert_close.ts";
import { testOnBackends } from "../../support/backends.ts";
import { testGolden } from "./golden.ts";

testGolden("gelu", ({ x }, { options }) => gelu(x, options));

testOnBackends("gelu() weighs by the normal distribution", () => {
  tf.tidy(() => {
    // Φ(1) = 0.8413447 from any table; Φ(-x) = 1 - Φ(x).
    const phi = 0.8413447;
    const y = gelu(tf.tensor([-1, 0, 1, 40, -40]));
    assertClose(y, [phi - 1, 0, phi, 40, 0], 1e-6);
  });
});

testOnBackends("gelu() by tanh stays within 5e-4 of the exact one", () => {
  tf.tidy(() => {
    const x = tf.linspace(-6, 6, 241);
    const off = tf.sub(gelu(x, { approximate: "tanh" }), gelu(x));
    assertClose(tf.max(tf.abs(off)), [4.7e-4], 3e-5);
  });
});

testOnBackends("gelu() is the same with and without a gradient", () => {
  tf.tidy(() => {
    const x = tf.linspace(-5, 5, 101);
    for (const approximate of ["none", "tanh"] as const) {
      const f = (x: tf.Tensor) => gelu(x, { approximate });
      const { value } = tf.valueAndGrad(f)(x, tf.onesLike(x));
      assertClose(value, f(x), 1e-6);
    }
  });
});

testOnBackends("gelu() refuses other approximations and integers", () => {
  tf.tidy(() => {
    assertThrows(
      // @ts-expect-error: not an approximation
      () => gelu(tf.zeros([2]), { approximate: "sigmoid" }),
      RangeError,
      "Cannot apply GELU as 'approximate' must be none or tanh: current value is sigmoid",
    );
    assertThrows(
      () => gelu(tf.zeros([2], "int32")),
      TypeError,
      "Cannot apply GELU as 'x' must be float32: current value is int32",
    );
  });
});

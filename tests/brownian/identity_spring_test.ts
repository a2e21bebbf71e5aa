import { assertThrows } from "@std/assert";
import { identitySpring } from "../../src/brownian/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends("identitySpring() pulls along the circle by k θ / ‖e‖", () => {
  using e = owned(tf.tensor2d([[0, 2], [3, 0]]));
  using reference = owned(tf.tensor1d([5, 0]));
  const spring = identitySpring(e.value, reference.value, {
    stiffness: 3,
    kappa: 1,
  });
  // At a right angle: 3 · π/2 / 2 away from the reference; at none: nothing.
  assertClose(spring.gradient, [[-3 * Math.PI / 4, 0], [0, 0]], 1e-5);
  assertClose(spring.energy, 1.5 * (Math.PI / 2) ** 2, 1e-5);
  const { min, mean, max } = spring.angles;
  assertClose([min, mean, max], [0, Math.PI / 4, Math.PI / 2], 1e-3);
  spring.gradient.dispose();
});

testOnBackends("identitySpring() refuses what has no direction", () => {
  using e = owned(tf.tensor2d([[0, 2], [0, 0]]));
  using reference = owned(tf.tensor1d([5, 0]));
  using wide = owned(tf.tensor1d([5, 0, 1]));
  const options = { stiffness: 1 };
  assertThrows(
    () => identitySpring(e.value, reference.value, options),
    RangeError,
    "'embeddings[1]' must be finite and not zero",
  );
  assertThrows(
    () => identitySpring(e.value, wide.value, options),
    TypeError,
    "'embeddings'",
  );
  assertThrows(
    () => identitySpring(e.value, reference.value, { stiffness: -1 }),
    RangeError,
    "'stiffness'",
  );
});

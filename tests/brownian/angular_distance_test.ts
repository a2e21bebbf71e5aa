import { assert, assertThrows } from "@std/assert";
import {
  angleSlope,
  boundedCosine,
  directions,
  KAPPA,
} from "../../src/brownian/angular_distance.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends(
  "boundedCosine() keeps what is inside and leaves arccos a derivative at the ends",
  () => {
    using cosines = owned(
      tf.tensor1d([-1.0000001, -0.5, 0, 0.5, 1, 1.0000001]),
    );
    using bounded = owned(boundedCosine(cosines.value));
    assertClose(bounded.value, [-1, -0.5, 0, 0.5, 1, 1], 2e-7);
    using slope = owned(tf.grad((c: tf.Tensor) => tf.acos(c))(bounded.value));
    assert(Array.from(slope.value.dataSync()).every(Number.isFinite));
  },
);

testOnBackends("angleSlope() is -dθ/du of θ = arccos(κu)", () => {
  // Differences of arccos(κ (u ± h)) in float64.
  const h = 1e-5;
  for (const u of [-0.9, -0.3, 0, 0.6, 0.99]) {
    const expected =
      -(Math.acos(KAPPA * (u + h)) - Math.acos(KAPPA * (u - h))) /
      (2 * h);
    using cosine = owned(tf.scalar(KAPPA * u));
    using slope = owned(angleSlope(cosine.value, KAPPA));
    assertClose(slope.value, expected, 1e-4 * Math.abs(expected));
  }
});

testOnBackends(
  "directions() gives units and lengths, and names the row without any",
  () => {
    using vectors = owned(tf.tensor2d([[3, 4], [0, -2]]));
    const [units, lengths] = directions("look", "embeddings", vectors.value);
    assertClose(units, [[0.6, 0.8], [0, -1]], 1e-6);
    assertClose(lengths, [[5], [2]], 1e-6);
    tf.dispose([units, lengths]);
    for (const bad of [[0, 0], [NaN, 1], [Infinity, 1]]) {
      using rows = owned(tf.tensor2d([[1, 0], bad]));
      assertThrows(
        () => directions("look", "embeddings", rows.value),
        RangeError,
        "Cannot look as 'embeddings[1]' must be finite and not zero",
      );
    }
  },
);

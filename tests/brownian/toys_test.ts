import { assertThrows } from "@std/assert";
import { identityToy, linearToy } from "../../src/brownian/mod.ts";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends(
  "linearToy() pulls back by the transpose, as autograd does (case K)",
  () => {
    using matrix = owned(tf.tensor2d([[1, 2], [3, 4], [5, 6]]));
    const toy = linearToy(matrix.value);
    using w = owned(tf.tensor2d([[1, -1]]));
    using g = owned(tf.tensor2d([[1, 0, 2]]));
    const slope = toy.pullBack(w.value, g.value);
    assertClose(slope, [[11, 14]]); // (1 + 2 · 5, 2 + 2 · 6)
    const byTape = tf.tidy(() =>
      tf.grad((w: tf.Tensor) =>
        tf.sum(tf.mul(toy.embed(w as tf.Tensor2D), g.value))
      )(w.value)
    );
    assertClose(slope, byTape);
    tf.dispose([slope, byTape]);
  },
);

testOnBackends(
  "identityToy() samples standard normal numbers about zero",
  () => {
    const toy = identityToy(3);
    const random = randomStream(1);
    const sample = toy.sample([random.fork(0), random.fork(1)]);
    assertClose(sample, [
      ...random.fork(0).normals(3),
      ...random.fork(1).normals(3),
    ]);
    const mean = toy.mean();
    assertClose(mean, [0, 0, 0]);
    tf.dispose([sample, mean]);
    assertThrows(() => identityToy(0), RangeError, "'dimensions'");
  },
);

import { assert, assertEquals } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { dense } from "../../src/nn/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends("dense() names its weights and maps the last axis", () => {
  const layer = dense("blocks.0.fc", { inputs: 2, outputs: 3 });
  using params = owned(layer.init(randomStream(1)));
  assertEquals(
    Object.entries(params.value).map(([name, w]) => [name, w.shape]),
    [["blocks.0.fc.weight", [2, 3]], ["blocks.0.fc.bias", [3]]],
  );
  tf.tidy(() => {
    const weights = {
      "blocks.0.fc.weight": tf.tensor2d([[1, 0, 2], [0, 1, 3]]),
      "blocks.0.fc.bias": tf.tensor1d([10, 20, 30]),
    };
    const y = layer.apply(weights, tf.tensor([[[1, 2]], [[0, -1]]]));
    assertClose(y, [[[11, 22, 38]], [[10, 19, 27]]]);
  });
});

testOnBackends("dense() begins Xavier-uniform with a bias of zeros", () => {
  using params = owned(
    dense("fc", { inputs: 100, outputs: 50 }).init(randomStream(1)),
  );
  const weights = Array.from<number>(params.value["fc.weight"].dataSync());
  const bound = Math.sqrt(6 / 150); // 0.2
  assert(weights.every((w) => Math.abs(w) <= bound));
  const mean = weights.reduce((a, b) => a + b, 0) / 5000;
  const square = weights.reduce((a, b) => a + b * b, 0) / 5000;
  // A uniform [-b, b] has variance b² / 3; five standard errors of 5000 draws.
  assertClose(mean, 0, 5 * bound / Math.sqrt(3 * 5000));
  assertClose(
    square,
    bound ** 2 / 3,
    5 * bound ** 2 * Math.sqrt(4 / 45 / 5000),
  );
  assert(params.value["fc.bias"].dataSync().every((b) => b === 0));
});

testOnBackends(
  "dense() begins with zeros where asked, and goes without bias",
  () => {
    const layer = dense("out", {
      inputs: 4,
      outputs: 2,
      bias: false,
      initial: "zeros",
    });
    using params = owned(layer.init(randomStream(1)));
    assertEquals(Object.keys(params.value), ["out.weight"]);
    using y = owned(tf.tidy(() => layer.apply(params.value, tf.ones([3, 4]))));
    // -0 would be a zero, too, but prints badly.
    assertEquals(
      [...y.value.dataSync()].map((v) => Object.is(v, 0)),
      Array(6).fill(true),
    );
  },
);

// y = x W + offsets, so ∂(Σ y²)/∂offsets = 2 y: the slope of every row, which sums to that of the bias.
testOnBackends(
  "offsets of zeros change nothing, and their gradient is the slope of each row",
  () => {
    const layer = dense("fc", { inputs: 2, outputs: 1 });
    tf.tidy(() => {
      const weights = {
        "fc.weight": tf.tensor2d([[1], [2]]),
        "fc.bias": tf.tensor1d([0.5]),
      };
      const x = tf.tensor2d([[1, 1], [0, -1]]);
      const loss = (offsets: tf.Tensor) =>
        tf.sum(
          tf.square(layer.apply({ ...weights, "fc.offsets": offsets }, x)),
        ) as tf.Scalar;
      const { value, grad } = tf.valueAndGrad(loss)(tf.zeros([2, 1]));
      assertClose(layer.apply(weights, x), [[3.5], [-1.5]]);
      assertClose(value, 3.5 ** 2 + 1.5 ** 2);
      assertClose(grad, [[7], [-3]]);
    });
  },
);

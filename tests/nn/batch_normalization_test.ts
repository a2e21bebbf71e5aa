import { assertEquals } from "@std/assert";
import { type Params, randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { batchNormalization } from "../../src/nn/mod.ts";
import { valueAndGradients } from "../../src/optim/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const layer = batchNormalization<tf.Tensor2D>("bn", { channels: 1 });

function weights(): Params {
  return {
    "bn.weight": tf.tensor1d([2]),
    "bn.bias": tf.tensor1d([10]),
    "bn.running_mean": tf.tensor1d([1]),
    "bn.running_var": tf.tensor1d([4]),
  };
}

testOnBackends("batchNormalization() begins at the identity", () => {
  using params = owned(layer.init(randomStream(1)));
  assertEquals(
    Object.entries(params.value).map((
      [name, w],
    ) => [name, w.shape, w.dataSync()[0]]),
    [
      ["bn.weight", [1], 1],
      ["bn.bias", [1], 0],
      ["bn.running_mean", [1], 0],
      ["bn.running_var", [1], 1],
    ],
  );
  assertEquals(Object.keys(layer.shapes), Object.keys(params.value));
});

// (x - 1) / 2 · 2 + 10
testOnBackends("batchNormalization() uses the running statistics", () => {
  tf.tidy(() => {
    const pass = { params: weights(), training: false, statistics: {} };
    const y = layer.apply(pass, tf.tensor2d([[3], [5]]));
    assertClose(y, [[12], [14]], 1e-4);
    assertEquals(pass.statistics, {});
  });
});

// Mean 4, variance 1, unbiased 2: (x - 4) · 2 + 10; 0.9 old + 0.1 new.
testOnBackends("batchNormalization() in training renews the statistics", () => {
  tf.tidy(() => {
    const statistics: Params = {};
    const pass = { params: weights(), training: true, statistics };
    const y = layer.apply(pass, tf.tensor2d([[3], [5]]));
    assertClose(y, [[8], [12]], 1e-4);
    assertClose(statistics["bn.running_mean"], [0.9 + 0.4]);
    assertClose(statistics["bn.running_var"], [3.6 + 0.2]);
  });
});

testOnBackends(
  "batchNormalization() gives no gradient to what is frozen",
  () => {
    for (const frozen of ["scale", "offset"] as const) {
      const layer = batchNormalization<tf.Tensor2D>("bn", {
        channels: 1,
        frozen,
      });
      tf.tidy(() => {
        const x = tf.tensor2d([[3], [5]]);
        const { gradients } = valueAndGradients((params) => {
          const pass = { params, training: false, statistics: {} };
          return tf.sum(layer.apply(pass, x));
        }, weights());
        // Σ x̂ = 1 + 2, and one for each row.
        assertClose(gradients["bn.weight"], [frozen === "scale" ? 0 : 3], 1e-4);
        assertClose(gradients["bn.bias"], [frozen === "offset" ? 0 : 2], 1e-4);
      });
    }
  },
);

// Variance 1e-5, as large as epsilon: ±1 over the root of 2.
testOnBackends("batchNormalization() adds 1e-5 unless told otherwise", () => {
  tf.tidy(() => {
    const params = layer.init(randomStream(1));
    const pass = { params, training: true, statistics: {} };
    const root = Math.sqrt(1e-5);
    const y = layer.apply(pass, tf.tensor2d([[-root], [root]]));
    assertClose(y, [[-Math.SQRT1_2], [Math.SQRT1_2]], 1e-4);
  });
});

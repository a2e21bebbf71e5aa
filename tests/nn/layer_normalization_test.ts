import { assertEquals } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { layerNormalization } from "../../src/nn/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends("layerNormalization() begins with scale 1 and offset 0", () => {
  const layer = layerNormalization("blocks.0.norm1", { width: 2 });
  using params = owned(layer.init(randomStream(1)));
  assertEquals(layer.shapes, {
    "blocks.0.norm1.weight": [2],
    "blocks.0.norm1.bias": [2],
  });
  using x = owned(tf.tensor2d([[1, 3], [10, 30]]));
  using y = owned(layer.apply(params.value, x.value));
  assertClose(y.value, [[-1, 1], [-1, 1]], 1e-5);
});

// Variance 1, and an epsilon of 3 makes the root 2: ±1/2, times 4, plus 1.
testOnBackends("layerNormalization() uses its weights and its epsilon", () => {
  const layer = layerNormalization("n", { width: 2, epsilon: 3 });
  tf.tidy(() => {
    const params = { "n.weight": tf.fill([2], 4), "n.bias": tf.ones([2]) };
    assertClose(layer.apply(params, tf.tensor2d([[1, 3]])), [[-1, 3]], 1e-5);
  });
});

// Variance 1e-6, as large as epsilon: ±1 over the root of 2.
testOnBackends("layerNormalization() adds 1e-6 unless told otherwise", () => {
  const layer = layerNormalization("n", { width: 2 });
  tf.tidy(() => {
    const y = layer.apply(
      layer.init(randomStream(1)),
      tf.tensor2d([[-1e-3, 1e-3]]),
    );
    assertClose(y, [[-Math.SQRT1_2, Math.SQRT1_2]], 1e-4);
  });
});

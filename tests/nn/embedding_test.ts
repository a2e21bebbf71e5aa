import { assertEquals } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { embedding } from "../../src/nn/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends(
  "embedding() looks rows up and sends gradients back to them",
  () => {
    const layer = embedding("table", { count: 3, width: 2 });
    tf.tidy(() => {
      const table = tf.tensor2d([[1, 2], [3, 4], [5, 6]]);
      const ids = tf.tensor1d([2, 0, 2], "int32");
      const rows = layer.apply({ "table.weight": table }, ids);
      assertClose(rows, [[5, 6], [1, 2], [5, 6]]);
      const slope = tf.grad((w) =>
        tf.sum(layer.apply({ "table.weight": w }, ids))
      );
      assertClose(slope(table), [[1, 1], [0, 0], [2, 2]]);
    });
  },
);

testOnBackends("embedding() begins normal with a small spread", () => {
  const layer = embedding("t", { count: 100, width: 64 });
  using params = owned(layer.init(randomStream(2)));
  assertEquals(params.value["t.weight"].shape, [100, 64]);
  const values = Array.from<number>(params.value["t.weight"].dataSync());
  const square = values.reduce((a, b) => a + b * b, 0) / values.length;
  assertClose(Math.sqrt(square) / 0.02, 1, 5 / Math.sqrt(2 * 6400));
});

import { assertEquals } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { groupNormalization } from "../../src/nn/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends(
  "groupNormalization() begins as plain normalisation of each group",
  () => {
    const layer = groupNormalization("norm", { channels: 4, groups: 2 });
    using params = owned(layer.init(randomStream(1)));
    assertEquals(
      Object.entries(params.value).map(([name, w]) => [name, w.shape]),
      [["norm.weight", [4]], ["norm.bias", [4]]],
    );
    tf.tidy(() => {
      // Group one holds 1, 3 and the same again; group two 10, 30 and the same again.
      const x = tf.tensor4d([1, 3, 10, 30, 3, 1, 30, 10], [1, 1, 2, 4]);
      const y = layer.apply(params.value, x);
      assertClose(y.reshape([8]), [-1, 1, -1, 1, 1, -1, 1, -1], 1e-4);
    });
  },
);

testOnBackends("groupNormalization() scales and shifts each channel", () => {
  const layer = groupNormalization("norm", { channels: 2, groups: 1 });
  tf.tidy(() => {
    const params = {
      "norm.weight": tf.tensor1d([2, 3]),
      "norm.bias": tf.tensor1d([10, 20]),
    };
    const y = layer.apply(params, tf.tensor4d([-5, 5], [1, 1, 1, 2]));
    assertClose(y.reshape([2]), [8, 23], 1e-4);
  });
});

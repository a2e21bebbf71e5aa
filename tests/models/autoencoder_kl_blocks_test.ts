import { assertEquals } from "@std/assert";
import { type Params, randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import {
  klAttention,
  klDown,
  klNorm,
  klResidual,
  klUp,
} from "../../src/models/autoencoder_kl_blocks.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const image = (values: number[], side: number) =>
  tf.tensor4d(values, [1, side, side, values.length / side ** 2]);

testOnBackends("klNorm() adds 1e-6 to the variance", () => {
  tf.tidy(() => {
    const norm = klNorm("n", { inputs: 1, groups: 1 });
    // Mean 0, variance 1e-6: y = x / √(2e-6).
    const y = norm.apply(
      norm.init(randomStream(1)),
      image([1e-3, -1e-3, 1e-3, -1e-3], 2),
    );
    const half = Math.SQRT1_2;
    assertClose(y.dataSync(), [half, -half, half, -half], 1e-5);
  });
});

testOnBackends("klDown() pads below and to the right only", () => {
  tf.tidy(() => {
    const down = klDown("d", 1);
    // Sums over 3 x 3 pixels of ones, from every second one on: at the far sides one row and column is missing.
    const params: Params = {
      "d.conv.weight": tf.ones([3, 3, 1, 1]),
      "d.conv.bias": tf.zeros([1]),
    };
    const y = down.apply(params, tf.ones([1, 4, 4, 1]));
    assertEquals([...y.dataSync()], [9, 6, 6, 4]);
  });
});

testOnBackends("klUp() repeats pixels, then convolves", () => {
  tf.tidy(() => {
    const up = klUp("u", 1);
    const middle = tf.oneHot(tf.tensor1d([4], "int32"), 9);
    const params: Params = {
      "u.conv.weight": tf.reshape(tf.cast(middle, "float32"), [3, 3, 1, 1]),
      "u.conv.bias": tf.tensor1d([10]),
    };
    const y = up.apply(params, image([1, 2, 3, 4], 2));
    assertEquals(
      [...y.dataSync()],
      [11, 11, 12, 12, 11, 11, 12, 12, 13, 13, 14, 14, 13, 13, 14, 14],
    );
  });
});

testOnBackends("klAttention() with a zero projection is the identity", () => {
  tf.tidy(() => {
    const block = klAttention("a", { inputs: 4, groups: 2 });
    const params = block.init(randomStream(1));
    params["a.to_out.0.weight"] = tf.zeros([4, 4]);
    const x = tf.randomNormal<tf.Rank.R4>([2, 3, 3, 4], 0, 1, "float32", 1);
    assertClose(block.apply(params, x), x, 1e-6);
  });
});

testOnBackends(
  "klResidual() has a shortcut only where the channels change",
  () => {
    const same = klResidual("r", { inputs: 4, groups: 2 });
    const other = klResidual("r", { inputs: 4, outputs: 6, groups: 2 });
    assertEquals(Object.keys(same.shapes).length, 8);
    assertEquals(other.shapes["r.conv_shortcut.weight"], [1, 1, 4, 6]);
    using params = owned(other.init(randomStream(1)));
    tf.tidy(() => {
      const y = other.apply(params.value, tf.zeros([1, 2, 2, 4]));
      assertEquals(y.shape, [1, 2, 2, 6]);
    });
  },
);

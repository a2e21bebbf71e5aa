import { assertEquals } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { residualBlock } from "../../src/models/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends("residualBlock() begins close to the identity", () => {
  const block = residualBlock("b", { channels: 8 });
  using params = owned(block.init(randomStream(1)));
  assertEquals(
    Object.entries(params.value).map(([name, w]) => [name, w.shape]),
    [
      ["b.norm1.weight", [8]],
      ["b.norm1.bias", [8]],
      ["b.conv1.weight", [3, 3, 8, 8]],
      ["b.conv1.bias", [8]],
      ["b.norm2.weight", [8]],
      ["b.norm2.bias", [8]],
      ["b.conv2.weight", [3, 3, 8, 8]],
      ["b.conv2.bias", [8]],
    ],
  );
  tf.tidy(() => {
    const values = randomStream(2).normals(2 * 4 * 4 * 8);
    const x = tf.tensor4d(values, [2, 4, 4, 8]);
    const y = block.apply(params.value, x);
    const change = tf.sqrt(tf.mean(tf.square(tf.sub(y, x)))).dataSync()[0];
    assertClose(change, 0.1, 0.07); // the gain of the second convolution
    // With that convolution at zero, it is the identity.
    const zero = {
      ...params.value,
      "b.conv2.weight": tf.zerosLike(params.value["b.conv2.weight"]),
    };
    assertClose(block.apply(zero, x), x, 0);
  });
});

testOnBackends("residualBlock() treats the samples of a batch apart", () => {
  const block = residualBlock("b", { channels: 8 });
  using params = owned(block.init(randomStream(1)));
  tf.tidy(() => {
    const values = randomStream(2).normals(2 * 4 * 4 * 8);
    const x = tf.tensor4d(values, [2, 4, 4, 8]);
    const both = block.apply(params.value, x);
    const alone = block.apply(params.value, tf.slice(x, [1], [1]));
    assertClose(alone, tf.slice(both, [1], [1]), 1e-5);
  });
});

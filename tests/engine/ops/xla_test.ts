import { jit, tf } from "../../../src/engine/mod.ts";
import {
  attention,
  batchNorm,
  conv2d,
  crossEntropy,
  embeddingLookup,
  gelu,
  groupNorm,
  l2Normalize,
  layerNorm,
  linear,
  upsampleNearest2x,
} from "../../../src/engine/ops/mod.ts";
import { assertClose } from "../../support/assert_close.ts";
import { testOnBackends } from "../../support/backends.ts";

// One network with every operation in it, since each compilation takes seconds.
function network(images: tf.Tensor4D, weights: Record<string, tf.Tensor>) {
  const { kernel, scale, offset, table, w } = weights;
  const channel = {
    scale: scale as tf.Tensor1D,
    offset: offset as tf.Tensor1D,
  };
  const ids = tf.tensor1d([1, 0], "int32");
  let x = conv2d(images, kernel as tf.Tensor4D, { stride: 2, padding: 1 });
  x = upsampleNearest2x(x); // [2, 4, 4, 4]
  x = batchNorm(x, {
    ...channel,
    mean: channel.offset,
    variance: channel.scale,
    training: true,
  }).output;
  x = gelu(groupNorm(x, { ...channel, groups: 2 }), { approximate: "tanh" });
  const tokens = gelu(layerNorm(x, channel));
  const y = attention(tokens, tokens, tokens);
  const rows = l2Normalize(
    linear(tf.reshape(y, [2, 16, 4]), w as tf.Tensor2D, channel.offset),
  );
  const logits = tf.add(
    tf.mean(rows, 1),
    embeddingLookup(table as tf.Tensor2D, ids),
  );
  return tf.mean(crossEntropy(logits as tf.Tensor2D, ids));
}

testOnBackends(
  "every operation and its gradient compile with XLA",
  () => {
    tf.tidy(() => {
      const draw = (shape: number[], seed: number) =>
        tf.randomNormal(shape, 0, 1, "float32", seed);
      const images = draw([2, 4, 4, 3], 1) as tf.Tensor4D;
      const weights = {
        kernel: draw([3, 3, 3, 4], 2),
        scale: tf.tensor1d([1, 0.5, 2, 1]),
        offset: tf.tensor1d([0, 0.1, -0.2, 0.3]),
        table: draw([2, 4], 3),
        w: draw([4, 4], 4),
      };
      const names = Object.keys(weights) as (keyof typeof weights)[];
      const step = (images: tf.Tensor4D, ...values: tf.Tensor[]) => {
        const { value, grads } = tf.valueAndGrads((...values) =>
          network(
            images,
            Object.fromEntries(names.map((name, i) => [name, values[i]])),
          )
        )(values);
        return [value, ...grads];
      };
      const values = names.map((name) => weights[name]);
      const compiled = jit(step, { compiler: "xla" });
      const expected = step(images, ...values);
      compiled(images, ...values).forEach((result, i) =>
        assertClose(result, expected[i], 1e-4)
      );
      compiled.dispose();
    });
  },
  { backends: ["tensorflow"] },
);

/** Operations with their gradients, run one by one and jitted. */
import {
  attention,
  batchNorm,
  conv2d,
  gelu,
  groupNorm,
  jit,
  layerNorm,
  linear,
  tf,
  useBackend,
} from "../src/engine/mod.ts";
import { randomStream } from "../src/core/mod.ts";
import { normalTensor } from "../src/nn/mod.ts";
import { benchTensors } from "./bench_tensors.ts";

await useBackend("auto");
const random = randomStream(1);

/** Benchmarks an operation and the gradients of all inputs. */
function benchOperation(
  group: string,
  shapes: number[][],
  apply: (...inputs: tf.Tensor[]) => tf.Tensor,
): void {
  const inputs = shapes.map((shape, i) =>
    normalTensor(random, `${group} ${i}`, shape, 1)
  );
  const slope = tf.onesLike(apply(...inputs));
  const both = (inputs: tf.Tensor[], slope: tf.Tensor) => {
    const { value, grads } = tf.valueAndGrads(apply)(inputs, slope);
    return [value, ...grads];
  };
  const jitted = jit(both);
  tf.dispose(jitted(inputs, slope)); // traced before it is timed
  benchTensors("one by one", () => both(inputs, slope), { group });
  benchTensors("jitted", () => jitted(inputs, slope), {
    group,
    baseline: true,
  });
}

const tokens = [4, 256, 384];
const heads = [4, 6, 256, 64];
const maps = [8, 32, 32, 64];

benchOperation("add, 1 number", [[1], [1]], (a, b) => tf.add(a, b));
benchOperation(
  "linear, 4 x 256 x 384 to 1536",
  [tokens, [384, 1536], [1536]],
  (x, w, b) => linear(x, w as tf.Tensor2D, b as tf.Tensor1D),
);
benchOperation(
  "layerNorm, 4 x 256 x 384",
  [tokens, [384], [384]],
  (x, scale, offset) => layerNorm(x, { scale, offset }),
);
benchOperation(
  "gelu (tanh), 4 x 256 x 1536",
  [[4, 256, 1536]],
  (x) => gelu(x, { approximate: "tanh" }),
);
benchOperation(
  "attention, 4 x 6 x 256 x 64",
  [heads, heads, heads],
  (q, k, v) => attention(q as tf.Tensor4D, k as tf.Tensor4D, v as tf.Tensor4D),
);
benchOperation(
  "conv2d 3 x 3, 8 x 32 x 32 x 64",
  [maps, [3, 3, 64, 64]],
  (x, kernel) =>
    conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, { padding: 1 }),
);
const [mean, variance] = [
  tf.zeros<tf.Rank.R1>([64]),
  tf.ones<tf.Rank.R1>([64]),
];
benchOperation(
  "batchNorm, 8 x 32 x 32 x 64",
  [maps, [64], [64]],
  (x, scale, offset) =>
    batchNorm(x as tf.Tensor4D, {
      scale: scale as tf.Tensor1D,
      offset: offset as tf.Tensor1D,
      mean,
      variance,
      training: true,
    }).output,
);
benchOperation(
  "groupNorm, 8 x 32 x 32 x 64",
  [maps, [64], [64]],
  (x, scale, offset) =>
    groupNorm(x as tf.Tensor4D, {
      groups: 8,
      scale: scale as tf.Tensor1D,
      offset: offset as tf.Tensor1D,
    }),
);

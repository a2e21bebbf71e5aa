/** Lookahead selection (eq. 12): 64 real images and 64 candidates through the small recogniser. */
import { crossEntropy, jit, tf, useBackend } from "../src/engine/mod.ts";
import { type Params, randomStream } from "../src/core/mod.ts";
import { recognizer, smallRecognizer } from "../src/models/mod.ts";
import { normalTensor } from "../src/nn/mod.ts";
import { lookaheadUtility, type SampleLoss } from "../src/selection/mod.ts";
import { benchTensors } from "./bench_tensors.ts";

const [COUNT, CLASSES] = [64, 30];

await useBackend("auto");
const random = randomStream(1);
const model = recognizer(smallRecognizer());
const params = { ...model.init(random), ...model.initHead(random, CLASSES) };
const { height, width } = model.config;
const batchOf = (name: string, count: number) => ({
  images: normalTensor(random, name, [count, height, width, 3], 1),
  labels: tf.tensor1d(
    Array.from({ length: count }, (_, i) => i % CLASSES),
    "int32",
  ),
});
const candidates = batchOf("candidates", COUNT);
const batch = batchOf("batch", 2 * COUNT);
const loss: SampleLoss = (params, images, labels) => {
  const features = model.apply(params, images as tf.Tensor4D);
  const logits = tf.matMul(features, params["head.weight"] as tf.Tensor2D);
  return crossEntropy(logits as tf.Tensor2D, labels);
};
const utility = jit((
  params: Params,
  data: { batch: typeof batch; candidates: typeof batch },
) => lookaheadUtility(loss, params, data, { learningRate: 0.05 }));

const data = { batch, candidates };
tf.dispose(utility(params, data));
benchTensors("jitted", () => utility(params, data), {
  group: `lookaheadUtility, ${COUNT} candidates in a batch of ${2 * COUNT}`,
  n: 8,
});

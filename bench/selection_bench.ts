/**
 * Lookahead selection (eq. 12): 64 candidates in a batch of 128, on the small recogniser after some steps on procedural
 * faces; the candidates are other pictures of the same people, with more and more noise. Before the times it prints how far the cheaper utilities agree with the exact one: Spearman's rank correlation,
 * and the share of the kept half that is the same.
 */
import { jit, tf, useBackend } from "../src/engine/mod.ts";
import { disposeParams, type Params, randomStream } from "../src/core/mod.ts";
import { cosFace } from "../src/losses/mod.ts";
import { recognizer, smallRecognizer } from "../src/models/mod.ts";
import { normalTensor } from "../src/nn/mod.ts";
import { valueAndGradients } from "../src/optim/mod.ts";
import {
  type ClassifierLoss,
  classifierUtility,
  type LabelledBatch,
  lookaheadUtility,
  type SampleLoss,
  selectLookahead,
} from "../src/selection/mod.ts";
import { proceduralFaces } from "../src/world/mod.ts";
import { benchTensors } from "./bench_tensors.ts";

const [CLASSES, EACH, STEPS] = [16, 4, 30];
const COUNT = CLASSES * EACH;
const learningRate = 0.05;

await useBackend("auto");
const config = smallRecognizer();
const people = proceduralFaces({
  identities: CLASSES,
  imagesPerIdentity: 2 * EACH,
  size: config.height,
});
const model = recognizer(config);
const random = randomStream(1);

/** Half of each person's pictures, the persons in turn; with noise that grows along the batch. */
function half(second: number, noise: number): LabelledBatch {
  const order = Array.from(
    { length: COUNT },
    (_, i) =>
      (i % CLASSES) * 2 * EACH + second * EACH + Math.floor(i / CLASSES),
  );
  return tf.tidy(() => {
    const shape = [people.count, people.height, people.width, 3];
    const images = tf.gather(tf.tensor(people.images, shape), order);
    const dirt = normalTensor(random, "noise", images.shape, noise);
    const growing = tf.linspace(0, 1, COUNT).reshape([-1, 1, 1, 1]);
    return {
      images: tf.clipByValue(tf.add(images, tf.mul(dirt, growing)), -1, 1),
      labels: tf.tensor1d(order.map((i) => people.labels[i]), "int32"),
    };
  });
}

const parts: ClassifierLoss = {
  features: (params, images) => model.apply(params, images as tf.Tensor4D),
  loss: (params, features, labels) =>
    cosFace(
      features as tf.Tensor2D,
      params["head.weight"] as tf.Tensor2D,
      labels,
      { margin: 0.25, scale: 24 },
    ),
};
const loss: SampleLoss = (params, images, labels) =>
  parts.loss(params, parts.features(params, images), labels);

const train = jit((params: Params, batch: LabelledBatch) => {
  const { gradients } = valueAndGradients(
    (params) => tf.mean(loss(params, batch.images, batch.labels)),
    params,
  );
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      tf.sub(value, tf.mul(gradients[name], 0.02)),
    ]),
  ) as Params;
});
const real = half(0, 0);
const candidates = half(1, 1);
let params: Params = {
  ...model.init(random),
  ...model.initHead(random, CLASSES),
};
for (let i = 0; i < STEPS; i++) {
  const next = train(params, real);
  disposeParams(params);
  params = next;
}
train.dispose();

const batch: LabelledBatch = {
  images: tf.concat([real.images, candidates.images]),
  labels: tf.concat([real.labels, candidates.labels]),
};
const data = { batch, candidates };
type Samples = { batch: LabelledBatch; candidates: LabelledBatch };
const methods = {
  exact: jit((params: Params, data: Samples) =>
    lookaheadUtility(loss, params, data, { learningRate })
  ),
  "first order, all weights": jit((
    params: Params,
    data: Samples,
  ) =>
    lookaheadUtility(loss, params, data, {
      learningRate,
      method: "firstOrder",
    })
  ),
  "first order, classifier": jit((
    params: Params,
    { batch }: Samples,
  ) =>
    classifierUtility(parts, params, { batch, candidates: COUNT }, {
      learningRate,
      classifier: (name) => name === "head.weight",
    })
  ),
};

const utilities = Object.entries(methods).map(([name, utility]) => {
  const values = utility(params, data);
  return [name, Array.from(values.dataSync())] as const;
});
const [[, exact]] = utilities;
for (const [name, values] of utilities.slice(1)) {
  const [kept, wanted] = [values, exact].map((v) =>
    new Set(selectLookahead(v))
  );
  const shared = kept.intersection(wanted).size / wanted.size;
  console.log(
    `${name}: rank correlation with the exact utility ${
      spearman(values, exact).toFixed(3)
    }, ${Math.round(100 * shared)} % of the kept half the same`,
  );
}

/** Rank correlation; there are no ties among losses. */
function spearman(a: number[], b: number[]): number {
  const ranks = (values: number[]) => {
    const order = values.map((_, i) => i).sort((i, j) => values[i] - values[j]);
    const result: number[] = [];
    order.forEach((i, rank) => result[i] = rank);
    return result;
  };
  const [x, y] = [ranks(a), ranks(b)];
  const squares = x.reduce((sum, rank, i) => sum + (rank - y[i]) ** 2, 0);
  return 1 - 6 * squares / (x.length * (x.length ** 2 - 1));
}

for (const [name, utility] of Object.entries(methods)) {
  benchTensors(name, () => utility(params, data), {
    group: `lookahead utility, ${COUNT} candidates in a batch of ${2 * COUNT}`,
    baseline: name === "exact",
    n: 8,
  });
}

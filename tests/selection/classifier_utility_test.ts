import { assertEquals, assertThrows } from "@std/assert";
import { concatenate, inputs, linear } from "./linear_softmax.ts";
import type { Params } from "../../src/core/mod.ts";
import { jit, owned, tf } from "../../src/engine/mod.ts";
import {
  type ClassifierLoss,
  classifierUtility,
  type LabelledBatch,
  lookaheadUtility,
  type SampleLoss,
} from "../../src/selection/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { take } from "../rewards/take.ts";

/** A layer with a bend, then the linear softmax. */
const model: ClassifierLoss = {
  features: ({ layer }, x) =>
    tf.tidy(() =>
      tf.tanh(tf.matMul(x as tf.Tensor2D, layer as tf.Tensor2D)) as tf.Tensor2D
    ),
  loss: linear,
};
const whole: SampleLoss = (params, x, labels) =>
  tf.tidy(() => linear(params, model.features(params, x), labels));
const classifier = (name: string) => name !== "layer";

/** The golden classifier on a layer, and the mixed batch whose last samples are the candidates. */
function setting(): {
  params: Params;
  batch: LabelledBatch;
  candidates: LabelledBatch;
} {
  const { params, batch, candidates } = inputs();
  const mixed = concatenate(batch, candidates);
  tf.dispose(batch);
  const layer = tf.tensor2d([
    [0.5, -0.2, 0.1, 0.3],
    [-0.4, 0.6, 0.2, 0.1],
    [0.3, 0.1, -0.7, 0.2],
    [0.2, 0.4, 0.1, -0.5],
  ]);
  return { params: { ...params, layer }, batch: mixed, candidates };
}

// Two classes, zero weights: p - y is -1/2 and 1/2 at the own class. Gradients of the mean over (1, 0), (0, 1), (1, 0) of
// classes 0, 1, 0: the candidate's inner product with itself and its like is 1/2 each, with the second 0.
testOnBackends(
  "classifierUtility() is minus the rate times the inner product of the classifier's gradients",
  () => {
    using params = owned({ "head.weight": tf.zeros([2, 2]) });
    using batch = owned({
      images: tf.tensor2d([[1, 0], [0, 1], [1, 0]]),
      labels: tf.tensor1d([0, 1, 0], "int32"),
    });
    const utility = classifierUtility(
      {
        features: (_params, x) => tf.clone(x) as tf.Tensor2D,
        loss: ({ "head.weight": kernel }, x, labels) =>
          tf.tidy(() => linear({ kernel, bias: tf.zeros([2]) }, x, labels)),
      },
      params.value,
      { batch: batch.value, candidates: 1 },
      { learningRate: 0.3, classifier: () => true },
    );
    assertClose(take(utility), [-0.3 * (2 / 3) * 0.5], 1e-4);
  },
);

testOnBackends(
  "classifierUtility() is lookaheadUtility() to first order of the classifier's weights",
  () => {
    using x = owned(setting());
    const { params, batch, candidates } = x.value;
    const learningRate = 0.3;
    const full = take(
      lookaheadUtility(whole, params, { batch, candidates }, {
        learningRate,
        trainable: classifier,
        method: "firstOrder",
      }),
    );
    const count = candidates.labels.shape[0];
    const data = { batch, candidates: count };
    assertClose(
      take(
        classifierUtility(model, params, data, { learningRate, classifier }),
      ),
      full,
      1e-4,
    );
    assertEquals(full.length, count);
  },
);

testOnBackends("classifierUtility() runs the network once, forward", () => {
  using x = owned(setting());
  const { params, batch } = x.value;
  const sizes: number[] = [];
  const counting: ClassifierLoss = {
    ...model,
    features: (params, images) => {
      sizes.push(images.shape[0]);
      return model.features(params, images);
    },
  };
  const options = { learningRate: 0.1, classifier };
  take(classifierUtility(counting, params, { batch, candidates: 5 }, options));
  assertEquals(sizes, [11]);
});

testOnBackends(
  "classifierUtility() runs inside jit, its rate an argument",
  () => {
    using x = owned(setting());
    const { params, batch } = x.value;
    const compiled = jit((
      params: Params,
      batch: LabelledBatch,
      learningRate: tf.Scalar,
    ) =>
      classifierUtility(model, params, { batch, candidates: 5 }, {
        learningRate,
        classifier,
      })
    );
    for (const rate of [0.3, 0.05]) {
      using scalar = owned(tf.scalar(rate));
      const options = { learningRate: rate, classifier };
      const plain = classifierUtility(
        model,
        params,
        { batch, candidates: 5 },
        options,
      );
      assertClose(
        take(compiled(params, batch, scalar.value)),
        take(plain),
        1e-4,
      );
    }
    compiled.dispose();
  },
);

testOnBackends(
  "classifierUtility() refuses no candidates, no classifier and no rate",
  () => {
    using x = owned(setting());
    const { params, batch } = x.value;
    const options = { learningRate: 0.1, classifier };
    for (const candidates of [0, 12, 1.5]) {
      assertThrows(
        () => classifierUtility(model, params, { batch, candidates }, options),
        RangeError,
        "'candidates' must be a whole number at least 1 and at most 11",
      );
    }
    const data = { batch, candidates: 5 };
    assertThrows(
      () =>
        classifierUtility(model, params, data, {
          ...options,
          learningRate: -1,
        }),
      RangeError,
      "learningRate",
    );
    assertThrows(
      () =>
        classifierUtility(model, params, data, {
          ...options,
          classifier: (name) => name === "layer",
        }),
      RangeError,
      "'classifier' must leave a weight",
    );
  },
);

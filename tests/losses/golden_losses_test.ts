import { tf } from "../../src/engine/mod.ts";
import {
  adaFace,
  arcFace,
  batchHardTriplet,
  cosFace,
  crossEntropy,
  firstNormStatistics,
  type NormStatistics,
  normStatistics,
} from "../../src/losses/mod.ts";
import golden from "../golden/recognition_losses.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

type Loss = (
  features: tf.Tensor2D,
  classes: tf.Tensor2D,
  labels: tf.Tensor1D,
  options: Record<string, unknown>,
) => tf.Tensor1D;

const losses: { [name: string]: Loss } = {
  crossEntropy: (features, classes, labels, options) =>
    crossEntropy(tf.matMul(features, classes), labels, options),
  cosFace,
  arcFace,
  adaFace: (features, classes, labels, { norms, ...options }) =>
    adaFace(features, classes, labels, {
      ...options,
      ...(norms === undefined ? {} : { norms: scalars(norms as number[]) }),
    }),
  triplet: (features, _classes, labels, options) =>
    batchHardTriplet(features, labels, options),
};

function scalars([mean, deviation]: number[]): NormStatistics {
  return { mean: tf.scalar(mean), deviation: tf.scalar(deviation) };
}

// Scales of 64 make gradients of up to 30: 1e-5 is relative there, absolute below 1, of float64 by PyTorch.
for (const [i, found] of golden.cases.entries()) {
  const options = JSON.stringify(found.options);
  testOnBackends(
    `${found.loss} ${options} has PyTorch's values and gradients (case ${i})`,
    () =>
      tf.tidy(() => {
        const labels = tf.tensor1d(golden.labels, "int32");
        const inputs = [
          tf.tensor2d(golden.features),
          tf.tensor2d(golden.classVectors),
        ];
        const loss = (...[features, classes]: tf.Tensor[]) =>
          losses[found.loss](
            features as tf.Tensor2D,
            classes as tf.Tensor2D,
            labels,
            found.options,
          );
        assertClose(loss(...inputs).dataSync(), found.values, 1e-5);
        // A term of the classes that is always 0: tfjs refuses inputs without influence.
        const [features, classes] = tf.grads((x, w) =>
          tf.add(tf.mean(loss(x, w)), tf.mul(tf.sum(w), 0))
        )(inputs);
        assertClose(features.dataSync(), found.features, 1e-5);
        assertClose(classes.dataSync(), found.classes, 1e-5);
      }),
  );
}

testOnBackends(
  "normStatistics() follows the norms of three batches as AdaFace's program does",
  () =>
    tf.tidy(() => {
      const features = tf.tensor2d(golden.features);
      let previous = firstNormStatistics();
      const states = [1, 2, 1 / 3].map((factor) => {
        previous = normStatistics(tf.mul(features, factor), {
          previous,
          momentum: 0.3,
        });
        return [previous.mean, previous.deviation].map((x) => x.dataSync()[0]);
      });
      assertClose(states, golden.normStates, 1e-5);
    }),
);

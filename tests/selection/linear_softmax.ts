import type { Params } from "../../src/core/mod.ts";
import { crossEntropy, tf } from "../../src/engine/mod.ts";
import type { LabelledBatch } from "../../src/selection/mod.ts";
import golden from "../golden/lookahead.json" with { type: "json" };

/** Linear softmax classifier. */
export function linear(
  { kernel, bias }: Params,
  x: tf.Tensor,
  labels: tf.Tensor1D,
): tf.Tensor1D {
  return tf.tidy(() => {
    const logits = tf.add(
      tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D),
      bias,
    );
    return crossEntropy(logits as tf.Tensor2D, labels);
  });
}

/** The golden classifier, batch and candidates. */
export function inputs(): {
  params: Params;
  batch: LabelledBatch;
  candidates: LabelledBatch;
} {
  return {
    params: {
      kernel: tf.tensor2d(golden.kernel),
      bias: tf.tensor1d(golden.bias),
    },
    batch: {
      images: tf.tensor2d(golden.images),
      labels: tf.tensor1d(golden.labels, "int32"),
    },
    candidates: {
      images: tf.tensor2d(golden.candidates),
      labels: tf.tensor1d(golden.candidateLabels, "int32"),
    },
  };
}

/** One batch after the other. */
export function concatenate(
  first: LabelledBatch,
  second: LabelledBatch,
): LabelledBatch {
  return {
    images: tf.concat([first.images, second.images]),
    labels: tf.concat([first.labels, second.labels]),
  };
}

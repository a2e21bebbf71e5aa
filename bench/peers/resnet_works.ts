/**
 * ResNet-50 on images of persons: a step of training.
 *
 * @module
 */
import { type Params, randomStream } from "../../src/core/mod.ts";
import { crossEntropy, tf } from "../../src/engine/mod.ts";
import { resnet, resnet50, splitStatistics } from "../../src/models/mod.ts";
import { normalTensor } from "../../src/nn/mod.ts";
import { adam } from "../../src/optim/mod.ts";
import { trainingWork } from "./training_work.ts";
import type { Work } from "./work.ts";

/** Identities that the Market-1501 training set has. */
const CLASSES = 751;
/** What is trained on at once. */
const SHAPE = [8, 256, 128, 3];

/** Forward with the batch's statistics, cross-entropy, gradients and an update by Adam with the paper's weight decay. */
export function resnetStep(): Work {
  const model = resnet(resnet50({ classes: CLASSES }));
  return {
    name: `ResNet-50 step, ${SHAPE.slice(0, 3).join(" x ")} pixels`,
    peer: "resnetStep",
    variants: ["channelsLast", "compile"],
    repeats: 1,
    tensors(): Params {
      const random = randomStream(1);
      const labels = Int32Array.from(
        { length: SHAPE[0] },
        () => random.integer(CLASSES),
      );
      return {
        ...model.init(random),
        images: normalTensor(random, "images", SHAPE, 1),
        labels: tf.tensor1d(labels, "int32"),
      };
    },
    start({ images, labels, ...params }) {
      const { weights, statistics } = splitStatistics(params);
      return trainingWork(weights, {
        inputs: { images, labels },
        statistics,
        optimizer: adam({ weightDecay: 5e-4, decay: "coupled" }),
        rate: 1e-5, // small: one step must not carry both sides far apart
        loss(params, { images, labels }) {
          const { logits, statistics } = model.apply(
            params,
            images as tf.Tensor4D,
            { training: true },
          );
          const losses = crossEntropy(logits!, labels as tf.Tensor1D);
          return { loss: tf.mean(losses), statistics };
        },
      });
    },
  };
}

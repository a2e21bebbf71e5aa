/**
 * ResNet-50 on images of persons, as re-identification trains and uses it: features, and a step of training.
 *
 * @module
 */
import { type Params, randomStream } from "../../src/core/mod.ts";
import { jit, type tf } from "../../src/engine/mod.ts";
import { resnet, resnet50, splitStatistics } from "../../src/models/mod.ts";
import { adam } from "../../src/optim/mod.ts";
import { meanCrossEntropy, personBatch } from "./person_batch.ts";
import { trainingWork } from "./training_work.ts";
import type { Work } from "./work.ts";

/** Features of a batch. */
export function resnetForward(): Work {
  const model = resnet(resnet50());
  return {
    name: "ResNet-50 forward, 16 x 256 x 128 pixels",
    peer: "resnetForward",
    variants: ["channelsLast", "compile"],
    repeats: 1,
    tensors(): Params {
      const random = randomStream(1);
      const { images } = personBatch(random);
      return { ...model.init(random), images };
    },
    start({ images, ...params }) {
      const forward = jit((params: Params, images: tf.Tensor4D) =>
        model.apply(params, images).features
      );
      return {
        run: () => [forward(params, images as tf.Tensor4D)],
        dispose: forward.dispose,
      };
    },
  };
}

/** Forward with the batch's statistics, cross-entropy, gradients and an update by Adam with the paper's weight decay. */
export function resnetStep(): Work {
  return {
    name: "ResNet-50 step, 16 x 256 x 128 pixels",
    peer: "resnetStep",
    variants: ["channelsLast", "compile"],
    repeats: 1,
    tensors(): Params {
      const random = randomStream(1);
      const { classes, ...batch } = personBatch(random);
      return { ...resnet(resnet50({ classes })).init(random), ...batch };
    },
    start({ images, labels, ...params }) {
      const classes = params["fc.bias"].size;
      const model = resnet(resnet50({ classes }));
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
          return { loss: meanCrossEntropy(logits!, labels), statistics };
        },
      });
    },
  };
}

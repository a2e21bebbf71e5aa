/**
 * ViT-B/16 on images of persons, as re-identification trains and uses it: features, and a step of training.
 *
 * @module
 */
import { type Params, randomStream } from "../../src/core/mod.ts";
import { jit, type tf } from "../../src/engine/mod.ts";
import { vit, vitB16 } from "../../src/models/mod.ts";
import { adam } from "../../src/optim/mod.ts";
import { meanCrossEntropy, personBatch } from "./person_batch.ts";
import { trainingWork } from "./training_work.ts";
import type { Work } from "./work.ts";

const size = { height: 256, width: 128 };

/** Features of a batch. */
export function vitForward(): Work {
  const model = vit(vitB16(size));
  return {
    name: "ViT-B/16 forward, 16 x 256 x 128 pixels",
    peer: "vitForward",
    variants: ["compile"],
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

/** Forward, cross-entropy, gradients and an update by AdamW. */
export function vitStep(): Work {
  return {
    name: "ViT-B/16 step, 16 x 256 x 128 pixels",
    peer: "vitStep",
    variants: ["compile"],
    repeats: 1,
    tensors(): Params {
      const random = randomStream(1);
      const { classes, ...batch } = personBatch(random);
      return { ...vit(vitB16({ ...size, classes })).init(random), ...batch };
    },
    start({ images, labels, ...params }) {
      const model = vit(vitB16({ ...size, classes: params["head.bias"].size }));
      return trainingWork(params, {
        inputs: { images, labels },
        optimizer: adam({ weightDecay: 0.05 }),
        rate: 1e-6, // small: one step must not carry both sides far apart
        loss(params, { images, labels }) {
          const { logits } = model.apply(params, images as tf.Tensor4D);
          return { loss: meanCrossEntropy(logits!, labels), statistics: {} };
        },
      });
    },
  };
}

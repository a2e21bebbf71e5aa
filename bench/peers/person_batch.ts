/**
 * The batch that recognisers are compared on.
 *
 * @module
 */
import type { RandomStream } from "../../src/core/mod.ts";
import { crossEntropy, tf } from "../../src/engine/mod.ts";
import { normalTensor } from "../../src/nn/mod.ts";

/** Identities that the Market-1501 training set has. */
const CLASSES = 751;
/** A batch of persons. */
const SHAPE = [16, 256, 128, 3];

/**
 * Noise in the shape of persons, with labels. Tensors are owned by the caller.
 *
 * @param random Where it comes from.
 */
export function personBatch(
  random: RandomStream,
): { images: tf.Tensor; labels: tf.Tensor; classes: number } {
  const labels = Int32Array.from(
    { length: SHAPE[0] },
    () => random.integer(CLASSES),
  );
  return {
    images: normalTensor(random, "images", SHAPE, 1),
    labels: tf.tensor1d(labels, "int32"),
    classes: CLASSES,
  };
}

/** The loss that both sides take. */
export function meanCrossEntropy(
  logits: tf.Tensor2D,
  labels: tf.Tensor,
): tf.Tensor {
  return tf.mean(crossEntropy(logits, labels as tf.Tensor1D));
}

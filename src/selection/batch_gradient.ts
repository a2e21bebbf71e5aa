/**
 * The gradient that a virtual step follows.
 *
 * @module
 */
import { checkShape, type Params } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";

/**
 * Loss of each sample as a function of weights: `(params, images, labels) -> [B]`.
 *
 * It borrows its arguments and must be pure. A network with batch normalisation computes with the statistics of the batch
 * or with stored ones, but keeps updates of the stored ones to itself: then the virtual step leaves them untouched.
 */
export type SampleLoss = (
  params: Params,
  images: tf.Tensor,
  labels: tf.Tensor1D,
) => tf.Tensor1D;

/** Images and their classes. A `type`, so that it can go through `jit`. */
export type LabelledBatch = {
  /** Images or whatever the loss takes, first axis B. */
  images: tf.Tensor;
  /** Class of each, int32, `[B]`. */
  labels: tf.Tensor1D;
};

/** Some of the weights. */
export interface ChosenWeights {
  /** The option that chose them, for errors. */
  option: string;
  /** Whether the weight of this name is one. */
  includes: (name: string) => boolean;
}

/**
 * ∇_w mean L(batch) for chosen weights.
 *
 * @param loss Loss of each sample.
 * @param params Weights w. Borrowed.
 * @param batch Samples. Borrowed.
 * @param chosen Which weights are meant.
 * @returns The gradients, by name; without weights that the loss does not depend on. Owned by the caller.
 * @throws {TypeError} If the loss returns another shape than `[B]`.
 * @throws {RangeError} If no weight is left.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { batchGradient, type SampleLoss } from "./batch_gradient.ts";
 *
 * const loss: SampleLoss = ({ w }, x) => tf.square(tf.sub(w, x)) as tf.Tensor1D;
 * const batch = {
 *   images: tf.tensor([1, 3]),
 *   labels: tf.tensor1d([0, 0], "int32"),
 * };
 * const chosen = { option: "trainable", includes: () => true };
 * batchGradient(loss, { w: tf.scalar(0) }, batch, chosen).w.print(); // -4
 * ```
 */
export function batchGradient(
  loss: SampleLoss,
  params: Params,
  batch: LabelledBatch,
  chosen: ChosenWeights,
): Params {
  const names = Object.keys(params).filter(chosen.includes);
  const found: Params = {};
  if (names.length > 0) {
    // tf.grads refuses weights without influence; its engine leaves their gradient out.
    const { value, grads } = tf.engine().gradients(
      () => tf.mean(sampleLosses(loss, params, batch)) as tf.Scalar,
      names.map((name) => params[name]),
      undefined,
      true,
    );
    value.dispose();
    names.forEach((name, i) => {
      const gradient = grads[i] as tf.Tensor | null | undefined;
      if (gradient !== null && gradient !== undefined) found[name] = gradient;
    });
  }
  if (Object.keys(found).length === 0) {
    throw new RangeError(
      `Cannot look ahead as '${chosen.option}' must leave a weight that the loss depends on: current value is one of ${names.length} weights without influence`,
    );
  }
  return found;
}

/**
 * Losses of samples, after a check of their shape.
 *
 * @param loss Loss of each sample.
 * @param params Weights. Borrowed.
 * @param batch Samples. Borrowed.
 * @returns Losses, `[B]`. Owned by the caller.
 * @throws {TypeError} If the loss returns another shape.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { sampleLosses, type SampleLoss } from "./batch_gradient.ts";
 *
 * const loss: SampleLoss = ({ w }, x) => tf.square(tf.sub(w, x)) as tf.Tensor1D;
 * const batch = {
 *   images: tf.tensor([1, 3]),
 *   labels: tf.tensor1d([0, 0], "int32"),
 * };
 * sampleLosses(loss, { w: tf.scalar(0) }, batch).print(); // [1, 9]
 * ```
 */
export function sampleLosses(
  loss: SampleLoss,
  params: Params,
  { images, labels }: LabelledBatch,
): tf.Tensor1D {
  const losses = loss(params, images, labels);
  checkShape("look ahead", "loss(params, images, labels)", losses, [
    images.shape[0],
  ]);
  return losses;
}

/**
 * w + s ∇, for the weights that have a gradient; the others as they are.
 *
 * @param params Weights w. Borrowed.
 * @param gradients Gradients by name. Borrowed.
 * @param size Size s of the step. Borrowed.
 * @returns Weights; only those that moved are new.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { moveAlong } from "./batch_gradient.ts";
 *
 * const params = { w: tf.scalar(1), b: tf.scalar(5) };
 * moveAlong(params, { w: tf.scalar(2) }, -0.25).w.print(); // 0.5
 * ```
 */
export function moveAlong(
  params: Params,
  gradients: Params,
  size: number | tf.Scalar,
): Params {
  const moved = Object.entries(gradients).map(([name, gradient]) => [
    name,
    tf.add(params[name], tf.mul(gradient, size)),
  ]);
  return { ...params, ...Object.fromEntries(moved) };
}

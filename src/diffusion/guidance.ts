/**
 * Classifier-free guidance.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";

/** Options of {@linkcode guided}. */
export interface GuidedOptions {
  /** How far to go from the null class's prediction towards the class's, and beyond; 1 is no guidance and costs nothing. */
  scale: number;
  /** Number of the null class. */
  nullLabel: number;
}

/**
 * Predicts with and without the class in one batch and extrapolates: null + scale · (class - null).
 *
 * Where guidance is used during reinforcement, it is part of the policy's mean.
 *
 * @param predict The network: x_t `[B, H, W, C]`, times `[B]`, labels `[B]` to a prediction of x_t's shape.
 * @param options Scale and null class.
 * @returns A network of the same type. Its results are owned by the caller.
 *
 * @example
 * ```ts
 * import { guided } from "@outis/outis/diffusion";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * // A "network" that answers with the label.
 * const predict = (x: tf.Tensor4D, _: tf.Tensor1D, labels: tf.Tensor1D) =>
 *   tf.mul(tf.onesLike(x), tf.reshape(tf.cast(labels, "float32"), [-1, 1, 1, 1])) as tf.Tensor4D;
 * const twice = guided(predict, { scale: 2, nullLabel: 5 });
 * const y = twice(tf.zeros([1, 1, 1, 1]), tf.tensor1d([0]), tf.tensor1d([3], "int32"));
 * console.log(y.dataSync()[0]); // 5 + 2 (3 - 5) = 1
 * ```
 */
export function guided(
  predict: (
    x: tf.Tensor4D,
    times: tf.Tensor1D,
    labels: tf.Tensor1D,
  ) => tf.Tensor4D,
  options: GuidedOptions,
): (
  x: tf.Tensor4D,
  times: tf.Tensor1D,
  labels: tf.Tensor1D,
) => tf.Tensor4D {
  const { scale, nullLabel } = options;
  if (scale === 1) return predict;
  return (x, times, labels) =>
    tf.tidy(() => {
      const nulls = tf.fill(labels.shape, nullLabel, "int32") as tf.Tensor1D;
      const both = predict(
        tf.concat([x, x]),
        tf.concat([times, times]),
        tf.concat([labels, nulls]),
      );
      const [withClass, without] = tf.split(both, 2);
      return tf.add(
        without,
        tf.mul(scale, tf.sub(withClass, without)),
      ) as tf.Tensor4D;
    });
}

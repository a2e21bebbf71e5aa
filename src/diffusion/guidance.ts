/**
 * Classifier-free guidance.
 *
 * @module
 */
import { checkRange } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";

/** Options of {@linkcode guided}. */
export interface GuidedOptions {
  /** How far to go from the null class's prediction towards the class's, and beyond; 1 is no guidance and costs nothing. */
  scale: number;
  /** Number of the null class. */
  nullLabel: number;
  /**
   * Number of first channels that are guided; the others are the class's own prediction. The published DiT guides 3 of its
   * latents' 4. A learned variance, which stands behind the prediction, is never guided.
   *
   * @default {all of x_t's}
   */
  channels?: number;
}

/**
 * Predicts with and without the class in one batch and extrapolates: null + scale · (class - null) (Ho and Salimans, 2022,
 * eq. 6, with their weight w = scale - 1).
 *
 * Where guidance is used during reinforcement, it is part of the policy's mean.
 *
 * @param predict The network: x_t `[B, H, W, C]`, times `[B]`, labels `[B]` to a prediction of x_t's shape, or
 * one with a learned variance's channels behind it.
 * @param options Scale, null class, channels.
 * @returns A network of the same type. Its results are owned by the caller.
 * @throws {RangeError} If `scale` is not finite, or, at a call, `channels` is no whole number in [1, C].
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
  checkRange("guide", "scale", scale, {});
  if (scale === 1) return predict;
  return (x, times, labels) => {
    const { channels = x.shape[3] } = options;
    checkRange("guide", "channels", channels, {
      min: 1,
      max: x.shape[3],
      integer: true,
    });
    return tf.tidy(() => {
      const nulls = tf.fill(labels.shape, nullLabel, "int32") as tf.Tensor1D;
      const both = predict(
        tf.concat([x, x]),
        tf.concat([times, times]),
        tf.concat([labels, nulls]),
      );
      const [own, nobodys] = tf.split(both, 2) as tf.Tensor4D[];
      const rest = own.shape[3] - channels;
      const [given, ...unguided] = rest === 0
        ? [own]
        : tf.split(own, [channels, rest], 3);
      const without = rest === 0
        ? nobodys
        : tf.slice(nobodys, [0, 0, 0, 0], [-1, -1, -1, channels]);
      const guided = tf.add(without, tf.mul(scale, tf.sub(given, without)));
      return tf.concat([guided, ...unguided], 3) as tf.Tensor4D;
    });
  };
}

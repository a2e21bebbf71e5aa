/**
 * The loss of classification.
 *
 * @module
 */
import { tf } from "../tf.ts";
import { checkNumber, checkTensor } from "./check.ts";
import { withGradient } from "./own_gradient.ts";

/** Options of {@linkcode crossEntropy}. */
export interface CrossEntropyOptions {
  /** Share of the target that is spread evenly over all classes, in [0, 1). @default {0} */
  labelSmoothing?: number;
}

/**
 * Cross-entropy between softmax(logits) and labels, one value per sample.
 *
 * l = log Σ exp(z) - Σ q z with the target q = (1 - s) onehot(label) + s / C, in nats. Finite for logits of any size;
 * the gradient is dl/dz = softmax(z) - q. As PyTorch's `cross_entropy(reduction="none")`.
 *
 * Labels live on the device and are not read: one outside [0, C) stands for no class, which gives no meaningful loss.
 *
 * @param logits `[B, C]`, float32. Borrowed.
 * @param labels `[B]`, int32, each in [0, C). Borrowed.
 * @returns `[B]`, at least 0. Owned by the caller.
 * @throws {TypeError} If shapes or dtypes do not fit.
 * @throws {RangeError} If `labelSmoothing` is not in [0, 1).
 *
 * @example
 * ```ts
 * import { crossEntropy, tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const logits = tf.tensor2d([[0, 0], [0, 1000]]);
 * crossEntropy(logits, tf.tensor1d([0, 1], "int32")).print(); // [0.6931, 0]
 * ```
 */
export function crossEntropy(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
  options: CrossEntropyOptions = {},
): tf.Tensor1D {
  const { labelSmoothing = 0 } = options;
  const act = "compute cross-entropy";
  checkTensor(act, "logits", logits, [null, null]);
  const [samples, classes] = logits.shape;
  checkTensor(act, "labels", labels, [samples], "int32");
  const holds = labelSmoothing >= 0 && labelSmoothing < 1;
  checkNumber(act, "labelSmoothing", labelSmoothing, "in [0, 1)", holds);
  return tf.tidy(() => {
    const hard = tf.cast(tf.oneHot(labels, classes), "float32");
    const target = labelSmoothing === 0
      ? hard
      : tf.add(tf.mul(hard, 1 - labelSmoothing), labelSmoothing / classes);
    return withGradient<tf.Tensor1D>([logits], () => {
      const shifted = tf.sub(logits, tf.max(logits, 1, true)); // no overflow
      const total = tf.log(tf.sum(tf.exp(shifted), 1));
      const value = tf.sub<tf.Tensor1D>(
        total,
        tf.sum(tf.mul(target, shifted), 1),
      );
      return {
        value,
        saved: [logits, target],
        gradient: (slope, [logits, target]) => [
          tf.mul(
            tf.sub(tf.softmax(logits), target),
            tf.expandDims(slope, 1),
          ),
        ],
      };
    });
  });
}

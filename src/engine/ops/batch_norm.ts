/**
 * Batch normalisation.
 *
 * @module
 */
import { tf } from "../tf.ts";
import {
  checkDtype,
  checkEpsilon,
  checkNumber,
  checkTensor,
  refusal,
  shapeOf,
} from "./check.ts";
import { type Native, native } from "./native.ts";
import { stopGradient, withGradient } from "./own_gradient.ts";

/** Options of {@linkcode batchNorm}. */
export interface BatchNormOptions {
  /** Factor γ of each channel, `[C]`. Borrowed. */
  scale: tf.Tensor1D;
  /** Summand β of each channel, `[C]`. Borrowed. */
  offset: tf.Tensor1D;
  /** Running mean, `[C]`. Borrowed, and never changed. */
  mean: tf.Tensor1D;
  /** Running variance, `[C]`. Borrowed, and never changed. */
  variance: tf.Tensor1D;
  /** Whether to normalise by the statistics of this batch. @default {false} */
  training?: boolean;
  /** What is added to the variance. @default {1e-5} */
  epsilon?: number;
  /** Share of this batch in the new running statistics, in [0, 1]. @default {0.1} */
  momentum?: number;
}

/** What {@linkcode batchNorm} returns. Owned by the caller. */
export type BatchNormResult<T extends tf.Tensor> = {
  /** The shape of `x`. */
  output: T;
  /** Running mean after this batch, `[C]`; a copy of `mean` without training. No gradient flows to it. */
  runningMean: tf.Tensor1D;
  /** Running variance after this batch, `[C]`; a copy of `variance` without training. No gradient flows to it. */
  runningVariance: tf.Tensor1D;
};

/**
 * Normalises each channel over the batch.
 *
 * y = γ x̂ + β with x̂ = (x - mean) / √(variance + ε). In training mean and (biased) variance are those of the batch,
 * dx = γ (dy - mean(dy) - x̂ mean(dy x̂)) / √(variance + ε), and the running statistics become
 * (1 - momentum) old + momentum new with the *unbiased* variance. Otherwise they are the running ones, constants. As
 * PyTorch's `batch_norm`, but for returning the running statistics.
 *
 * @param x `[B, H, W, C]` or `[B, C]`, float32. Borrowed.
 * @throws {TypeError} If shapes or dtypes do not fit.
 * @throws {RangeError} If training has only one value per channel, `momentum` is not in [0, 1], or `epsilon` is not
 * positive.
 *
 * @example
 * ```ts
 * import { batchNorm, tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const [zero, one] = [tf.zeros<tf.Rank.R1>([1]), tf.ones<tf.Rank.R1>([1])];
 * const options = { scale: one, offset: zero, mean: zero, variance: one };
 * const x = tf.tensor2d([[2], [4]]); // mean 3, unbiased variance 2
 * const y = batchNorm(x, { ...options, training: true });
 * y.output.print(); // [[-1], [1]]
 * y.runningMean.print(); // [0.3]
 * y.runningVariance.print(); // [1.1]
 * ```
 */
export function batchNorm<T extends tf.Tensor4D | tf.Tensor2D>(
  x: T,
  options: BatchNormOptions,
): BatchNormResult<T> {
  const { mean, variance, training = false, momentum = 0.1 } = options;
  check(x, options);
  return tf.tidy(() => {
    const images = toImages(x);
    if (!training) {
      return {
        output: tf.reshape(applyRunning(images, options), x.shape) as T,
        runningMean: tf.clone(mean),
        runningVariance: tf.clone(variance),
      };
    }
    const kernels = native();
    const { output, batchMean, batchVariance } = kernels === undefined
      ? normalise(images, options)
      : normaliseNative(kernels, images, options);
    const mix = (old: tf.Tensor1D, batch: tf.Tensor1D) =>
      stopGradient(
        tf.add<tf.Tensor1D>(tf.mul(old, 1 - momentum), tf.mul(batch, momentum)),
      );
    return {
      output: tf.reshape(output, x.shape) as T,
      runningMean: mix(mean, batchMean),
      runningVariance: mix(variance, batchVariance),
    };
  });
}

interface Normalised {
  output: tf.Tensor4D;
  batchMean: tf.Tensor1D;
  /** Unbiased. */
  batchVariance: tf.Tensor1D;
}

/** A fixed map of each channel: γ (x - mean) / √(variance + ε) + β. */
function applyRunning(x: tf.Tensor4D, options: BatchNormOptions): tf.Tensor4D {
  const { scale, offset, mean, variance, epsilon = 1e-5 } = options;
  return withGradient<tf.Tensor4D>([x, scale, offset], () => {
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    return {
      value: tf.batchNorm4d(x, mean, variance, offset, scale, epsilon),
      saved: [x, scale, mean, inverse],
      gradient: (slope, [x, scale, mean, inverse]) => {
        const along = tf.sum(tf.mul(slope, tf.sub(x, mean)), [0, 1, 2]);
        return [
          tf.mul(slope, tf.mul(scale, inverse)),
          tf.mul(along, inverse),
          tf.sum(slope, [0, 1, 2]),
        ];
      },
    };
  });
}

function normalise(x: tf.Tensor4D, options: BatchNormOptions): Normalised {
  const { scale, offset, epsilon = 1e-5 } = options;
  const channels = x.shape[3];
  const count = x.size / channels;
  const rows = (y: tf.Tensor) => tf.reshape(y, [count, channels]);
  const flat = rows(x);
  const mean = tf.mean(flat, 0);
  const centred = tf.sub(flat, mean);
  const squares = tf.sum(tf.square(centred), 0);
  const output = withGradient<tf.Tensor4D>([x, scale, offset], () => {
    const inverse = tf.rsqrt(tf.add(tf.mul(squares, 1 / count), epsilon));
    const normal = tf.mul(centred, inverse);
    return {
      value: tf.reshape(tf.add(tf.mul(normal, scale), offset), x.shape),
      saved: [normal, tf.mul(inverse, scale)],
      gradient: (slope, [normal, factor]) => {
        const dy = rows(slope);
        const total = tf.sum(dy, 0);
        const along = tf.sum(tf.mul(dy, normal), 0);
        const tilt = tf.mul(normal, tf.mul(along, 1 / count));
        const dx = tf.mul(
          factor,
          tf.sub(tf.sub(dy, tilt), tf.mul(total, 1 / count)),
        );
        return [tf.reshape(dx, slope.shape), along, total];
      },
    };
  });
  return {
    output,
    batchMean: mean as tf.Tensor1D,
    batchVariance: tf.mul(squares, 1 / (count - 1)) as tf.Tensor1D,
  };
}

/** One operation each way. Not the third version of it, which has an output whose shape no trace can know. */
function normaliseNative(
  kernels: Native,
  x: tf.Tensor4D,
  options: BatchNormOptions,
): Normalised {
  const { scale, offset, epsilon = 1e-5 } = options;
  const attributes = { epsilon, data_format: "NHWC", is_training: true };
  const call = { outputs: 5, types: ["U"] };
  const none = tf.tensor1d([]);
  const [output, batchMean, batchVariance, ...reserved] = kernels.run(
    "FusedBatchNormV2",
    [x, scale, offset, none, none],
    attributes,
    call,
  );
  return {
    output: withGradient<tf.Tensor4D>([x, scale, offset], () => ({
      value: output as tf.Tensor4D,
      saved: [x, scale, ...reserved],
      gradient: (slope, saved) =>
        kernels.run(
          "FusedBatchNormGradV2",
          [slope, ...saved],
          attributes,
          call,
        ).slice(0, 3),
    })),
    batchMean: batchMean as tf.Tensor1D,
    batchVariance: batchVariance as tf.Tensor1D,
  };
}

function toImages(x: tf.Tensor4D | tf.Tensor2D): tf.Tensor4D {
  return x.rank === 4
    ? x as tf.Tensor4D
    : tf.reshape(x, [x.shape[0], 1, 1, x.shape[1]]);
}

function check(
  x: tf.Tensor4D | tf.Tensor2D,
  options: BatchNormOptions,
): void {
  const { scale, offset, mean, variance } = options;
  const { training = false, epsilon = 1e-5, momentum = 0.1 } = options;
  const act = "apply batch normalisation";
  if (x.rank !== 4 && x.rank !== 2) {
    throw refusal(act, "x", "of rank 2 or 4", shapeOf(x));
  }
  checkDtype(act, "x", x);
  const channels = x.shape[x.rank - 1]!;
  for (
    const [name, value] of Object.entries({ scale, offset, mean, variance })
  ) checkTensor(act, name, value, [channels]);
  checkEpsilon(act, epsilon);
  const isShare = momentum >= 0 && momentum <= 1;
  checkNumber(act, "momentum", momentum, "in [0, 1]", isShare);
  if (training) {
    const count = x.size / channels;
    const rule = "at least 2 when training";
    checkNumber(act, "values per channel", count, rule, count >= 2);
  }
}

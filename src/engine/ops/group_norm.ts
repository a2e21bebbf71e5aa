/**
 * Group normalisation.
 *
 * @module
 */
import { tf } from "../tf.ts";
import { checkEpsilon, checkNumber, checkTensor } from "./check.ts";
import { type Native, native } from "./native.ts";
import { isTakingGradient, withGradient } from "./own_gradient.ts";

/** Options of {@linkcode groupNorm}. */
export interface GroupNormOptions {
  /** Number of groups G the channels are cut into, in order; must divide C. */
  groups: number;
  /** Factor γ of each channel, `[C]`. Borrowed. */
  scale: tf.Tensor1D;
  /** Summand β of each channel, `[C]`. Borrowed. */
  offset: tf.Tensor1D;
  /** What is added to the variance. @default {1e-5} */
  epsilon?: number;
}

/**
 * Normalises each image over its pixels and each group of C / G neighbouring channels.
 *
 * y = γ x̂ + β with x̂ = (x - mean) r, r = 1 / √(variance + ε); mean and (biased) variance over H W C / G values. With
 * g = γ dy, dx = r (g - mean(g) - x̂ mean(g x̂)). As PyTorch's `group_norm`.
 *
 * All sums over pixels are taken per channel first and joined to groups after, which keeps channels the last axis, and
 * everything that is not per pixel is folded into one factor and one summand per channel.
 *
 * @param x Images `[B, H, W, C]`, float32. Borrowed.
 * @returns The same shape. Owned by the caller.
 * @throws {TypeError} If shapes or dtypes do not fit.
 * @throws {RangeError} If `groups` does not divide the channels, or `epsilon` is not positive.
 *
 * @example
 * ```ts
 * import { groupNorm, tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const x = tf.tensor4d([1, 3, 10, 30], [1, 1, 1, 4]);
 * const [scale, offset] = [tf.ones<tf.Rank.R1>([4]), tf.zeros<tf.Rank.R1>([4])];
 * const y = groupNorm(x, { groups: 2, scale, offset });
 * console.log(y.dataSync()); // -1 1 -1 1
 * ```
 */
export function groupNorm(
  x: tf.Tensor4D,
  options: GroupNormOptions,
): tf.Tensor4D {
  const { groups, scale, offset, epsilon = 1e-5 } = options;
  const act = "apply group normalisation";
  checkTensor(act, "x", x, [null, null, null, null]);
  const [samples, height, width, channels] = x.shape;
  checkTensor(act, "scale", scale, [channels]);
  checkTensor(act, "offset", offset, [channels]);
  const rule = `a whole number that divides the ${channels} channels`;
  const divides = groups > 0 && Number.isInteger(channels / groups) &&
    Number.isInteger(groups);
  checkNumber(act, "groups", groups, rule, divides);
  checkEpsilon(act, epsilon);

  const pixels = height * width;
  const size = channels / groups;
  const rows = (y: tf.Tensor) => tf.reshape(y, [samples, pixels, channels]);
  /** `[B, 1, C]` of sums over pixels to `[B, G, 1]` of means over groups. */
  const groupMean = (sums: tf.Tensor) => {
    const grouped = tf.reshape(sums, [samples, groups, size]);
    return tf.mul(tf.sum(grouped, 2, true), 1 / (pixels * size));
  };
  /** `[B, G, 1]`, times `[C]`, to `[B, 1, C]`. */
  const perChannel = (ofGroup: tf.Tensor, factor?: tf.Tensor) => {
    const spread = factor === undefined
      ? tf.tile(ofGroup, [1, 1, size])
      : tf.mul(ofGroup, tf.reshape(factor, [groups, size]));
    return tf.reshape(spread, [samples, 1, channels]);
  };

  const kernels = native();
  if (
    kernels !== undefined && samples === 1 && pixels > 1 && !isTakingGradient()
  ) {
    return tf.tidy(() => normalizeOne(kernels, x, { ...options, epsilon }));
  }
  return tf.tidy(() =>
    withGradient<tf.Tensor4D>([x, scale, offset], () => {
      const flat = rows(x);
      const mean = groupMean(tf.sum(flat, 1, true)); // [B, G, 1]
      const squares = tf.squaredDifference(flat, perChannel(mean));
      const variance = groupMean(tf.sum(squares, 1, true));
      const inverse = tf.rsqrt(tf.add(variance, epsilon));
      const factor = perChannel(inverse, scale); // [B, 1, C]
      const shift = tf.sub(offset, tf.mul(perChannel(mean), factor));
      const value = tf.add(tf.mul(flat, factor), shift);
      return {
        value: tf.reshape(value, x.shape),
        saved: [x, scale, mean, inverse],
        gradient: (slope, [x, scale, mean, inverse]) => {
          const [flat, dy] = [rows(x), rows(slope)];
          const total = tf.sum(dy, 1, true); // [B, 1, C]
          const along = tf.mul(
            tf.sub(
              tf.sum(tf.mul(dy, flat), 1, true),
              tf.mul(total, perChannel(mean)),
            ),
            perChannel(inverse),
          ); // sum of dy x̂
          const level = groupMean(tf.mul(total, scale));
          const tilt = tf.mul(groupMean(tf.mul(along, scale)), inverse);
          // The formula above, sorted by what multiplies dy, x and 1.
          const perPixel = tf.sub(
            tf.mul(dy, perChannel(inverse, scale)),
            tf.mul(flat, perChannel(tf.mul(tilt, inverse))),
          );
          const rest = tf.mul(inverse, tf.sub(tf.mul(mean, tilt), level));
          return [
            tf.reshape(tf.add(perPixel, perChannel(rest)), slope.shape),
            tf.sum(along, [0, 1]),
            tf.sum(total, [0, 1]),
          ];
        },
      };
    })
  );
}

/**
 * A single image, without a gradient: TensorFlow's batch normalisation gives the statistics of all channels in one
 * operation, and applies those of the groups in another, where the above takes five passes over memory.
 */
function normalizeOne(
  kernels: Native,
  x: tf.Tensor4D,
  { groups, scale, offset, epsilon }: Required<GroupNormOptions>,
): tf.Tensor4D {
  const [, height, width, channels] = x.shape;
  const [pixels, size] = [height * width, channels / groups];
  const [zeros, ones] = [tf.zeros([channels]), tf.ones([channels])];
  const grouped = (y: tf.Tensor) => tf.reshape(y, [groups, size]);
  const normalize = (training: boolean, inputs: tf.Tensor[]) =>
    kernels.run("FusedBatchNormV2", [x, ...inputs], {
      epsilon: training ? 1 : 0, // of the first, only the statistics are used
      data_format: "NHWC",
      is_training: training,
    }, { outputs: 5, types: ["U"] });
  const none = tf.tensor1d([]);
  const [, means, unbiased] = normalize(true, [ones, zeros, none, none]);
  const mean = tf.mean(grouped(means), 1, true); // [G, 1]
  const within = tf.mean(grouped(unbiased), 1, true);
  const between = tf.mean(tf.squaredDifference(grouped(means), mean), 1, true);
  const variance = tf.add(tf.mul(within, (pixels - 1) / pixels), between);
  const inverse = tf.rsqrt(tf.add(variance, epsilon));
  const factor = tf.mul(inverse, grouped(scale)); // [G, C / G]
  const shift = tf.sub(grouped(offset), tf.mul(mean, factor));
  const perChannel = (y: tf.Tensor) => tf.reshape(y, [channels]);
  const [y] = normalize(false, [
    perChannel(factor),
    perChannel(shift),
    zeros,
    ones,
  ]);
  return y as tf.Tensor4D;
}

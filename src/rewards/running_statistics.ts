/**
 * Eq. 10 with statistics kept per identity from batch to batch.
 *
 * @module
 */
import { checkOneOf, checkRange, checkShape } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import { type BatchLabels, labelTensor, membership } from "./batch_labels.ts";
import { divideByDeviation } from "./standardize_rewards.ts";
import type { BaselineOptions } from "./baseline.ts";
import { type RewardParts, stackParts } from "./total_reward.ts";

/**
 * Mean and variance of the three raw rewards for each identity, as plain tensors: a state that goes into a batch and
 * comes out renewed, so it can pass through `jit` and be saved. The three rewards are in the order semantic, coverage,
 * expressive. A `type`, for `tf.tidy` and `tf.dispose`.
 */
export type RunningStatistics = {
  /** How many samples the statistics of an identity stand for, `[I]`; 0 before its first. */
  weight: tf.Tensor1D;
  /** Means, `[I, 3]`. */
  mean: tf.Tensor2D;
  /** Population variances, `[I, 3]`. */
  variance: tf.Tensor2D;
};

/** Options of {@linkcode updateRunningStatistics}. */
export interface UpdateRunningStatisticsOptions {
  /**
   * By what an identity's past is multiplied when new samples of it come, in [0, 1]: 1 weighs all samples alike, 0 keeps
   * the last batch only. Rewards drift as the generator learns. Ours.
   * @default 0.9
   */
  decay?: number;
}

/**
 * Statistics before the first batch.
 *
 * @param identities Number of identities I.
 * @returns Zeros. Owned by the caller.
 * @throws {RangeError} If `identities` is not a whole number above 0.
 *
 * @example
 * ```ts
 * import { emptyRunningStatistics } from "@outis/outis/rewards";
 *
 * emptyRunningStatistics(30).mean.shape; // [30, 3]
 * ```
 */
export function emptyRunningStatistics(identities: number): RunningStatistics {
  checkRange("start statistics", "identities", identities, {
    min: 1,
    integer: true,
  });
  return {
    weight: tf.zeros([identities]),
    mean: tf.zeros([identities, 3]),
    variance: tf.zeros([identities, 3]),
  };
}

/**
 * Adds a batch to the statistics.
 *
 * Means and variances of past and batch are merged exactly (Chan, Golub and LeVeque): with `decay` 1 the result is that
 * of all samples at once. Identities absent from the batch keep theirs.
 *
 * @param statistics Statistics so far. Borrowed.
 * @param parts Raw rewards of the batch, `[B]` each. Borrowed.
 * @param labels Identity of each sample, 0 to I - 1, `[B]`. Borrowed.
 * @param options How fast the past fades.
 * @returns New statistics. Owned by the caller.
 * @throws {TypeError} If lengths differ.
 * @throws {RangeError} If `decay` is outside [0, 1].
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { emptyRunningStatistics, updateRunningStatistics } from "@outis/outis/rewards";
 *
 * const parts = {
 *   semantic: tf.tensor1d([0.5, 0.7]),
 *   coverage: tf.tensor1d([0, 0.2]),
 *   expressive: tf.tensor1d([-1, -1]),
 * };
 * const next = updateRunningStatistics(emptyRunningStatistics(1), parts, [0, 0]);
 * next.mean.print(); // [[0.6, 0.1, -1]]
 * ```
 */
export function updateRunningStatistics(
  statistics: RunningStatistics,
  parts: RewardParts,
  labels: BatchLabels,
  options: UpdateRunningStatisticsOptions = {},
): RunningStatistics {
  const { decay = 0.9 } = options;
  const act = "update statistics";
  checkRange(act, "decay", decay, { min: 0, max: 1 });
  const identities = statistics.weight.shape[0];
  checkShape(act, "mean", statistics.mean, [identities, 3]);
  checkShape(act, "variance", statistics.variance, [identities, 3]);
  return tf.tidy(() => {
    const values = tf.transpose(stackParts(act, parts)) as tf.Tensor2D; // [B, 3]
    const tensor = labelTensor(act, labels, values.shape[0]);
    const member = membership(tensor, identities); // [B, I]
    const count = tf.expandDims(tf.sum(member, 0), 1); // [I, 1]
    const present = tf.greater(count, 0); // [I, 1]
    const past = tf.mul(
      tf.expandDims(statistics.weight, 1),
      tf.where(present, tf.fill(count.shape, decay), tf.onesLike(count)),
    ); // [I, 1]
    const weight = tf.add(past, count); // [I, 1]
    const divisor = tf.maximum(count, 1);
    const whole = tf.where(present, weight, tf.onesLike(weight));
    const batchMean = tf.div(tf.matMul(member, values, true), divisor); // [I, 3]
    const spread = tf.sub(values, tf.matMul(member, batchMean)); // [B, 3]
    const batchSquares = tf.matMul(member, tf.square(spread), true); // [I, 3]
    const step = tf.mul(
      tf.sub(batchMean, statistics.mean),
      tf.cast(present, "float32"),
    ); // [I, 3]
    const fresh = tf.div(count, whole); // [I, 1], share of the new samples
    const mean = tf.add(statistics.mean, tf.mul(step, fresh));
    const between = tf.mul(tf.mul(tf.square(step), past), fresh); // [I, 3]
    const merged = tf.div(
      tf.addN([tf.mul(past, statistics.variance), batchSquares, between]),
      whole,
    );
    return {
      weight: tf.squeeze(weight, [1]),
      mean,
      variance: tf.where(
        tf.tile(present, [1, 3]),
        merged,
        statistics.variance,
      ),
    } as RunningStatistics;
  });
}

/**
 * Standardises raw rewards by running statistics in place of those of the batch (eq. 10).
 *
 * With the baseline `"batch"`, mean and deviation are those of all samples the statistics stand for, identities pooled;
 * with `"identity"` a sample's own identity gives the mean, and the deviation is the pooled one within identities.
 *
 * @param statistics Statistics, the batch already in them. Borrowed.
 * @param parts Raw rewards, `[B]` each. Borrowed.
 * @param labels Identity of each sample, 0 to I - 1, `[B]`. Borrowed.
 * @param options Baseline and eps0.
 * @returns Standardised rewards, `[B]` each. Owned by the caller.
 * @throws {TypeError} If lengths differ.
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { standardizeByStatistics } from "@outis/outis/rewards";
 *
 * const statistics = {
 *   weight: tf.tensor1d([2]),
 *   mean: tf.tensor2d([[0.5, 0, -1]]),
 *   variance: tf.tensor2d([[0.01, 1, 1]]),
 * };
 * const parts = {
 *   semantic: tf.tensor1d([0.6]),
 *   coverage: tf.tensor1d([2]),
 *   expressive: tf.tensor1d([-1]),
 * };
 * standardizeByStatistics(statistics, parts, [0]).semantic.print(); // [1]
 * ```
 */
export function standardizeByStatistics(
  statistics: RunningStatistics,
  parts: RewardParts,
  labels: BatchLabels,
  options: Omit<BaselineOptions, "labels"> = {},
): RewardParts {
  const { baseline = "batch", ...settings } = options;
  const act = "standardize rewards";
  checkOneOf(act, "baseline", baseline, ["batch", "identity"]);
  return tf.tidy(() => {
    const values = tf.transpose(stackParts(act, parts)) as tf.Tensor2D; // [B, 3]
    const tensor = labelTensor(act, labels, values.shape[0]);
    const share = tf.expandDims(
      tf.div(statistics.weight, tf.maximum(tf.sum(statistics.weight), 1e-30)),
      1,
    ); // [I, 1]
    const within = tf.sum(tf.mul(statistics.variance, share), 0); // [3]
    const grand = tf.sum(tf.mul(statistics.mean, share), 0); // [3]
    const apart = tf.square(tf.sub(statistics.mean, grand)); // [I, 3]
    const variance = baseline === "identity"
      ? within
      : tf.add(within, tf.sum(tf.mul(apart, share), 0)); // [3]
    const mean = baseline === "identity"
      ? tf.gather(statistics.mean, tensor) // [B, 3]
      : grand;
    const result = divideByDeviation(
      tf.sub(values, mean),
      variance,
      settings,
    ); // [B, 3]
    const [semantic, coverage, expressive] = tf.unstack(result, 1);
    return { semantic, coverage, expressive } as RewardParts;
  });
}

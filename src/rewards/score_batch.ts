/**
 * All rewards of a batch over several identities, in one call.
 *
 * @module
 */
import { checkOneOf, checkRange, checkShape } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import {
  type BatchLabels,
  isTensorLabels,
  labelTensor,
} from "./batch_labels.ts";
import { checkBatch, runLength, type SmallGroups } from "./check_batch.ts";
import { checkFeatures, hasValues } from "./check_features.ts";
import {
  checkCoverageOptions,
  coverageCredits,
  type DistributionalCoverageOptions,
} from "./distributional_coverage.ts";
import {
  checkDiversityOptions,
  diversityCredits,
  type ExpressiveDiversityOptions,
} from "./expressive_diversity.ts";
import { blockSums, type GroupSums, maskedSums } from "./group_sums.ts";
import type { EmbedderTrait, MemoryBank } from "./memory_bank.ts";
import {
  type RunningStatistics,
  standardizeByStatistics,
  updateRunningStatistics,
  type UpdateRunningStatisticsOptions,
} from "./running_statistics.ts";
import { type BaselineOptions, chooseBaseline, runMeans } from "./baseline.ts";
import {
  nameWeights,
  type RewardWeights,
  type RewardWeightTensors,
} from "./reward_weights.ts";
import { cosineReward } from "./semantic_consistency.ts";
import { standardizeRows } from "./standardize_rewards.ts";
import {
  chooseWeights,
  combineRows,
  type RewardParts,
  stackParts,
  unstackParts,
} from "./total_reward.ts";

/** Options of eqs. 5 and 9 and of the batch's layout. */
export interface RawRewardOptions {
  /** Options of eq. 5; `sigma` is the bank's bandwidth unless given. */
  coverage?: Partial<DistributionalCoverageOptions>;
  /** Options of eq. 9. */
  expressive?: ExpressiveDiversityOptions;
  /**
   * Promise that the samples come as P identities with this many each, an identity's samples in a row: then blocks are
   * computed instead of masks, P times less work. Without it any order and any numbers go; where labels can be looked at,
   * such runs are found without the promise.
   */
  samplesPerIdentity?: number;
  /**
   * What to do with an identity that has too few samples for eq. 6 (one; two where leave-one-out is asked for):
   * `"refuse"`, or take a set of one as one without spread. Inside a traced function labels cannot be looked at, so there
   * it is always the latter; call {@linkcode checkBatch} outside. With `"zeroSpread"` labels in a tensor are not looked at
   * anywhere.
   * @default "refuse"
   */
  smallGroups?: SmallGroups;
  /** The embedder that made the features, to be compared with the bank's. */
  embedder?: EmbedderTrait;
}

/** Options of {@linkcode scoreBatch}. */
export interface ScoreBatchOptions
  extends RawRewardOptions, Omit<BaselineOptions, "labels"> {
  /**
   * Weights of eq. 11: numbers, or `"adaptive"`, those of {@linkcode adaptiveWeights} for this batch.
   * @default the paper's: semantic 1, coverage 0.75, expressive 0.25
   */
  weights?: RewardWeights | "adaptive";
  /**
   * What the rewards are standardised by (eq. 10): the batch, as printed, or statistics kept per identity; these are
   * renewed with the batch first and come back in the result. Borrowed.
   * @default "batch"
   */
  statistics?: "batch" | RunningStatistics;
  /** How fast running statistics fade. @default that of {@linkcode updateRunningStatistics} */
  decay?: UpdateRunningStatisticsOptions["decay"];
}

/** Rewards of a batch. A `type`, for `tf.tidy` and `tf.dispose`. */
export type BatchScore = {
  /** Total reward (eq. 11), in [-1, 1], `[B]`. */
  total: tf.Tensor1D;
  /** Eqs. 3, 5 and 9, `[B]` each. */
  raw: RewardParts;
  /** Eq. 10, `[B]` each. */
  standardized: RewardParts;
  /** Weights of eq. 11 that were used, scalars. */
  weights: RewardWeightTensors;
  /** Renewed statistics; only where statistics were given. */
  statistics?: RunningStatistics;
};

/**
 * Scores a batch of generated images of several identities: eqs. 2 to 11.
 *
 * Per identity exactly what {@linkcode semanticConsistency}, {@linkcode distributionalCoverage} and
 * {@linkcode expressiveDiversity} give for its samples against its references; then {@linkcode totalReward} over the
 * batch. A fixed number of tensor operations whatever the number of identities; runs inside `jit` (labels as a tensor)
 * and is differentiable in the features. While it is traced, values are not looked at: see {@linkcode checkFeatures}.
 *
 * @param features Features of generated images, `[B, D]`, any norm. Borrowed.
 * @param labels Identity of each, as the bank numbers them, `[B]`. Borrowed.
 * @param bank Memory bank. Borrowed.
 * @param options Options of each equation, statistics, weights and layout.
 * @returns Rewards. Owned by the caller.
 * @throws {TypeError} If the features have another width than the bank's, or lengths differ.
 * @throws {RangeError} If an option is out of range; if the embedder is another; if a feature has no direction; if labels
 * are unknown or name too few samples of an identity, or one identity only where that leaves eq. 9 without a signal; if
 * shared credit meets the baseline `"identity"` without running statistics, where eq. 9 would be zero for every sample.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { MemoryBank, scoreBatch } from "@outis/outis/rewards";
 *
 * const references = tf.tensor2d([[1, 0], [0, 1], [-1, 0], [-1, 1]]);
 * using bank = MemoryBank.fromFeatures(references, [0, 0, 1, 1], {
 *   fingerprint: "an embedder's",
 * });
 * const generated = tf.tensor2d([[1, 1], [-1, 0], [1, 0], [0, 1]]);
 * const { total, raw } = scoreBatch(generated, [0, 1, 0, 1], bank);
 * raw.semantic.print();
 * total.print();
 * ```
 */
export function scoreBatch(
  features: tf.Tensor2D,
  labels: BatchLabels,
  bank: MemoryBank,
  options: ScoreBatchOptions = {},
): BatchScore {
  const { weights, baseline, epsilon, statistics = "batch", decay } = options;
  const running = statistics !== "batch";
  const credit = options.expressive?.credit ?? "shared";
  if (credit === "shared" && baseline === "identity" && !running) {
    throw new RangeError(
      `Cannot score a batch as 'expressive.credit' must be "leaveOneOut" with the baseline "identity" and statistics of the batch: current value is "shared", which leaves zero`,
    );
  }
  const samples = options.samplesPerIdentity;
  return tf.tidy(() => {
    const tensor = labelTensor("score a batch", labels, features.shape[0]);
    const sums = groupSums(features, labels, tensor, bank, {
      ...options,
      manyIdentities: credit === "shared" && !running,
    });
    const rows = rawRows(sums, options, features.shape[0]); // [3, B]
    const raw = unstackParts(rows);
    const settings = {
      ...(baseline === undefined ? {} : { baseline }),
      ...(epsilon === undefined ? {} : { epsilon }),
    };
    const renewed = running
      ? updateRunningStatistics(
        statistics,
        raw,
        tensor,
        decay === undefined ? {} : { decay },
      )
      : undefined;
    const ownMeans = baseline === "identity" && samples !== undefined
      ? runMeans(samples)
      : chooseBaseline(features.shape[0], { ...settings, labels: tensor });
    const standardized = renewed === undefined
      ? standardizeRows(rows, settings, ownMeans)
      : stackParts(
        "score a batch",
        standardizeByStatistics(renewed, raw, tensor, settings),
      ); // [3, B]
    const chosen = chooseWeights(standardized, weights); // [3]
    return {
      total: combineRows(standardized, chosen),
      raw,
      standardized: unstackParts(standardized),
      weights: nameWeights(chosen),
      ...(renewed === undefined ? {} : { statistics: renewed }),
    };
  });
}

/**
 * Checks a batch and sums over its pairs.
 *
 * @param features Features, `[B, D]`. Borrowed.
 * @param given Labels as the caller gave them.
 * @param labels The same as a tensor, `[B]`. Borrowed.
 * @param bank Memory bank. Borrowed.
 * @param options Options; `manyIdentities` refuses a batch of one identity.
 * @returns Sums. Owned by the caller.
 * @throws {TypeError} If shapes do not fit.
 * @throws {RangeError} If an option is out of range or the batch cannot be scored.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { MemoryBank } from "@outis/outis/rewards";
 * import { groupSums } from "./score_batch.ts";
 *
 * const references = tf.tensor2d([[1, 0], [0, 1], [-1, 0], [-1, 1]]);
 * using bank = MemoryBank.fromFeatures(references, [0, 0, 1, 1], {
 *   fingerprint: "an embedder's",
 * });
 * const features = tf.tensor2d([[1, 0], [0, 1], [-1, 0], [-1, 0]]);
 * const labels = [0, 0, 1, 1];
 * const tensor = tf.tensor1d(labels, "int32");
 * const options = { manyIdentities: true };
 * const sums = groupSums(features, labels, tensor, bank, options);
 * sums.count.print(); // [2, 2, 2, 2]
 * ```
 */
export function groupSums(
  features: tf.Tensor2D,
  given: BatchLabels,
  labels: tf.Tensor1D,
  bank: MemoryBank,
  options: RawRewardOptions & { manyIdentities: boolean },
): GroupSums {
  const act = "score a batch";
  const { coverage = {}, expressive = {}, samplesPerIdentity } = options;
  const { sigma = bank.bandwidth } = coverage;
  checkShape(act, "features", features, [null, bank.width]);
  checkRange(act, "number of samples", features.shape[0], { min: 1 });
  if (samplesPerIdentity !== undefined) {
    checkRange(act, "samplesPerIdentity", samplesPerIdentity, {
      min: 1,
      integer: true,
    });
    const runs = Math.floor(features.shape[0] / samplesPerIdentity);
    checkShape(act, "features", features, [runs * samplesPerIdentity, null]);
  }
  checkCoverageOptions(act, coverage);
  checkDiversityOptions(act, expressive);
  if (options.embedder !== undefined) bank.checkEmbedder(options.embedder);
  if (options.smallGroups !== undefined) {
    checkOneOf(act, "smallGroups", options.smallGroups, [
      "refuse",
      "zeroSpread",
    ]);
  }
  checkFeatures(act, "features", features);
  const known = isTensorLabels(given)
    ? hasValues() && options.smallGroups !== "zeroSpread"
      ? given.dataSync()
      : undefined
    : given;
  if (known !== undefined) checkBatch(known, bank, options);
  const samples = samplesPerIdentity ?? (known && runLength(known));
  return samples === undefined
    ? maskedSums(features, labels, bank, sigma)
    : blockSums(features, labels, bank, sigma, samples);
}

/**
 * Raw rewards from sums.
 *
 * @param sums Sums of a batch. Borrowed.
 * @param options Options of eqs. 5 and 9.
 * @param count Number of samples B.
 * @returns Eqs. 3, 5 and 9 for each sample, `[3, B]`. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { MemoryBank } from "@outis/outis/rewards";
 * import { groupSums, rawRows } from "./score_batch.ts";
 *
 * const references = tf.tensor2d([[1, 0], [0, 1], [-1, 0], [-1, 1]]);
 * using bank = MemoryBank.fromFeatures(references, [0, 0, 1, 1], {
 *   fingerprint: "an embedder's",
 * });
 * const features = tf.tensor2d([[1, 0], [0, 1], [-1, 0], [-1, 0]]);
 * const labels = [0, 0, 1, 1];
 * const tensor = tf.tensor1d(labels, "int32");
 * const options = { manyIdentities: true };
 * const sums = groupSums(features, labels, tensor, bank, options);
 * rawRows(sums, {}, 4).print(); // the first row in [0, 1]
 * ```
 */
export function rawRows(
  sums: GroupSums,
  options: RawRewardOptions,
  count: number,
): tf.Tensor2D {
  const { coverage = {}, expressive = {} } = options;
  return tf.tidy(() => {
    const semantic = cosineReward(sums.cosine); // [B] or [P, K]
    const rows = tf.stack([
      semantic,
      coverageCredits(sums, coverage),
      tf.broadcastTo(diversityCredits(sums, expressive), semantic.shape),
    ]);
    return tf.reshape(rows, [3, count]);
  });
}

/**
 * Rewards of generated images (section 4.2 of the paper): each equation a function of tensors, and all of them for a
 * batch over several identities at once.
 *
 * @module
 */
export {
  adaptiveWeights,
  type AdaptiveWeightsOptions,
  type RewardDirections,
} from "./adaptive_weights.ts";
export type { BatchLabels } from "./batch_labels.ts";
export type { BankTensors } from "./bank_tensors.ts";
export type { BaselineOptions } from "./baseline.ts";
export {
  checkBatch,
  type CheckBatchOptions,
  type SmallGroups,
} from "./check_batch.ts";
export { checkFeatures } from "./check_features.ts";
export {
  classPrototype,
  type ClassPrototypeOptions,
} from "./class_prototype.ts";
export { covariance, covarianceTrace } from "./covariance.ts";
export {
  type CoverageCreditOptions,
  distributionalCoverage,
  type DistributionalCoverageOptions,
  type SetReward,
} from "./distributional_coverage.ts";
export {
  expressiveDiversity,
  type ExpressiveDiversityOptions,
} from "./expressive_diversity.ts";
export { medianBandwidth } from "./median_bandwidth.ts";
export {
  type EmbedderTrait,
  type FeatureBankOptions,
  type IdentityView,
  type LabelledImages,
  MemoryBank,
  type MemoryBankArrays,
  type MemoryBankOptions,
} from "./memory_bank.ts";
export { loadMemoryBank, saveMemoryBank } from "./memory_bank_file.ts";
export { rbfKernel } from "./rbf_kernel.ts";
export {
  emptyRunningStatistics,
  type RunningStatistics,
  standardizeByStatistics,
  updateRunningStatistics,
  type UpdateRunningStatisticsOptions,
} from "./running_statistics.ts";
export {
  PAPER_WEIGHTS,
  type RewardWeights,
  type RewardWeightTensors,
} from "./reward_weights.ts";
export {
  type BatchScore,
  type RawRewardOptions,
  scoreBatch,
  type ScoreBatchOptions,
} from "./score_batch.ts";
export { semanticConsistency } from "./semantic_consistency.ts";
export {
  type SetRewards,
  setRewards,
  type SetRewardsOptions,
} from "./set_rewards.ts";
export {
  standardizeRewards,
  type StandardizeRewardsOptions,
} from "./standardize_rewards.ts";
export {
  type RewardParts,
  totalReward,
  type TotalRewardOptions,
} from "./total_reward.ts";
export {
  type Reward,
  type WeightedReward,
  weightedSum,
  type WeightedSumOptions,
} from "./weighted_sum.ts";

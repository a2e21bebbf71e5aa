/**
 * Policy optimisation on transitions of the denoising chain: objectives, advantages, divergences.
 *
 * @module
 */
export { advantages, type AdvantagesOptions } from "./advantages.ts";
export { dpokLoss, type DpokLossOptions } from "./dpok_loss.ts";
export { epsilonKl } from "./epsilon_kl.ts";
export { gaussianKl, type GaussianKlOptions } from "./gaussian_kl.ts";
export {
  groupRelativeAdvantages,
  type GroupRelativeAdvantagesOptions,
} from "./group_relative_advantages.ts";
export { importanceRatio } from "./importance_ratio.ts";
export type {
  PenaltyOptions,
  PolicyLossInput,
  PolicyObjective,
} from "./policy_objective.ts";
export { ppoLoss, type PpoLossOptions } from "./ppo_loss.ts";
export {
  type RatioStatistics,
  ratioStatistics,
  type RatioStatisticsOptions,
} from "./ratio_statistics.ts";
export { reinforceLoss } from "./reinforce_loss.ts";

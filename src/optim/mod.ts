/**
 * Optimisers as pure functions of records of tensors, and what goes with them.
 *
 * @module
 */
export { adam, type AdamOptions } from "./adam.ts";
export { averageStep } from "./average.ts";
export { byRank, type ByRankOptions } from "./by_rank.ts";
export { clipByNorm, type LossParts, valueAndGradients } from "./gradients.ts";
export type { Optimizer } from "./optimizer.ts";
export { type ParameterGroup, parameterGroups } from "./parameter_groups.ts";
export {
  cosineRate,
  type CosineRateOptions,
  stepRate,
  type StepRateOptions,
} from "./schedule.ts";
export { sgd, type SgdOptions } from "./sgd.ts";

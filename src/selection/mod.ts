/**
 * Dynamic selection of synthetic samples (section 4.3 of the paper).
 *
 * @module
 */
export type { LabelledBatch, SampleLoss } from "./batch_gradient.ts";
export {
  type ClassifierLoss,
  classifierUtility,
  type ClassifierUtilityOptions,
} from "./classifier_utility.ts";
export {
  lookaheadUtility,
  type LookaheadUtilityOptions,
} from "./lookahead_utility.ts";
export {
  selectLookahead,
  type SelectLookaheadOptions,
} from "./select_lookahead.ts";

/**
 * Dynamic selection of synthetic samples (section 4.3 of the paper).
 *
 * @module
 */
export {
  type LabelledBatch,
  lookaheadUtility,
  type LookaheadUtilityOptions,
  type SampleLoss,
} from "./lookahead_utility.ts";
export {
  selectLookahead,
  type SelectLookaheadOptions,
} from "./select_lookahead.ts";

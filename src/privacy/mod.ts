/**
 * Whose identity leaks: neighbours, match thresholds and tests of an audit; membership; differential privacy.
 *
 * @module
 */
export * from "./approximate_neighbours.ts";
export { type Crop } from "./crop_picture.ts";
export * from "./excess_test.ts";
export {
  findDuplicates,
  type FindDuplicatesOptions,
  type PixelDuplicate,
} from "./find_duplicates.ts";
export * from "./identity_centroids.ts";
export * from "./match_threshold.ts";
export * from "./nearest_neighbours.ts";
export * from "./pixel_prints.ts";
export * from "./membership_scores.ts";
export * from "./noise_for_epsilon.ts";
export * from "./renyi_accountant.ts";
export * from "./sampled_gaussian.ts";
export * from "./clipped_sum.ts";
export * from "./noisy_mean.ts";
export * from "./poisson_batches.ts";
export * from "./refuse_batch_normalization.ts";

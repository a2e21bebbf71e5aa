/**
 * Measures of recognition, in float64.
 *
 * @module
 */
export * from "./angle_distributions.ts";
export * from "./average_precision.ts";
export * from "./bias_metrics.ts";
export * from "./bootstrap_accuracies.ts";
export * from "./compare_bias.ts";
export * from "./confidence_interval.ts";
export * from "./dosnes.ts";
export * from "./features.ts";
export * from "./frechet_distance.ts";
export * from "./identification.ts";
export * from "./identity_consistency.ts";
export * from "./judge_pairs.ts";
export * from "./kernel_distance.ts";
export * from "./mc_nemar.ts";
export * from "./mean_and_error.ts";
export * from "./pair_distances.ts";
export * from "./percentile_interval.ts";
export * from "./prdc.ts";
export * from "./protocol_record.ts";
export * from "./rank_features.ts";
export * from "./ranking_meter.ts";
export * from "./ranking_metrics.ts";
export * from "./re_rank.ts";
export * from "./receiver_curve.ts";
export type { BiasOptions, VerifiedGroup } from "./redraw_groups.ts";
export * from "./separability.ts";
export * from "./student_t.ts";
export * from "./verification.ts";
export type { VerificationFold } from "./verification_folds.ts";
export * from "./verification_metrics.ts";
export * from "./verification_pairs.ts";

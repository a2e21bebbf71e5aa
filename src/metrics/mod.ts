/**
 * Measures of recognition, in float64.
 *
 * @module
 */
export * from "./features.ts";
export * from "./identification.ts";
export * from "./mean_and_error.ts";
export * from "./receiver_curve.ts";
export * from "./separability.ts";
export * from "./verification.ts";
export * from "./verification_pairs.ts";

/**
 * Procedural worlds: pictures of people who do not exist, from parameters that are known.
 *
 * @module
 */
export * from "./dead_leaves.ts";
export * from "./draw_identity.ts";
export * from "./faces.ts";
export * from "./identity.ts";
export * from "./nuisance.ts";
export * from "./render.ts";

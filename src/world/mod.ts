/**
 * Procedural worlds: pictures of people who do not exist, from parameters that are known.
 *
 * @module
 */
export * from "./dead_leaves.ts";
export * from "./draw_identity.ts";
export * from "./faces.ts";
export * from "./groups.ts";
export * from "./identity.ts";
export * from "./nuisance.ts";
export * from "./pedestrian_identity.ts";
export * from "./pedestrian_nuisance.ts";
export * from "./pedestrians.ts";
export * from "./render.ts";
export * from "./render_pedestrian.ts";

/**
 * Outis: synthetic identities by reinforcement, for recognition where real data is scarce and private.
 *
 * The whole toolkit in one import. Each room is also an entry point of its own (`@outis/outis/rewards`, ...).
 *
 * @module
 */
export * from "./src/engine/mod.ts";
export * from "./src/core/mod.ts";
export * from "./src/io/mod.ts";
export * from "./src/nn/mod.ts";
export * from "./src/optim/mod.ts";
export * from "./src/data/mod.ts";
export * from "./src/world/mod.ts";
export * from "./src/metrics/mod.ts";
export * from "./src/models/mod.ts";
export * from "./src/diffusion/mod.ts";
export * from "./src/rewards/mod.ts";
export * from "./src/policy/mod.ts";
export * from "./src/losses/mod.ts";
export * from "./src/selection/mod.ts";
export * from "./src/brownian/mod.ts";
export * from "./src/privacy/mod.ts";
export * from "./src/figures/mod.ts";
export * from "./src/stages/mod.ts";

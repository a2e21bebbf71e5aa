/**
 * Stand-in for `jsr:@std/assert` where JSR is out of reach: the code is npm's
 * `deno-std`, which carries no types, so those stand in mod.d.ts.
 *
 * @module
 */

// @ts-types="./mod.d.ts"
export * from "deno-std/assert/mod.js";

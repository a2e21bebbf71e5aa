/**
 * Stand-in for `jsr:@std/text/levenshtein-distance` where JSR is out of reach:
 * the code is npm's `deno-std`, which carries no types, so those stand in
 * levenshtein_distance.d.ts.
 *
 * @module
 */

// @ts-types="./levenshtein_distance.d.ts"
export * from "deno-std/text/levenshtein_distance.js";

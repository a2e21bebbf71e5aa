/**
 * Stand-in for `jsr:@std/cli/parse-args` where JSR is out of reach: the code
 * is npm's `deno-std`, which carries no types, so those stand in
 * parse_args.d.ts.
 *
 * @module
 */

// @ts-types="./parse_args.d.ts"
export * from "deno-std/cli/parse_args.js";

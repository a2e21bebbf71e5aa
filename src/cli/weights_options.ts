/**
 * Options of the commands that read weights.
 *
 * @module
 */
import type { OpenWeightsOptions } from "../io/mod.ts";

/** Which weights of a file are meant, and what may be passed over. */
export const weightsOptions = {
  group: {
    value: "NAME",
    help: "which weights, as ema; . for the top, * for all",
  },
  prefix: {
    value: "TEXT",
    help: "only names that begin so, without it, as first_stage_model.",
  },
  opaque: {
    value: "NAMES",
    help: "classes to pass over, with commas; nothing of them runs",
  },
  "no-checksums": { help: "read files whose checksums are wrong" },
} as const;

/**
 * Turns parsed options into those of `openWeights`.
 *
 * @param options Parsed options.
 * @returns What was given.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openOptions } from "./weights_options.ts";
 *
 * assertEquals(openOptions({ group: "ema", "no-checksums": false }), {
 *   group: "ema",
 *   opaque: [],
 *   checksums: true,
 * });
 * ```
 */
export function openOptions(
  options: {
    group?: string | undefined;
    prefix?: string | undefined;
    opaque?: string | undefined;
    "no-checksums": boolean;
  },
): OpenWeightsOptions {
  const { group, prefix, opaque } = options;
  return {
    ...(group === undefined ? {} : { group }),
    ...(prefix === undefined ? {} : { prefix }),
    opaque: opaque?.split(",").map((name) => name.trim()) ?? [],
    checksums: !options["no-checksums"],
  };
}

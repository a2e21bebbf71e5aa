/**
 * What a page of this project allows itself.
 *
 * @module
 */

/**
 * A Content-Security-Policy: nothing may be fetched, and no script may run but those given.
 *
 * @param scripts SHA-256 of the scripts in base64, as `scriptDigest` makes them.
 * @returns The policy, for a page's `<meta http-equiv>`.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { contentPolicy } from "./content_policy.ts";
 *
 * assert(contentPolicy([]).includes("script-src 'none'"));
 * ```
 */
export function contentPolicy(scripts: readonly string[]): string {
  const digests = scripts.map((digest) => `'sha256-${digest}'`).join(" ");
  return [
    "default-src 'none'",
    "img-src data: blob:",
    "style-src 'unsafe-inline'",
    `script-src ${digests || "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

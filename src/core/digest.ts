/**
 * Fingerprints: SHA-256 of bytes and of weights.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Params } from "./params.ts";

/**
 * SHA-256.
 *
 * @param bytes Bytes, or text taken as UTF-8.
 * @returns 64 hexadecimal digits.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { digestBytes } from "@outis/outis/core";
 *
 * assert(digestBytes("abc").startsWith("ba7816bf"));
 * ```
 */
export function digestBytes(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * SHA-256 of a record of weights: of names, shapes and float32 bytes, in the order of the names.
 *
 * @param params Weights. Borrowed.
 * @returns 64 hexadecimal digits, the same whatever order the record was filled in.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { tf } from "@outis/outis/engine";
 * import { digestParams, disposeParams } from "@outis/outis/core";
 *
 * const params = { scale: tf.ones([3]) };
 * assert((await digestParams(params)).length === 64);
 * disposeParams(params);
 * ```
 */
export async function digestParams(params: Params): Promise<string> {
  const hash = createHash("sha256");
  for (const name of Object.keys(params).sort()) {
    const { shape } = params[name];
    const data = Float32Array.from(await params[name].data());
    hash.update(JSON.stringify([name, shape]));
    hash.update(new Uint8Array(data.buffer));
  }
  return hash.digest("hex");
}

/**
 * sharp, loaded when the first image is read or written: who imports a room for its equations loads no native code.
 *
 * @module
 */
import type sharp from "sharp";

let loading: Promise<typeof sharp> | undefined;

/**
 * Loads sharp on the first call.
 *
 * @returns sharp itself.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { loadSharp } from "./load_sharp.ts";
 *
 * const sharp = await loadSharp();
 * const raw = { width: 1, height: 1, channels: 3 as const };
 * const png = await sharp(new Uint8Array(3), { raw }).png().toBuffer();
 * assertEquals(png[1], "P".charCodeAt(0));
 * ```
 */
export function loadSharp(): Promise<typeof sharp> {
  return loading ??= import("sharp").then((module) => module.default);
}

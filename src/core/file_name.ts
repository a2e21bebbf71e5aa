/**
 * Names of people's making as names of files.
 *
 * @module
 */

/**
 * A name as a file's.
 *
 * @param name Any text.
 * @returns Lower-case letters, digits, dots and dashes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fileName } from "@outis/outis/core";
 *
 * assertEquals(fileName("Langevin + DisCo, d_c 0.6"), "langevin-disco-d-c-0.6");
 * ```
 */
export function fileName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9.]+/g, "-");
}

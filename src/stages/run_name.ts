/**
 * What a run's images call the run.
 *
 * @module
 */
import { digestBytes, type RunDirectory } from "../core/mod.ts";

/**
 * Name of a run: the beginning of the SHA-256 of its configuration. Folders are renamed, and their names may tell of people;
 * and a run that is repeated gives the same images, to the byte.
 *
 * @param run The run.
 * @returns 16 hexadecimal digits.
 *
 * @example
 * ```ts
 * import { runName } from "./run_name.ts";
 *
 * console.log(runName({ manifest: { configuration: { seed: 1 } } }).length); // 16
 * ```
 */
export function runName({ manifest }: Pick<RunDirectory, "manifest">): string {
  return digestBytes(JSON.stringify(manifest.configuration)).slice(0, 16);
}

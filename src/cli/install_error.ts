/**
 * Errors of the set-up.
 *
 * @module
 */

/**
 * Why libtensorflow could not be installed, in one sentence for the user.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { InstallError } from "./install_error.ts";
 *
 * assertEquals(
 *   new InstallError("pip", "be there: there is none").message,
 *   "Cannot install TensorFlow as 'pip' must be there: there is none",
 * );
 * ```
 */
export class InstallError extends Error {
  /** Name that stands before the message. */
  override name = "InstallError";

  /**
   * Makes the sentence.
   *
   * @param what What is not as it must be.
   * @param rule What it must be, and what it is.
   */
  constructor(what: string, rule: string) {
    super(`Cannot install TensorFlow as '${what}' must ${rule}`);
  }
}

/**
 * The sentence for a full disk.
 *
 * @param folder Where there is no room.
 * @returns The error.
 *
 * @example
 * ```ts
 * import { noRoom } from "./install_error.ts";
 *
 * noRoom("/cache").message.endsWith("'/cache' is full"); // true
 * ```
 */
export function noRoom(folder: string): InstallError {
  return new InstallError("cache", `have room for it: '${folder}' is full`);
}

/**
 * Errors of the set-up.
 *
 * @module
 */

/** Why libtensorflow could not be installed, in one sentence for the user. */
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

/**
 * Which failures are the caller's to mend.
 *
 * @module
 */
import { UsageError } from "./options.ts";

/**
 * Runs what judges input; whatever it throws but an interruption becomes a mistake of the caller: exit code 2.
 *
 * @param read Reads or checks what the caller gave.
 * @returns What `read` returns.
 * @throws {UsageError} With the message of what `read` threw.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { badInput } from "./bad_input.ts";
 * import { UsageError } from "./options.ts";
 *
 * await assertRejects(() => badInput(() => JSON.parse("{")), UsageError);
 * ```
 */
export async function badInput<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DOMException) throw error; // an interruption
    throw new UsageError(error instanceof Error ? error.message : `${error}`);
  }
}

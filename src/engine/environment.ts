/**
 * The one place that reads environment variables.
 *
 * @module
 */

/**
 * Reads an environment variable.
 *
 * @param name Name of the variable.
 * @returns Its value; undefined where it is not set, is empty, or where this
 * program may not read it: what it would say is a convenience, never needed.
 *
 * @example
 * ```ts
 * import { environment } from "./environment.ts";
 *
 * const library = environment("OUTIS_LIBTENSORFLOW") ?? "not set by hand";
 * ```
 */
export function environment(name: string): string | undefined {
  try {
    return Deno.env.get(name) || undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}

/**
 * Keeps TensorFlow's start-up notices off standard error, unless the user has
 * chosen a log level. Has to run before the library is opened.
 *
 * @example
 * ```ts
 * import { quietTensorFlow } from "./environment.ts";
 *
 * quietTensorFlow();
 * ```
 */
export function quietTensorFlow(): void {
  try {
    if (Deno.env.get("TF_CPP_MIN_LOG_LEVEL") === undefined) {
      Deno.env.set("TF_CPP_MIN_LOG_LEVEL", "2");
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
  }
}

/**
 * The engine as the command line starts it.
 *
 * @module
 */
import { type BackendInfo, useBackend } from "../engine/mod.ts";
import { UsageError } from "./options.ts";
import { setup } from "./setup.ts";

/** Options of {@linkcode startEngine}, as they were parsed. */
export interface StartEngineOptions {
  /** Name of the backend. @default "auto" */
  backend?: string;
  /** Threads. @default all cores */
  threads?: number;
  /** Whether what is missing is installed; otherwise wasm computes meanwhile. @default true */
  installs?: boolean;
  /** Ends an installation. */
  signal?: AbortSignal;
  /** Called with each line for the user. */
  onLine: (line: string) => void;
}

/**
 * Sets up what is missing, starts the backend and says what computes.
 *
 * @param options Backend, threads, and where lines for the user go.
 * @returns What computes.
 * @throws {UsageError} If the user named a library that is no good.
 * @throws {InstallError} If the backend was asked for and cannot be had.
 *
 * @example
 * ```ts
 * import { startEngine } from "./start_engine.ts";
 *
 * const lines: string[] = [];
 * const engine = await startEngine({
 *   backend: "wasm",
 *   onLine: (line) => lines.push(line),
 * });
 * console.log(engine.description); // the last of the lines
 * ```
 */
export async function startEngine(
  options: StartEngineOptions,
): Promise<BackendInfo> {
  const { backend: wanted = "auto", threads, installs, signal, onLine } =
    options;
  try {
    const { backend } = await setup({
      backend: wanted as "auto",
      installs,
      onLine,
      signal,
    });
    const engine = await useBackend(backend, { threads });
    onLine(engine.description);
    return engine;
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

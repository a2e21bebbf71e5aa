/**
 * The run directory of a command that can be stopped and given again.
 *
 * @module
 */
import {
  isThere,
  type Json,
  openRunDirectory,
  type RunDirectory,
} from "../core/mod.ts";
import { badInput } from "./bad_input.ts";

/** What {@linkcode openRun} writes into the manifest. */
export interface RunDescription {
  /** Everything that decides the results; a choice left out counts as null. */
  configuration: { [name: string]: Json | undefined };
  /** What computes. */
  engine: object;
  /** Versions of what is used. */
  versions?: { [name: string]: string };
}

/**
 * Opens a run directory, or goes on with it if it is there.
 *
 * @param path The directory.
 * @param description Configuration, engine and versions.
 * @returns The directory, locked. Owned by the caller.
 * @throws {UsageError} If it belongs to another configuration or is in use.
 *
 * @example
 * ```ts
 * import { openRun } from "./open_run.ts";
 *
 * const folder = await Deno.makeTempDir();
 * {
 *   using run = await openRun(folder, { configuration: { seed: 1 }, engine: {} });
 *   console.log(run.path === folder); // true
 * }
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function openRun(
  path: string,
  { configuration, engine, versions }: RunDescription,
): Promise<RunDirectory> {
  const given = Object.entries(configuration)
    .map(([name, value]): [string, Json] => [name, value ?? null]);
  return await badInput(async () =>
    await openRunDirectory(path, {
      manifest: {
        configuration: Object.fromEntries(given),
        engine: { ...engine },
        ...(versions && { versions }),
      },
      resume: await isThere(`${path}/manifest.json`),
      now: Date.now,
    })
  );
}

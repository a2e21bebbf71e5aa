/**
 * What runs there are.
 *
 * @module
 */
import { RUN_SCHEMA, type RunManifest } from "./run_directory.ts";

/** One run directory, seen from outside. */
export interface FoundRun {
  /** Name of its folder. */
  name: string;
  /** Path of its folder. */
  path: string;
  /** `"running"` while a process has it open, `"finished"` where its manifest says so, else `"stopped"`. */
  state: "running" | "finished" | "stopped";
  /** Its manifest. */
  manifest: RunManifest;
  /** Size of all its files, bytes. */
  bytes: number;
}

/**
 * Lists the run directories in a folder, without touching them. What is no run of this schema is passed over.
 *
 * @param folder Where runs lie; a folder that is not there holds none.
 * @returns The runs, the one started last first.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { listRuns, openRunDirectory } from "@outis/outis/core";
 *
 * const folder = await Deno.makeTempDir();
 * const manifest = { configuration: { seed: 1 } };
 * {
 *   using _ = await openRunDirectory(`${folder}/one`, { manifest, now: Date.now });
 *   assertEquals((await listRuns(folder))[0].state, "running");
 * }
 * assertEquals((await listRuns(folder))[0].state, "stopped");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function listRuns(folder: string): Promise<FoundRun[]> {
  const found: FoundRun[] = [];
  for (const name of await foldersIn(folder)) {
    const path = `${folder}/${name}`;
    const manifest = await readManifest(path);
    if (manifest === undefined) continue;
    const state = await isLocked(path)
      ? "running"
      : manifest.finished === undefined
      ? "stopped"
      : "finished";
    found.push({ name, path, state, manifest, bytes: await sizeOf(path) });
  }
  const started = ({ manifest }: FoundRun) => String(manifest.started);
  return found.sort((a, b) =>
    started(b).localeCompare(started(a)) || a.name.localeCompare(b.name)
  );
}

async function foldersIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory) names.push(name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names;
}

async function readManifest(path: string): Promise<RunManifest | undefined> {
  try {
    const text = await Deno.readTextFile(`${path}/manifest.json`);
    const manifest = JSON.parse(text);
    const isRun = manifest?.format === "outis-run" &&
      manifest.schema === RUN_SCHEMA;
    return isRun ? manifest : undefined;
  } catch (error) {
    const isOther = error instanceof SyntaxError ||
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (!isOther) throw error;
    return undefined;
  }
}

/** Whether another has the run open. A lock that is got here is given back at once. */
async function isLocked(path: string): Promise<boolean> {
  try {
    using file = await Deno.open(`${path}/.lock`, { write: true });
    return !await file.tryLock(true);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function sizeOf(path: string): Promise<number> {
  let bytes = 0;
  for await (const { name, isDirectory, isFile } of Deno.readDir(path)) {
    const below = `${path}/${name}`;
    if (isDirectory) bytes += await sizeOf(below);
    if (isFile) bytes += (await Deno.stat(below)).size;
  }
  return bytes;
}

/**
 * The folder of a run: what was asked for, what came out, and a lock while it is in use.
 *
 * @module
 */
import { type MetricsLog, openMetricsLog } from "./metrics_log.ts";
import { writeAtomic } from "./write_atomic.ts";

/** Version of the layout of a run directory; another one is not resumed. */
export const RUN_SCHEMA = 1;

const FORMAT = "outis-run";
const MANIFEST = "manifest.json";
const LOCK = ".lock";

/** A value JSON can hold. */
export type Json =
  | string
  | number
  | boolean
  | null
  | Json[]
  | { [name: string]: Json };

/** Content of `manifest.json`. */
export type RunManifest = {
  /** Everything that decides the results; a run is resumed under the same configuration only. */
  configuration: { [name: string]: Json };
  /** Whatever else is worth knowing: versions, engine, data hashes, results. */
  [name: string]: Json;
};

/** Options of {@linkcode openRunDirectory}. */
export interface OpenRunDirectoryOptions {
  /** Written to `manifest.json` of a new run; its `configuration` is compared when resuming. */
  manifest: RunManifest;
  /** Continue the run in the folder instead of starting one. @default false */
  resume?: boolean;
  /** Clock, for the manifest's `started` and `resumed`, in milliseconds since 1970. */
  now: () => number;
}

/** An open run directory. Dispose it (`using`) to release the lock. */
export interface RunDirectory {
  /** The folder. */
  readonly path: string;
  /** Whether the run was there before. */
  readonly resumed: boolean;
  /** Content of `manifest.json`, of the first start where the run is resumed. */
  readonly manifest: RunManifest;
  /** `metrics.jsonl`. */
  readonly metrics: MetricsLog;
  /** Path of a file in the folder, as in `file("checkpoints", "generator.safetensors")`. */
  file(...parts: string[]): string;
  /** Writes a file whole or not at all, making its folder where needed; returns its path. */
  writeAtomic(name: string, content: Uint8Array | string): Promise<string>;
  /** Adds or replaces top-level fields of `manifest.json`. */
  updateManifest(fields: { [name: string]: Json }): Promise<void>;
  /** Writes into `manifest.json` that all is done, and when. */
  finish(): Promise<void>;
  /** Drops metrics that `keep` refuses: on resume, those after the checkpoint. */
  truncateMetrics: MetricsLog["truncate"];
  /** Releases the lock. */
  [Symbol.dispose](): void;
}

/**
 * Opens the folder of a run, new or to be continued.
 *
 * The lock belongs to the operating system and ends with the process, however it ends: nothing is left behind by a
 * kill. A folder that is refused is not touched.
 *
 * @param path Folder: missing, empty, or an earlier run to be resumed.
 * @param options Manifest, clock, and whether to resume.
 * @returns The open run directory. To be disposed by the caller.
 * @throws {RangeError} If the folder holds anything else, holds a run and `resume` is off, holds none and `resume` is
 *   on, is in use, somebody has withdrawn from it, or its run has another layout or configuration (the first differing
 *   field is named).
 * @throws {SyntaxError} If its manifest cannot be parsed.
 *
 * @example
 * ```ts
 * import { openRunDirectory } from "@outis/outis/core";
 *
 * const path = await Deno.makeTempDir();
 * {
 *   using run = await openRunDirectory(path, {
 *     manifest: { configuration: { seed: 1 } },
 *     now: () => 0,
 *   });
 *   run.metrics.append({ step: 1, loss: 0.5 });
 * }
 * await Deno.remove(path, { recursive: true });
 * ```
 */
export async function openRunDirectory(
  path: string,
  options: OpenRunDirectoryOptions,
): Promise<RunDirectory> {
  const { manifest, resume = false, now } = options;
  await checkFolder(path, resume);
  await Deno.mkdir(path, { recursive: true });
  const lock = await takeLock(path);
  try {
    // Only now is the content ours to judge: another process may have finished its work between the check and the lock.
    const found = await checkFolder(path, resume);
    const time = new Date(now()).toISOString();
    let current: RunManifest;
    if (found === "run") {
      current = await readManifest(path);
      if (current.withdrawn !== undefined) {
        refuse(
          "path",
          "a run from which nobody has withdrawn, as its weights have seen them",
          path,
        );
      }
      checkSame(current, manifest);
      const before = Array.isArray(current.resumed) ? current.resumed : [];
      current = { ...current, resumed: [...before, time] };
    } else {
      const head = { format: FORMAT, schema: RUN_SCHEMA, started: time };
      current = { ...head, ...manifest };
    }
    const write = () => writeJson(`${path}/${MANIFEST}`, current);
    await write();
    const metrics = await openMetricsLog(`${path}/metrics.jsonl`);

    return {
      path,
      resumed: found === "run",
      get manifest() {
        return current;
      },
      metrics,
      file: (...parts) => [path, ...parts].join("/"),
      async writeAtomic(name, content) {
        const target = `${path}/${name}`;
        await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), {
          recursive: true,
        });
        await writeAtomic(target, content);
        return target;
      },
      async updateManifest(fields) {
        current = { ...current, ...fields };
        await write();
      },
      async finish() {
        const finished = new Date(now()).toISOString();
        current = { ...current, finished };
        await write();
      },
      truncateMetrics: metrics.truncate,
      [Symbol.dispose]: () => lock.close(),
    };
  } catch (error) {
    lock.close();
    throw error;
  }
}

function writeJson(path: string, value: Json): Promise<void> {
  return writeAtomic(path, JSON.stringify(value, null, 2) + "\n");
}

async function checkFolder(
  path: string,
  resume: boolean,
): Promise<"empty" | "run"> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(path)) names.push(name);
  } catch (error) {
    if (error instanceof Deno.errors.NotADirectory) {
      refuse("path", "a folder", path);
    }
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    if (resume) refuse("path", "an earlier run to resume", path);
  }
  if (names.includes(MANIFEST)) {
    if (!resume) {
      refuse("path", "a new or empty folder, or a run to resume", path);
    }
    return "run";
  }
  // What a run killed in its first moments leaves counts as empty.
  const left = [LOCK, `${MANIFEST}.partial`];
  const foreign = names.find((name) => !left.includes(name));
  if (foreign !== undefined) {
    refuse("path", `an empty folder, not one that holds ${foreign}`, path);
  }
  return "empty";
}

async function takeLock(path: string): Promise<Deno.FsFile> {
  const file = await Deno.open(`${path}/${LOCK}`, {
    write: true,
    create: true,
  });
  if (await file.tryLock(true)) return file;
  file.close();
  return refuse("path", "a folder no other process uses", path);
}

async function readManifest(path: string): Promise<RunManifest> {
  const text = await Deno.readTextFile(`${path}/${MANIFEST}`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(
      `Cannot open a run directory as '${path}/${MANIFEST}' must be JSON: current value is ${
        text.slice(0, 40)
      }`,
      { cause },
    );
  }
}

function checkSame(found: RunManifest, wanted: RunManifest): void {
  if (found.format !== FORMAT || found.schema !== RUN_SCHEMA) {
    refuse(
      "manifest",
      `of format ${FORMAT} ${RUN_SCHEMA}`,
      `${found.format} ${found.schema}`,
    );
  }
  // Through JSON, as the one on disk went: undefined fields vanish.
  const asWritten = JSON.parse(JSON.stringify(wanted.configuration)) as Json;
  const path = findDifference(
    found.configuration,
    asWritten,
    "configuration",
  );
  if (path !== undefined) {
    refuse(
      path.name,
      `${path.left} as in the run to resume`,
      path.right,
    );
  }
}

/** Where two JSON values differ first, with both sides as text. */
interface Difference {
  name: string;
  left: string;
  right: string;
}

function findDifference(
  left: Json | undefined,
  right: Json | undefined,
  name: string,
): Difference | undefined {
  if (isRecord(left) && isRecord(right)) {
    const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
    for (const key of keys) {
      const at = Array.isArray(left) ? `${name}[${key}]` : `${name}.${key}`;
      const difference = findDifference(left[key], right[key], at);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  if (left === right) return undefined;
  const show = (value?: Json) => JSON.stringify(value) ?? "absent";
  return { name, left: show(left), right: show(right) };
}

// Arrays are compared as records of their indices.
function isRecord(value: Json | undefined): value is { [name: string]: Json } {
  return typeof value === "object" && value !== null;
}

function refuse(name: string, rule: string, value: string): never {
  throw new RangeError(
    `Cannot open a run directory as '${name}' must be ${rule}: current value is ${value}`,
  );
}

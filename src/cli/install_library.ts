/**
 * Puts one version of libtensorflow into the cache, whole or not at all.
 *
 * @module
 */
import { join } from "node:path";
import { kindOf, namesIn } from "../engine/tensorflow/folder.ts";
import { InstallError } from "./install_error.ts";
import { downloadWheel, type Python } from "./pip.ts";
import type { Progress } from "./progress.ts";
import { unpackLibrary } from "./wheel.ts";

/** Options of {@linkcode installLibrary}. */
export interface InstallLibraryOptions {
  /** Folder of the cache; made where it is missing. */
  cacheDir: string;
  /** Package to take the library from. */
  name: string;
  /** Its version. */
  version: string;
  /** Whether what another process has put there meanwhile will do. */
  isThere: () => boolean;
  /** Called when another process is at work here, once. */
  onWait?: () => void;
  /** Shows how far it is, in MB. */
  progress: (label: string, total: number) => Progress;
  /** Ends it, leaving the cache as it was. */
  signal?: AbortSignal;
}

/** Prefix of what is not finished; a version never starts so. */
const UNFINISHED = ".installing-";
/** System errors of a folder that cannot be made or written to. */
const UNWRITABLE = ["EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR", "EEXIST"];
/** Time between two looks at a growing file or a taken lock, in ms. */
const LOOK_INTERVAL = 300;

/**
 * Installs libtensorflow from its wheel into `<cacheDir>/<version>`: loaded,
 * unpacked and checked in a folder of its own, then renamed, so that nobody
 * ever sees half of it. Of several processes one works and the others wait.
 * What a killed process left is removed by the next.
 *
 * @param python Python with pip.
 * @param options Cache, package, display.
 * @throws {InstallError} If it cannot be had, or the cache not be written.
 *
 * @example
 * ```ts ignore
 * await installLibrary(python, {
 *   cacheDir: libraryCache()!,
 *   name: "tensorflow-cpu",
 *   version: "2.21.0",
 *   isThere: () => findLibrary().library !== undefined,
 *   progress: (label, total) => progress(label, total, { unit: "MB" }),
 * });
 * ```
 */
export async function installLibrary(
  python: Python,
  options: InstallLibraryOptions,
): Promise<void> {
  const { cacheDir, isThere, signal } = options;
  try {
    await Deno.mkdir(cacheDir, { recursive: true });
    using _lock = await lock(join(cacheDir, ".lock"), options);
    if (isThere()) return;
    for (const name of namesIn(cacheDir)) {
      if (name.startsWith(UNFINISHED)) await remove(join(cacheDir, name));
    }
    const folder = join(cacheDir, UNFINISHED + crypto.randomUUID());
    try {
      await install(python, folder, options);
    } finally {
      await remove(folder);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (UNWRITABLE.includes((error as { code?: string }).code ?? "")) {
      throw new InstallError(
        "cache",
        `be a folder to write in: current value is '${cacheDir}'`,
      );
    }
    throw error;
  }
}

async function install(
  python: Python,
  folder: string,
  options: InstallLibraryOptions,
): Promise<void> {
  const { cacheDir, name, version, signal } = options;
  const [download, ready] = [join(folder, "download"), join(folder, "ready")];
  await Deno.mkdir(download, { recursive: true });
  await Deno.mkdir(ready);
  const file = await watched(
    download,
    "Download",
    options,
    (onSize) =>
      downloadWheel(python, {
        name,
        version,
        folder: download,
        onSize,
        signal,
      }),
  );
  const wheel = join(download, file);
  const unpacked = await watched(
    ready,
    "Unpack",
    options,
    (onSize) => unpackLibrary(python, { wheel, folder: ready, onSize, signal }),
  );
  const record = { schema: 1, package: name, wheel: file, ...unpacked };
  await Deno.writeTextFile(
    join(ready, "installed.json"),
    JSON.stringify(record, null, 2) + "\n",
  );
  signal?.throwIfAborted();
  const place = join(cacheDir, version);
  // What is there already is no whole library, or this would not have begun.
  if (kindOf(place)) await Deno.rename(place, join(folder, "replaced"));
  await Deno.rename(ready, place);
}

/** Shows the growth of a folder while some work fills it. */
async function watched<T>(
  folder: string,
  label: string,
  options: InstallLibraryOptions,
  work: (onSize: (megabytes: number) => void) => Promise<T>,
): Promise<T> {
  let total = Infinity;
  let display = options.progress(label, 0);
  // pip keeps a second copy for a moment while it moves a file into place.
  const size = () => Math.round(Math.min(sizeOf(folder) / 1e6, total));
  const timer = setInterval(() => display.update(size()), LOOK_INTERVAL);
  try {
    const result = await work((megabytes) => {
      total = megabytes;
      display = options.progress(label, Math.round(total));
    });
    display.done(`${size()} MB`);
    return result;
  } finally {
    clearInterval(timer);
  }
}

function sizeOf(folder: string): number {
  let bytes = 0;
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    try {
      const info = Deno.statSync(path);
      bytes += info.isDirectory ? sizeOf(path) : info.size;
    } catch {
      // A temporary file that is gone again has no size.
    }
  }
  return bytes;
}

/** Waits until no other process holds the lock; it ends with the process. */
async function lock(
  path: string,
  { onWait, signal }: InstallLibraryOptions,
): Promise<Disposable> {
  const file = await Deno.open(path, { create: true, write: true });
  try {
    for (let tries = 0; !await file.tryLock(true); tries++) {
      if (tries === 0) onWait?.();
      await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL));
      signal?.throwIfAborted();
    }
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

async function remove(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

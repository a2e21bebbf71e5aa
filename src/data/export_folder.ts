/**
 * The folder in which an export grows until it is whole.
 *
 * @module
 */
import { digestBytes, writeAtomic } from "../core/mod.ts";
import type { ManifestRow } from "./synthetic_image.ts";

/** An export under way. Dispose it (`using`) to release the folder. */
export interface ExportFolder {
  /** Where the image files are put, as the rows' `path` says. */
  readonly images: string;
  /** Where the data set is put together. */
  readonly dataset: string;
  /** What was written before, and is still whole. */
  readonly done: readonly ManifestRow[];
  /** Writes an image and then notes that it is there. */
  add(row: ManifestRow, bytes: Uint8Array): Promise<void>;
  /** Puts the data set in its place and removes what is left. */
  publish(): Promise<void>;
  /** Releases the folder. */
  [Symbol.dispose](): void;
}

/** Options of {@linkcode openExportFolder}. */
export interface ExportFolderOptions {
  /** Whether images are packed, and so not put into the data set one by one. */
  packed: boolean;
  /** All that decides the content; work under another is not gone on with. */
  configuration: { readonly [name: string]: unknown };
}

/**
 * Opens the folder `<out>.partial`, new or left by an export that was interrupted.
 *
 * A journal notes every image after it was written, with its fingerprint; what does not agree with it is made anew.
 *
 * @param out Where the data set will be: nothing, or an empty folder.
 * @param options What will be in it.
 * @returns The folder. To be disposed by the caller.
 * @throws {RangeError} If there is something at `out`, another process exports to it, or an interrupted export had another
 *   configuration (the first differing field is named).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openExportFolder } from "./export_folder.ts";
 *
 * const out = `${await Deno.makeTempDir()}/faces`;
 * using folder = await openExportFolder(out, {
 *   packed: false,
 *   configuration: { seed: 1 },
 * });
 * assertEquals(folder.done, []);
 * await folder.publish();
 * await Deno.remove(out, { recursive: true });
 * ```
 */
export async function openExportFolder(
  out: string,
  options: ExportFolderOptions,
): Promise<ExportFolder> {
  const root = out.replace(/(?<=.)\/+$/, "");
  const partial = `${root}.partial`;
  const dataset = `${partial}/dataset`;
  const images = options.packed ? `${partial}/images` : dataset;
  await checkFree(root);
  await Deno.mkdir(images, { recursive: true });
  const lock = await Deno.open(`${partial}/.lock`, {
    write: true,
    create: true,
  });
  let journal: Deno.FsFile | undefined;
  try {
    if (!await lock.tryLock(true)) {
      refuse("out", "a folder no other process exports to", root);
    }
    await checkSame(`${partial}/configuration.json`, options.configuration);
    if (options.packed) {
      // Containers that were begun are written anew, perhaps fewer of them.
      await removeIfThere(dataset);
      await Deno.mkdir(dataset);
    }
    const notes = `${partial}/journal.jsonl`;
    const done = await readJournal(notes, images);
    // Without what is no longer true, and without half a line.
    await Deno.writeTextFile(notes, done.map(lineOf).join(""));
    journal = await Deno.open(notes, { append: true });
    const folders = new Set<string>();
    return {
      images,
      dataset,
      done,
      async add(row, bytes) {
        const path = `${images}/${row.path}`;
        const folder = path.slice(0, path.lastIndexOf("/"));
        if (!folders.has(folder)) {
          await Deno.mkdir(folder, { recursive: true });
          folders.add(folder);
        }
        await Deno.writeFile(path, bytes);
        const line = new TextEncoder().encode(lineOf(row));
        for (let at = 0; at < line.length;) {
          at += journal!.writeSync(line.subarray(at));
        }
      },
      async publish() {
        await checkFree(root);
        // An empty folder would be in the way on some systems.
        await Deno.remove(root).catch(() => {});
        await Deno.rename(dataset, root);
        await Deno.remove(partial, { recursive: true });
      },
      [Symbol.dispose]() {
        journal!.close();
        lock.close();
      },
    };
  } catch (error) {
    journal?.close();
    lock.close();
    throw error;
  }
}

async function checkFree(out: string): Promise<void> {
  try {
    for await (const { name } of Deno.readDir(out)) {
      refuse("out", `a new or empty folder, not one that holds ${name}`, out);
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotADirectory) {
      refuse("out", "a folder", out);
    }
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function checkSame(
  path: string,
  configuration: { readonly [name: string]: unknown },
): Promise<void> {
  const before = await readIfThere(path);
  const now = JSON.stringify(configuration);
  if (before === undefined) return await writeAtomic(path, now);
  if (before === now) return;
  const [old, wanted] = [before, now].map((text) =>
    JSON.parse(text) as { [name: string]: unknown }
  );
  const name = Object.keys(wanted).find((key) =>
    JSON.stringify(old[key]) !== JSON.stringify(wanted[key])
  );
  refuse(
    name ?? "configuration",
    `as in the export that was interrupted, ${
      JSON.stringify(name && old[name])
    } (or the folder ${path.slice(0, path.lastIndexOf("/"))} removed)`,
    JSON.stringify(name && wanted[name]),
  );
}

async function readJournal(
  path: string,
  images: string,
): Promise<ManifestRow[]> {
  const rows = new Map<string, ManifestRow>();
  for (const line of (await readIfThere(path) ?? "").split("\n")) {
    try {
      const row = JSON.parse(line) as ManifestRow;
      const bytes = await Deno.readFile(`${images}/${row.path}`);
      if (digestBytes(bytes) === row.sha256) rows.set(row.path, row);
    } catch {
      continue; // half a line, or a file that is gone: the image is made anew
    }
  }
  return [...rows.values()];
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function removeIfThere(folder: string): Promise<void> {
  try {
    await Deno.remove(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function lineOf(row: ManifestRow): string {
  return JSON.stringify(row) + "\n";
}

function refuse(name: string, rule: string, value: string): never {
  throw new RangeError(
    `Cannot export images as '${name}' must be ${rule}: current value is ${value}`,
  );
}
